import { type SqlClient, TransactionConnection } from "@effect/sql/SqlClient"
import { SqlError } from "@effect/sql/SqlError"
import { Cause, Effect, Option, ParseResult, Schedule } from "effect"
import { reasonOf } from "./SqlState.ts"
import { StoreError } from "./StoreError.ts"

/** What queries and the decoding of their rows fail with. */
export type SqlFailure = SqlError | ParseResult.ParseError

/**
 * Turns the failures of queries into a `StoreError` with its reason; a row that does not decode is a `bug`. Other errors
 * pass. A connection that is lost at `COMMIT` or `ROLLBACK` is a defect of the client's, and counts as a failure here.
 *
 * @param operation what was asked, for the message: `Service.method`
 */
export const failAs =
  (operation: string) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, Exclude<E, SqlFailure> | StoreError, R> =>
    Effect.catchAllCause(effect, (cause) => Effect.failCause(withReason(operation, cause)))

/**
 * Runs an effect in a transaction, or in a savepoint of the one around it, with its failures as by `failAs`. Conflicts
 * (deadlock, lock time-out, serialization) are tried again from the start, three times, after a short random wait: by the
 * outermost transaction, since one within it would keep the locks that the other side waits for.
 */
export const transaction =
  (sql: SqlClient, operation: string) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, Exclude<E, SqlFailure> | StoreError, R> =>
    Effect.flatMap(Effect.serviceOption(TransactionConnection), (around) => {
      const once = sql.withTransaction(effect).pipe(failAs(operation))
      return Option.isSome(around) ? once : retryConflicts(once)
    })

/** Tries again at once, three times at most, what failed by a conflict with another transaction. */
export const retryConflicts = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.retry(effect, {
    schedule: conflictSchedule,
    while: (error) => error instanceof StoreError && error.reason === "conflict",
  })

const conflictSchedule = Schedule.exponential("20 millis").pipe(
  Schedule.jittered,
  Schedule.intersect(Schedule.recurs(3)),
)

const withReason = <E>(operation: string, cause: Cause.Cause<E>): Cause.Cause<Exclude<E, SqlFailure> | StoreError> => {
  const failed = Cause.map(cause, (error): Exclude<E, SqlFailure> | StoreError =>
    isOther(error) ? error : storeError(operation, error),
  )
  // The first failure is what went wrong; a defect of the same transaction is only the roll-back that could not be sent.
  if (Option.isSome(Cause.failureOption(failed))) return onlyFailures(failed)
  const lost = Cause.find(failed, (part) =>
    part._tag === "Die" && part.defect instanceof SqlError ? Option.some(part.defect) : Option.none(),
  )
  return Option.isSome(lost) && !Cause.isInterrupted(cause) ? Cause.fail(storeError(operation, lost.value)) : failed
}

const onlyFailures = <E>(cause: Cause.Cause<E>): Cause.Cause<E> =>
  Cause.filter(cause, (part) => !(part._tag === "Die" && part.defect instanceof SqlError))

const storeError = (operation: string, cause: unknown): StoreError =>
  new StoreError({ reason: reasonOf(cause), operation, cause })

const isOther = <E>(error: E): error is Exclude<E, SqlFailure> =>
  !(error instanceof SqlError || ParseResult.isParseError(error))
