import { Effect } from "effect"
import type { App } from "./Apps.ts"
import { ask } from "./Ask.ts"

/** A metric of a process without labels, or the sum over its labels; 0 where there is none of the name. */
export const metric = (app: App, name: string): Effect.Effect<number> =>
  Effect.map(ask(`${app.url}/metrics`), ({ text }) =>
    text
      .split("\n")
      .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0),
  )
