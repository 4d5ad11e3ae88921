import { Schema } from "effect"

/** The longest deadline of one check, in milliseconds. */
export const maxTimeoutMs = 60_000

/** What a worker needs to know to run an HTTP(S) check. `timeoutMs` is one deadline for the whole check. */
export const HttpSpec = Schema.Struct({
  kind: Schema.Literal("http"),
  url: Schema.String,
  timeoutMs: Schema.Number.pipe(Schema.between(1, maxTimeoutMs)),
})
export type HttpSpec = typeof HttpSpec.Type

/** The specification that travels with every job; one member per kind of check. */
export const CheckSpec = Schema.Union(HttpSpec)
export type CheckSpec = typeof CheckSpec.Type
