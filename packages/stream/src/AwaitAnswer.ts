import type { TestRunResult } from "@uptime/domain/TestRun"
import { Deferred, Effect, Option } from "effect"
import { answerGraceMs, NotTested, startWithinMs } from "./TestRuns.ts"

/**
 * Waits for the answer to a test run that was placed: until a free worker should have taken it, and then for as long as the
 * check may take.
 *
 * @param timeoutMs the check's own deadline
 * @param withdraw takes the run back if no worker took it; whether it did
 */
export const awaitAnswer = <E>(
  timeoutMs: number,
  answer: Deferred.Deferred<TestRunResult>,
  withdraw: Effect.Effect<boolean, E>,
): Effect.Effect<TestRunResult, NotTested | E> =>
  Effect.gen(function* () {
    const prompt = yield* Effect.timeoutOption(Deferred.await(answer), startWithinMs)
    if (Option.isSome(prompt)) return prompt.value
    if (yield* withdraw) return yield* new NotTested({ reason: "busy" })
    const later = yield* Effect.timeoutOption(Deferred.await(answer), timeoutMs + answerGraceMs)
    return Option.isSome(later) ? later.value : yield* new NotTested({ reason: "late" })
  }).pipe(Effect.onInterrupt(() => Effect.ignore(withdraw)))
