import { Context, Deferred, Effect, FiberId, type Scope } from "effect"

/** What a stopping process does, and what it still has open. */
export interface DrainingService {
  /** Whether the process has been asked to stop. */
  readonly isDraining: Effect.Effect<boolean>
  /** Waits until the process is asked to stop: for streams and long polls that would otherwise go on. */
  readonly whenDraining: Effect.Effect<void>
  /** Says that the process was asked to stop. */
  readonly begin: Effect.Effect<void>
  /**
   * Names something that must end before the process does, for the line that says what was cut. Call it before
   * acquiring the thing itself: it counts as ended when the scope has released everything acquired later.
   */
  readonly track: (name: string) => Effect.Effect<void, never, Scope.Scope>
  /** The names that have not ended yet, in the order they began. */
  readonly open: Effect.Effect<ReadonlyArray<string>>
}

/** A fresh one; a process has one of its own, which it gets without asking for it. */
export const makeDraining = (): DrainingService => {
  const asked = Deferred.unsafeMake<void>(FiberId.none)
  const names = new Map<symbol, string>()
  return {
    isDraining: Deferred.isDone(asked),
    whenDraining: Deferred.await(asked),
    begin: Effect.asVoid(Deferred.succeed(asked, undefined)),
    track: (name) =>
      Effect.asVoid(
        Effect.acquireRelease(
          Effect.sync(() => {
            const key = Symbol(name)
            names.set(key, name)
            return key
          }),
          (key) => Effect.sync(() => names.delete(key)),
        ),
      ),
    open: Effect.sync(() => [...names.values()]),
  }
}

/** Whether the process is stopping: readiness and long streams look here, the runner says it. */
export class Draining extends Context.Reference<Draining>()("@uptime/runtime/Draining", {
  defaultValue: makeDraining,
}) {}
