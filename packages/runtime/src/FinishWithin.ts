import { type Duration, Effect, Fiber, type Scope } from "effect"

/**
 * Lets an effect that is under way finish when it is interrupted, for at most a while, and interrupts it only then: for
 * work that would otherwise be done twice. It stays interruptible, unlike in `Effect.uninterruptible`, so that its own
 * time limits hold.
 *
 * @param limit how long an interruption waits
 */
export const finishWithin =
  (limit: Duration.DurationInput) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, Exclude<R, Scope.Scope>> =>
    // Forked into a scope: a child would be interrupted together with the fiber that waits for it.
    Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(Effect.forkScoped(Effect.interruptible(effect)), (fiber) =>
        restore(Fiber.join(fiber)).pipe(
          Effect.onInterrupt(() => Fiber.await(fiber).pipe(Effect.interruptible, Effect.timeoutOption(limit))),
        ),
      ),
    ).pipe(Effect.scoped)
