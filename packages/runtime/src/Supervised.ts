import { Cause, Clock, Duration, Effect, Exit, type Fiber, Metric, Random, type Scope } from "effect"
import { Draining } from "./Draining.ts"
import { causeText } from "./FailureText.ts"
import { counter, gauge } from "./Metrics.ts"

/** How a supervised loop goes round. */
export interface SupervisedOptions {
  /**
   * From the start of one round to the start of the next. A round that takes longer is followed by the next at once, and
   * what was missed is not made up for. Left out: always at once.
   */
  readonly every?: Duration.DurationInput
  /** The longest wait after failures. Left out: 30 s. */
  readonly maxBackoff?: Duration.DurationInput
}

/** The wait after the first failure of a streak, doubled with each more, and the longest where none is said, in milliseconds. */
const firstBackoffMs = 250
const maxBackoffMs = 30_000

const failures = counter("uptime_loop_failures_total", "Rounds of a supervised loop that failed.")
const lastSuccess = gauge(
  "uptime_loop_last_success_timestamp_seconds",
  "When a supervised loop last finished a round without failing, in seconds since the epoch.",
)

/**
 * Runs an effect again and again until its scope closes, whatever happens in it: a failure, a defect or an interruption
 * from within ends the round, not the loop. Failed rounds are followed by a wait that grows from 250 ms to `maxBackoff`,
 * with jitter. The first failure of a streak is logged, and its end; those in between are counted
 * (`uptime_loop_failures_total`). Rounds are not traced.
 *
 * @param name the loop's name in logs and metrics, unique within the process and one of a bounded set
 */
export const supervised = Effect.fnUntraced(function* <A, E, R>(
  name: string,
  round: Effect.Effect<A, E, R>,
  options: SupervisedOptions = {},
): Effect.fn.Return<Fiber.RuntimeFiber<never>, never, R | Scope.Scope> {
  const draining = yield* Draining
  yield* draining.track(`loop ${name}`)
  return yield* Effect.forkScoped(
    loop(
      name,
      round,
      Duration.toMillis(options.every ?? Duration.zero),
      Duration.toMillis(options.maxBackoff ?? maxBackoffMs),
    ),
  )
})

const loop = <A, E, R>(
  name: string,
  round: Effect.Effect<A, E, R>,
  everyMs: number,
  longestMs: number,
): Effect.Effect<never, never, R> => {
  const failed = Metric.tagged(failures, "loop", name)
  const succeeded = Metric.tagged(lastSuccess, "loop", name)
  return Effect.gen(function* () {
    // Present from the start, so that an alert on its rise has something to rise from.
    failed.unsafeUpdate(0, [])
    let streak = 0
    let streakBegan = 0
    while (true) {
      const began = yield* Clock.currentTimeMillis
      const exit = yield* Effect.exit(round)
      const now = yield* Clock.currentTimeMillis
      if (Exit.isSuccess(exit)) {
        succeeded.unsafeUpdate(now / 1000, [])
        if (streak > 0) {
          yield* Effect.logInfo(`loop ${name} works again`).pipe(
            Effect.annotateLogs({ failures: streak, afterMs: now - streakBegan }),
          )
          streak = 0
        }
        const wait = began + everyMs - now
        yield* wait > 0 ? Effect.sleep(wait) : Effect.yieldNow()
        continue
      }
      failed.unsafeUpdate(1, [])
      streak++
      if (streak === 1) {
        streakBegan = now
        yield* logFailure(name, exit.cause)
      }
      const jitter = yield* Random.nextRange(0.8, 1.2)
      // In whole milliseconds: a clock of tests that stands within one has no nanoseconds to tell, and fails who asks for them.
      yield* Effect.sleep(Math.min(longestMs, Math.round(firstBackoffMs * 2 ** Math.min(streak - 1, 16) * jitter)))
    }
  }).pipe(Effect.withTracerEnabled(false), Effect.annotateLogs({ loop: name }), Effect.interruptible)
}

/** An expected failure is one line; a defect, which is a bug of ours, comes with its stack. */
const logFailure = (name: string, cause: Cause.Cause<unknown>): Effect.Effect<void> =>
  Cause.isDie(cause)
    ? Effect.logError(`loop ${name} failed by a defect and goes on`, cause)
    : Effect.logWarning(`loop ${name} failed and tries again: ${causeText(cause)}`)
