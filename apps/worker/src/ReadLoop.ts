import { Effect } from "effect"
import type { StartChecks } from "./Checks.ts"
import type { WorkerContext } from "./WorkerContext.ts"

/**
 * One turn of the reader: waits for free places, reads as many new entries as there are, and starts them. It does not
 * read while the database is away or while a suspect runs alone.
 *
 * Where every place is taken it waits for an eighth of them, at most 50 ms: one read per finished check would cost more
 * than the checks.
 */
export const readOnce = ({ consumer, holdings }: WorkerContext, start: StartChecks, concurrency: number) => {
  const quantum = Math.max(1, Math.floor(concurrency / 8))
  return Effect.gen(function* () {
    yield* holdings.until(() => holdings.free > 0)
    if (holdings.free < quantum) {
      yield* Effect.raceFirst(
        holdings.until(() => holdings.free >= quantum),
        Effect.sleep("50 millis"),
      )
    }
    if (holdings.free === 0) return
    yield* Effect.acquireUseRelease(
      Effect.sync(() => holdings.reserve(concurrency)),
      (places) => (places === 0 ? Effect.void : Effect.flatMap(consumer.read(places), start)),
      (places) => Effect.sync(() => holdings.release(places)),
    ).pipe(Effect.uninterruptible)
  })
}
