import { Effect } from "effect"
import type { App } from "./Apps.ts"

/** A metric of a process without labels, or the sum over its labels; 0 where there is none of the name. */
export const metric = (app: App, name: string): Effect.Effect<number, Error> =>
  Effect.tryPromise({
    try: async () => (await fetch(`${app.url}/metrics`)).text(),
    catch: (cause) => (cause instanceof Error ? cause : new Error(String(cause))),
  }).pipe(
    Effect.map((text) =>
      text
        .split("\n")
        .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
        .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0),
    ),
  )
