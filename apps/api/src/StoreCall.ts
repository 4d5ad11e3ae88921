import { MonitorNotFound, ServiceUnavailable } from "@uptime/contract/ApiErrors"
import type * as Errors from "@uptime/domain/Errors"
import { StoreError } from "@uptime/persistence/StoreError"
import { Duration, Effect, Exit, FiberId } from "effect"

/** How long a request waits for the database before it is told to come back. */
export const storeLimit = Duration.millis(2500)

/** When it should come back, in seconds. */
const comeBackAfter = 5

/**
 * A call of the database on behalf of a request: one that is away, busy or slow is `ServiceUnavailable` within 2.5 s; one
 * that refuses what we say is a fault of ours, and a defect.
 *
 * @param limit how long it may take; a call that deletes much needs more
 */
export const storeCall = <A, E, R>(
  call: Effect.Effect<A, E, R>,
  limit: Duration.Duration = storeLimit,
): Effect.Effect<A, Exclude<E, StoreError> | ServiceUnavailable, R> =>
  withLimit(call, limit).pipe(
    Effect.catchIf(
      (error) => error instanceof StoreError,
      (error) =>
        error.reason === "data" || error.reason === "bug"
          ? Effect.die(error)
          : Effect.zipRight(
              Effect.logDebug(error.message, error.cause),
              Effect.fail(ServiceUnavailable.after(comeBackAfter)),
            ),
    ),
  )

const timedOut = Exit.fail(
  new StoreError({ reason: "unavailable", operation: "storeCall", cause: "no answer in time" }),
)

/**
 * A call, or `timedOut` where it takes longer. As `Effect.disconnect` under `Effect.timeoutFail`, at half their price, which
 * every request pays twice: nothing that the call set for its own fiber is looked for and handed on.
 */
const withLimit = <A, E, R>(
  call: Effect.Effect<A, E, R>,
  limit: Duration.Duration,
): Effect.Effect<A, E | StoreError, R> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.zip(
      Effect.forkDaemon(Effect.interruptible(call)),
      Effect.forkDaemon(Effect.interruptible(Effect.sleep(limit))),
    ).pipe(
      Effect.flatMap(([called, limited]) =>
        restore(
          Effect.async<A, E | StoreError>((resume) => {
            called.addObserver(resume)
            limited.addObserver(() => resume(timedOut))
          }),
        ).pipe(
          // A query is cancelled through the very database that does not answer: not to be waited for.
          Effect.onExit(() =>
            Effect.sync(() => {
              called.unsafeInterruptAsFork(FiberId.none)
              limited.unsafeInterruptAsFork(FiberId.none)
            }),
          ),
        ),
      ),
    ),
  )

/** The same for a call that names a monitor: a foreign one and an unknown one are answered alike, to the byte. */
export const ownedCall = <A>(
  call: Effect.Effect<A, Errors.MonitorNotFound | StoreError>,
  limit?: Duration.Duration,
): Effect.Effect<A, MonitorNotFound | ServiceUnavailable> =>
  Effect.catchTag(storeCall(call, limit), "MonitorNotFound", () => MonitorNotFound.create())
