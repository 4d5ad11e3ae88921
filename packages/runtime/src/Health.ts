import { Context, Duration, Effect, Fiber, Layer } from "effect"
import { Draining } from "./Draining.ts"

/** Whether the process can do its work, and what keeps it from it. */
export interface HealthReport {
  readonly ready: boolean
  /** The names of the checks that fail, in the order given; `draining` first when the process is stopping. */
  readonly failing: ReadonlyArray<string>
}

/** How long one check may take, and how long its answer holds. */
export const checkLimit = Duration.seconds(2)
export const checkTtl = Duration.seconds(1)

/** Whether the process is ready for work. */
export class Health extends Context.Tag("@uptime/runtime/Health")<
  Health,
  {
    /** Runs all checks at once, each within 2 s. Asked more often than once a second, it answers from memory. */
    readonly report: Effect.Effect<HealthReport>
  }
>() {
  /**
   * @param checks by name (`database`, `stream`): each succeeds when its thing answers; what it fails with is not shown
   */
  static readonly layer = <R extends object>(checks: HealthChecks<R>): Layer.Layer<Health, never, R[keyof R]> =>
    Layer.scoped(Health, makeHealth(checks))
}

/** Checks by name, each with what it needs. */
export type HealthChecks<R extends object> = {
  readonly [Name in keyof R]: Effect.Effect<unknown, unknown, R[Name]>
}

const makeHealth = Effect.fnUntraced(function* <R extends object>(checks: HealthChecks<R>) {
  const named: Array<readonly [name: string, check: Effect.Effect<unknown, unknown, R[keyof R]>]> = []
  for (const name in checks) named.push([name, checks[name]])
  const draining = yield* Draining
  const context = yield* Effect.context<R[keyof R]>()
  const scope = yield* Effect.scope
  const runChecks = Effect.forEach(
    named,
    ([name, check]) =>
      check.pipe(
        Effect.disconnect,
        Effect.timeout(checkLimit),
        Effect.exit,
        Effect.map((exit) => (exit._tag === "Success" ? [] : [name])),
      ),
    { concurrency: "unbounded" },
  ).pipe(
    Effect.map((names) => names.flat()),
    Effect.provide(context),
    Effect.withTracerEnabled(false),
    Effect.interruptible,
    // In a fiber of its own, so that a prober that hangs up does not leave its interruption as everyone's answer.
    Effect.forkIn(scope),
    Effect.flatMap(Fiber.join),
    Effect.uninterruptible,
  )
  const failing = yield* Effect.cachedWithTTL(runChecks, checkTtl)
  return Health.of({
    report: Effect.gen(function* () {
      const names = [...((yield* draining.isDraining) ? ["draining"] : []), ...(yield* failing)]
      return { ready: names.length === 0, failing: names }
    }),
  })
})
