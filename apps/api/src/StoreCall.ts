import { MonitorNotFound, ServiceUnavailable } from "@uptime/contract/ApiErrors"
import type * as Errors from "@uptime/domain/Errors"
import { StoreError } from "@uptime/persistence/StoreError"
import { Duration, Effect, Exit, FiberId, Runtime } from "effect"
import { Deadlines } from "./Deadlines.ts"

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
 * A call, or `timedOut` where it takes longer. As `Effect.disconnect` under `Effect.timeoutFail`, at less than half their
 * price, which every request pays twice: one fiber for the call, begun at once, and none for the time.
 */
const withLimit = <A, E, R>(
  call: Effect.Effect<A, E, R>,
  limit: Duration.Duration,
): Effect.Effect<A, E | StoreError, R> =>
  Effect.flatMap(Effect.zip(Effect.runtime<R>(), Deadlines.of(limit)), ([runtime, deadlines]) =>
    Effect.async<A, E | StoreError>((resume) => {
      // A query is cancelled through the very database that does not answer: not to be waited for.
      const giveUp = () => called.unsafeInterruptAsFork(FiberId.none)
      const end = deadlines.begin(() => {
        resume(timedOut)
        giveUp()
      })
      const called = Runtime.runFork(runtime, Effect.interruptible(call))
      called.addObserver((exit) => {
        end()
        resume(exit)
      })
      return Effect.sync(() => {
        end()
        giveUp()
      })
    }),
  )

/** The same for a call that names a monitor: a foreign one and an unknown one are answered alike, to the byte. */
export const ownedCall = <A>(
  call: Effect.Effect<A, Errors.MonitorNotFound | StoreError>,
  limit?: Duration.Duration,
): Effect.Effect<A, MonitorNotFound | ServiceUnavailable> =>
  Effect.catchTag(storeCall(call, limit), "MonitorNotFound", () => MonitorNotFound.create())
