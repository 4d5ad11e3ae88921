import { assert, describe, it } from "@effect/vitest"
import { traced } from "@uptime/runtime/Traced"
import { Effect, Option } from "effect"

/** The names of the spans that it runs in, the innermost first. */
const spans = traced("Store.read", (depth: number) =>
  Effect.map(Effect.option(Effect.currentSpan), (current) => {
    const names: Array<string> = []
    for (let span = Option.getOrUndefined(current); span !== undefined && names.length < depth; ) {
      names.push(span.name)
      const parent = Option.getOrUndefined(span.parent)
      span = parent?._tag === "Span" ? parent : undefined
    }
    return names
  }),
)

describe("a traced method", () => {
  it.effect("has a span of its own under that of its caller", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* spans(9).pipe(Effect.withSpan("caller")), ["Store.read", "caller"])
    }),
  )

  it.effect("has none where nothing is traced", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* Effect.withTracerEnabled(spans(9), false), [])
    }),
  )
})
