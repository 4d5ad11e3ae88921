import { ResultStore, type StoreReport } from "@uptime/persistence/ResultStore"
import type { StoreError } from "@uptime/persistence/StoreError"
import type { StreamError } from "@uptime/stream/CheckStream"
import { Events, type ResultKey } from "@uptime/stream/Events"
import { Duration, Effect, Metric } from "effect"
import type { WaitingResult } from "./Holdings.ts"
import { batchWaitMs, type WorkerContext } from "./WorkerContext.ts"

/**
 * One turn of the storer: gathers a batch (500 rows, or what came within 500 ms), stores it, and hands its entries on to be
 * acknowledged. When it fails the batch stays where it was, and the same rows are given again: storing is idempotent.
 */
export const storeOnce = Effect.fnUntraced(function* (context: WorkerContext) {
  const { holdings } = context
  yield* holdings.someWaiting
  // A job that runs alone has no company to wait for, and many others wait for it.
  if (!holdings.isExclusive) yield* Effect.raceFirst(holdings.batchWaiting, Effect.sleep(batchWaitMs))
  yield* storeNow(context)
})

/** Stores what waits, at most a batch, without gathering more. */
export const storeNow = Effect.fnUntraced(function* (
  context: WorkerContext,
): Effect.fn.Return<void, StoreError | StreamError, Events | ResultStore> {
  const { holdings, metrics } = context
  const store = yield* ResultStore
  const events = yield* Events
  const batch = holdings.nextBatch()
  if (batch.length === 0) return
  const [duration, report] = yield* store.insert(batch.map(({ result }) => result)).pipe(
    Effect.timed,
    Effect.tapError(() => Effect.sync(() => holdings.notCommitted())),
  )
  yield* setAsideRejected(context, batch, report)
  holdings.committed(batch.length)
  if (report.inserted > 0) {
    const keys = batch.map(({ result }): ResultKey => [result.monitorId, result.region, result.slot])
    yield* events.publish({ _tag: "Results", keys })
  }
  metrics.observe(batch)
  yield* Metric.update(metrics.insertDuration, Duration.toSeconds(duration))
  yield* Metric.incrementBy(metrics.rows("inserted"), report.inserted)
  yield* Metric.incrementBy(metrics.rows("duplicate"), report.duplicates)
  yield* Metric.incrementBy(metrics.rows("dropped"), report.dropped)
  yield* Metric.incrementBy(metrics.rows("rejected"), report.rejected.length)
})

/** A row that the database refuses would be refused for ever: its job goes aside with the reason, its neighbours are stored. */
const setAsideRejected = (
  { consumer, holdings, metrics }: WorkerContext,
  batch: ReadonlyArray<WaitingResult>,
  report: StoreReport,
) =>
  Effect.forEach(
    report.rejected,
    ({ reason, result }) => {
      const held = batch.find((waiting) => waiting.result === result)?.held ?? null
      if (held === null) return Effect.void
      return Effect.logError("a result was refused by the database; its job is set aside").pipe(
        Effect.annotateLogs({ monitorId: result.monitorId, slot: result.slot, reason }),
        Effect.zipRight(consumer.setAside([held.delivery], "rejected", reason)),
        Effect.zipRight(Effect.sync(() => holdings.forget(held))),
        Effect.zipRight(Metric.increment(metrics.dead("rejected"))),
      )
    },
    { discard: true },
  )
