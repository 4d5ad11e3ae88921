import { DueMonitors } from "@uptime/persistence/DueMonitors"
import { finishWithin } from "@uptime/runtime/FinishWithin"
import { supervised } from "@uptime/runtime/Supervised"
import { CheckStream } from "@uptime/stream/CheckStream"
import { Array as Arr, Clock, Effect, Metric, Ref } from "effect"
import * as ProducerMetrics from "./ProducerMetrics.ts"

/** The most monitors in one transaction. */
export const batchSize = 1000

/** The most batches of one tick; what is left is the next tick's, which then follows at once. */
export const maxBatchesPerTick = 50

/** How often due monitors are looked for. */
const tick = "1 second"

/** What is due for longer, in milliseconds, is what an outage left, and no busy moment. */
const outageMs = 10_000

/** Over how many ticks what an outage left is spread: its targets would all be asked in the same second. */
const spreadTicks = 10

/** A stream or a database that comes back is used again this soon: the next slots run within five seconds. */
const maxBackoff = "2 seconds"

/** How often a batch that met a deadlock or a lock time-out is tried again at once. */
const conflictRetries = 3

/** How long a batch may go on when the process stops, so that its jobs are not published again by another producer. */
const finishLimit = "3 seconds"

/**
 * The fiber that claims due monitors and puts their jobs on the stream, once a second, batch after batch until one is
 * not full. At the start and after a failure what is long due is spread over ten seconds, the longest due first. Where the
 * stream does not take the jobs, no monitor moves on, and none is locked until the stream answers again. Any number of
 * producers may do this at once.
 */
export const claimLoop = Effect.gen(function* () {
  const dueMonitors = yield* DueMonitors
  const stream = yield* CheckStream
  const healthy = yield* Ref.make(true)
  /** How many monitors each of the next ticks may claim; looked at anew after a failure. */
  const spread = yield* Ref.make<ReadonlyArray<number> | null>(null)

  const claimBatch = Effect.fnUntraced(function* (limit: number) {
    const began = yield* Clock.currentTimeMillis
    const report = yield* dueMonitors.claim(limit, stream.publish).pipe(
      Effect.retry({
        times: conflictRetries,
        while: (error) => error._tag === "StoreError" && error.reason === "conflict",
      }),
    )
    if (report.claimed > 0) {
      yield* Metric.incrementBy(ProducerMetrics.claimed, report.claimed)
      yield* Metric.incrementBy(ProducerMetrics.coalesced, report.coalesced)
      yield* Metric.update(ProducerMetrics.lateness, Math.max(0, report.maxLatenessMs) / 1000)
      yield* Metric.update(ProducerMetrics.batchDuration, ((yield* Clock.currentTimeMillis) - began) / 1000)
    }
    return report.claimed
  }, finishWithin(finishLimit))

  const whatOutageLeft = Effect.map(dueMonitors.backlog, ({ due, oldestMs, perSecond }) =>
    oldestMs > outageMs ? Arr.makeBy(spreadTicks, () => Math.ceil(due / spreadTicks + perSecond)) : [],
  )

  const claimAll = Effect.gen(function* () {
    // After a failure the stream is asked first: a claim that cannot publish would lock its monitors for nothing.
    if (!(yield* Ref.get(healthy))) yield* stream.ping
    const [now = batchSize * maxBatchesPerTick, ...later] = (yield* Ref.get(spread)) ?? (yield* whatOutageLeft)
    for (let left = now; left > 0; ) {
      const limit = Math.min(batchSize, left)
      const claimed = yield* claimBatch(limit)
      left = claimed < limit ? 0 : left - claimed
    }
    yield* Ref.set(spread, later)
    yield* Ref.set(healthy, true)
  }).pipe(Effect.tapErrorCause(() => Effect.zipRight(Ref.set(healthy, false), Ref.set(spread, null))))

  yield* supervised("claim", claimAll, { every: tick, maxBackoff })
})
