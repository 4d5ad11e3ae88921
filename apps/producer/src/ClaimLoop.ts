import { DueMonitors } from "@uptime/persistence/DueMonitors"
import { finishWithin } from "@uptime/runtime/FinishWithin"
import { supervised } from "@uptime/runtime/Supervised"
import { CheckStream } from "@uptime/stream/CheckStream"
import { Clock, Effect, Metric, Ref } from "effect"
import * as ProducerMetrics from "./ProducerMetrics.ts"

/** The most monitors in one transaction. */
export const batchSize = 1000

/** The most batches of one tick; what is left is the next tick's, which then follows at once. */
export const maxBatchesPerTick = 50

/** How often due monitors are looked for. */
const tick = "1 second"

/** A stream or a database that comes back is used again this soon: the next slots run within five seconds. */
const maxBackoff = "2 seconds"

/** How often a batch that met a deadlock or a lock time-out is tried again at once. */
const conflictRetries = 3

/** How long a batch may go on when the process stops, so that its jobs are not published again by another producer. */
const finishLimit = "3 seconds"

/**
 * The fiber that claims due monitors and puts their jobs on the stream, once a second, batch after batch until one is
 * not full. Where the stream does not take the jobs, no monitor moves on, and none is locked until the stream answers
 * again. Any number of producers may do this at once.
 */
export const claimLoop = Effect.gen(function* () {
  const dueMonitors = yield* DueMonitors
  const stream = yield* CheckStream
  const healthy = yield* Ref.make(true)

  const claimBatch = Effect.gen(function* () {
    const began = yield* Clock.currentTimeMillis
    const report = yield* dueMonitors.claim(batchSize, stream.publish).pipe(
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
  }).pipe(finishWithin(finishLimit))

  const claimAll = Effect.gen(function* () {
    // After a failure the stream is asked first: a claim that cannot publish would lock its monitors for nothing.
    if (!(yield* Ref.get(healthy))) yield* stream.ping
    for (let batch = 0; batch < maxBatchesPerTick; batch++) {
      if ((yield* claimBatch) < batchSize) break
    }
    yield* Ref.set(healthy, true)
  }).pipe(Effect.tapErrorCause(() => Ref.set(healthy, false)))

  yield* supervised("claim", claimAll, { every: tick, maxBackoff })
})
