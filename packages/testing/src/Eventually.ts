import { Duration, Effect, Schedule } from "effect"

/**
 * Asks again every 50 ms until the answer is right, in real time; dies with the last answer when it is not within `limit`.
 */
export const eventually = <A, E, R>(
  question: Effect.Effect<A, E, R>,
  right: (answer: A) => boolean,
  limit: Duration.DurationInput,
): Effect.Effect<A, E, R> =>
  Effect.suspend(() => {
    let last: A | undefined
    return question.pipe(
      Effect.tap((answer) => {
        last = answer
      }),
      Effect.repeat({ until: right, schedule: Schedule.spaced("50 millis") }),
      Effect.timeoutOption(limit),
      Effect.flatMap(() =>
        last !== undefined && right(last)
          ? Effect.succeed(last)
          : Effect.dieMessage(`not so within ${Duration.format(limit)}; the last answer: ${JSON.stringify(last)}`),
      ),
    )
  })
