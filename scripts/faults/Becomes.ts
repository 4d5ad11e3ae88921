import { type Duration, Effect } from "effect"
import { eventually } from "../../packages/testing/src/Eventually.ts"

/** Whether the answer gets right within `limit`; not where asking fails. */
export const becomes = <A, E, R>(
  question: Effect.Effect<A, E, R>,
  right: (answer: A) => boolean,
  limit: Duration.DurationInput,
): Effect.Effect<boolean, never, R> =>
  eventually(question, right, limit).pipe(
    Effect.as(true),
    Effect.catchAllCause(() => Effect.succeed(false)),
  )
