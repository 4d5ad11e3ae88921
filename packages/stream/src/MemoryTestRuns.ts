import type { CheckSpec } from "@uptime/domain/CheckSpec"
import type { Region } from "@uptime/domain/Region"
import type { TestRunResult } from "@uptime/domain/TestRun"
import { Clock, Deferred, Effect, Exit, FiberId, Layer, Option } from "effect"
import { awaitAnswer } from "./AwaitAnswer.ts"
import { maxWaitingRuns, NotTested, type TakenRun, TestRuns, takeWaitMs } from "./TestRuns.ts"

/** A run that no worker took. */
interface WaitingRun {
  readonly spec: CheckSpec
  readonly answer: Deferred.Deferred<TestRunResult>
}

/** The workers of a region, of which there is at least one, and what waits for them. */
interface Workers {
  count: number
  readonly waiting: Array<WaitingRun>
  /** Done when something begins to wait. */
  arrival: Deferred.Deferred<void>
}

/** Test runs within this process, for one that is alone. Time is Effect's clock. */
export const layer: Layer.Layer<TestRuns> = Layer.sync(TestRuns, () => {
  const regions = new Map<Region, Workers>()

  const join = (region: Region): Workers => {
    const workers = regions.get(region) ?? { count: 0, waiting: [], arrival: Deferred.unsafeMake<void>(FiberId.none) }
    regions.set(region, workers)
    workers.count++
    return workers
  }

  const leave = (region: Region, workers: Workers): void => {
    workers.count--
    if (workers.count === 0) regions.delete(region)
  }

  return TestRuns.of({
    ask: (region, spec) =>
      Effect.suspend(() => {
        const workers = regions.get(region)
        if (workers === undefined) return new NotTested({ reason: "absent" })
        const { waiting } = workers
        if (waiting.length >= maxWaitingRuns) return new NotTested({ reason: "busy" })
        const run: WaitingRun = { spec, answer: Deferred.unsafeMake(FiberId.none) }
        waiting.push(run)
        Deferred.unsafeDone(workers.arrival, Exit.void)
        workers.arrival = Deferred.unsafeMake(FiberId.none)
        const withdraw = Effect.sync(() => {
          const at = waiting.indexOf(run)
          if (at >= 0) waiting.splice(at, 1)
          return at >= 0
        })
        return awaitAnswer(spec.timeoutMs, run.answer, withdraw)
      }),

    worker: (region) =>
      Effect.map(
        Effect.acquireRelease(
          Effect.sync(() => join(region)),
          (workers) => Effect.sync(() => leave(region, workers)),
        ),
        (workers) => ({ take: take(workers) }),
      ),
  })
})

const take = Effect.fnUntraced(function* (workers: Workers): Effect.fn.Return<Option.Option<TakenRun>> {
  const until = (yield* Clock.currentTimeMillis) + takeWaitMs
  while (true) {
    const run = workers.waiting.shift()
    if (run !== undefined) {
      return Option.some({ spec: run.spec, answer: (result) => Effect.asVoid(Deferred.succeed(run.answer, result)) })
    }
    const left = until - (yield* Clock.currentTimeMillis)
    if (left <= 0) return Option.none()
    // Looked at again after the clock was: something may have come meanwhile.
    if (workers.waiting.length === 0) yield* Effect.timeoutOption(Deferred.await(workers.arrival), left)
  }
})
