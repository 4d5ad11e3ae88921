import { unmeasured } from "@uptime/domain/Result"
import { type Delivery, maxDeliveries } from "@uptime/stream/CheckStream"
import { Clock, Effect, Metric } from "effect"
import type { StartChecks } from "./Checks.ts"
import { maxTakeOver, reclaimEveryMs, reclaimIdleMs, suspectDeliveries, type WorkerContext } from "./WorkerContext.ts"

/**
 * One turn of the reclaimer: takes over entries that a dead worker left pending for 30 s, within the same concurrency as
 * reading, until none is left. It rests while the database is away: what waits to be stored there is nobody's to run again.
 *
 * A job handed out too often is given up: it is on `dead:{region}`, and its slot is stored as `Unknown`.
 */
export const reclaimOnce = Effect.fnUntraced(function* (context: WorkerContext, start: StartChecks) {
  yield* Effect.sleep(reclaimEveryMs)
  while (true) {
    yield* context.holdings.until(() => context.holdings.free > 0)
    const { more, suspects } = yield* Effect.uninterruptible(takeOver(context, start))
    if (suspects.length > 0) yield* runAlone(context, start, suspects)
    if (!more) return
  }
})

/** Takes entries over and starts them; gives those that must run alone, and whether there may be more. */
const takeOver = (context: WorkerContext, start: StartChecks) => {
  const { consumer, holdings, metrics } = context
  return Effect.acquireUseRelease(
    Effect.sync(() => holdings.reserve(maxTakeOver)),
    Effect.fnUntraced(function* (places) {
      if (places === 0) return { more: true, suspects: [] }
      const { dead, deliveries } = yield* consumer.reclaim(places, reclaimIdleMs)
      if (deliveries.length > 0) yield* Metric.incrementBy(metrics.reclaimed, deliveries.length)
      yield* giveUp(context, dead)
      yield* start(deliveries.filter((delivery) => delivery.deliveries < suspectDeliveries))
      return {
        more: deliveries.length === places,
        suspects: deliveries.filter((delivery) => delivery.deliveries >= suspectDeliveries),
      }
    }),
    (places) => Effect.sync(() => holdings.release(places)),
  )
}

/** Accounts for the slots of jobs that were set aside. */
const giveUp = Effect.fnUntraced(function* (
  { holdings, metrics, region }: WorkerContext,
  dead: ReadonlyArray<Delivery>,
) {
  if (dead.length === 0) return
  const now = yield* Clock.currentTimeMillis
  const message = `Given up: handed out ${maxDeliveries} times, and no worker finished it.`
  for (const { job } of dead) {
    holdings.addDetached(job.spec.kind, {
      monitorId: job.monitorId,
      region,
      slot: job.slot,
      checkedAt: now,
      outcome: unmeasured("internal", message),
    })
  }
  yield* Metric.incrementBy(metrics.dead("deliveries"), dead.length)
  yield* Effect.logError("jobs were handed out too often and are set aside").pipe(
    Effect.annotateLogs({ jobs: dead.length, first: dead[0]?.job.monitorId }),
  )
})

/**
 * Runs jobs that may kill their worker one at a time and with nothing else in flight: no neighbour dies with them. Until
 * its turn each is held, and so kept fresh; one whose turn does not come stays pending on the stream.
 */
const runAlone = ({ holdings }: WorkerContext, start: StartChecks, suspects: ReadonlyArray<Delivery>) =>
  Effect.acquireUseRelease(
    Effect.sync(() => holdings.beginExclusive(suspects)),
    () =>
      Effect.forEach(
        suspects,
        (suspect) =>
          holdings
            .until(() => holdings.quiet)
            .pipe(Effect.zipRight(start([suspect])), Effect.zipRight(holdings.until(() => holdings.quiet))),
        { discard: true },
      ),
    () => Effect.sync(() => holdings.endExclusive()),
  )
