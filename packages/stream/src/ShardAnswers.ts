import { Effect, Either } from "effect"
import type { StreamError } from "./CheckStream.ts"

/**
 * What those shards answered that are there. A shard that is away fails a call only if no other one answered: its
 * connection says so in the log, and what it has is asked for again. Any other failure is the call's.
 */
export const fromThoseThere = <A>(
  answers: ReadonlyArray<Either.Either<A, StreamError>>,
): Effect.Effect<ReadonlyArray<A>, StreamError> => {
  const there: Array<A> = []
  let failure: StreamError | null = null
  for (const answer of answers) {
    if (Either.isRight(answer)) there.push(answer.right)
    else if (failure === null || answer.left.reason !== "unavailable") failure = answer.left
  }
  return failure === null || (failure.reason === "unavailable" && there.length > 0) ? Effect.succeed(there) : failure
}
