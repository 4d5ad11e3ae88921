import { Effect, type Scope } from "effect"
import type { App } from "./Apps.ts"

/** Waits until a process says that it has started; dies when that takes longer than 30 seconds. */
export const awaitStarted = (app: App): Effect.Effect<App> =>
  app.awaitOutput("has started").pipe(
    Effect.timeoutFail({ duration: "30 seconds", onTimeout: () => new Error(`${app.name} does not start`) }),
    Effect.catchAll((error) =>
      Effect.flatMap(app.output, (output) => Effect.dieMessage(`${error.message}: ${output}`)),
    ),
    Effect.as(app),
  )

/** Starts processes side by side and waits for all of them. */
export const startAll = (
  starting: ReadonlyArray<Effect.Effect<App, never, Scope.Scope>>,
): Effect.Effect<ReadonlyArray<App>, never, Scope.Scope> =>
  Effect.forEach(starting, (start) => Effect.flatMap(start, awaitStarted), { concurrency: "unbounded" })
