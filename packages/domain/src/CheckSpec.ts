import { Schema } from "effect"

/** What a worker needs to know to run an HTTP(S) check. `timeoutMs` is one deadline for the whole check. */
export const HttpSpec = Schema.Struct({
  kind: Schema.Literal("http"),
  url: Schema.String,
  timeoutMs: Schema.Number,
})
export type HttpSpec = typeof HttpSpec.Type

/** The specification that travels with every job; one member per kind of check. */
export const CheckSpec = Schema.Union(HttpSpec)
export type CheckSpec = typeof CheckSpec.Type
