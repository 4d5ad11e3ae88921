import { Clock, Effect, Metric } from "effect"
import { hangGraceMs, keepFreshEveryMs, type WorkerContext } from "./WorkerContext.ts"

/**
 * One turn of the heartbeat: entries in flight, whatever they wait for, are kept from the reclaimers, so that a slow target
 * or a database that is away makes nobody check a site twice. A worker that was frozen learns here what it lost.
 */
export const keepFreshOnce = Effect.fnUntraced(function* ({ consumer, holdings, metrics }: WorkerContext) {
  yield* Effect.sleep(keepFreshEveryMs)
  const ids = holdings.freshIds(yield* Clock.currentTimeMillis, hangGraceMs)
  if (ids.length === 0) return
  const lost = yield* consumer.keepFresh(ids)
  if (lost.length === 0) return
  holdings.markLost(lost)
  yield* Metric.incrementBy(metrics.lost, lost.length)
})
