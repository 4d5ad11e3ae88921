import { SqlClient } from "@effect/sql/SqlClient"
import { assert, layer } from "@effect/vitest"
import { Duration, Effect, Fiber, Tracer } from "effect"
import { LeanReads } from "../src/LeanReads.ts"
import { failAs } from "../src/SqlFailure.ts"
import { emptyBackends } from "./Backends.ts"

const statement = `
  SELECT n::int, 9007199254740991::bigint AS big, null AS none, to_timestamp($1::float8) AS at
  FROM generate_series(1, $2::int) AS n`

for (const [name, database] of emptyBackends) {
  layer(database, { excludeTestServices: true, timeout: "60 seconds" })(`lean reads (${name})`, (it) => {
    it.effect("give the very rows that a statement of the client does, however often they are asked for", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient
        const { rows } = yield* LeanReads
        for (let count = 0; count < 8; count++) {
          const read = yield* Effect.withTracerEnabled(rows(statement, [12.5, count]), false)
          assert.lengthOf(read, count)
          assert.deepStrictEqual(read, yield* sql.unsafe(statement, [12.5, count]))
        }
      }),
    )

    it.effect("fail as statements of the client do, and leave the next one unharmed", () =>
      Effect.gen(function* () {
        const { rows } = yield* LeanReads
        const reasonOf = (text: string) =>
          rows(text, []).pipe(
            failAs("a test"),
            Effect.withTracerEnabled(false),
            Effect.flip,
            Effect.map(({ reason }) => reason),
          )
        assert.strictEqual(yield* reasonOf("SELECT 1 / 0"), "data")
        assert.strictEqual(yield* reasonOf("SELECT nothing FROM nowhere"), "bug")
        assert.deepStrictEqual(yield* Effect.withTracerEnabled(rows("SELECT 1 AS one", []), false), [{ one: 1 }])
      }),
    )

    it.effect("are not waited for once they are interrupted", () =>
      Effect.gen(function* () {
        const { rows } = yield* LeanReads
        const slow = yield* Effect.fork(Effect.withTracerEnabled(rows("SELECT pg_sleep(1)", []), false))
        yield* Effect.yieldNow()
        const [took] = yield* Effect.timed(Fiber.interrupt(slow))
        assert.isBelow(Duration.toMillis(took), 900)
        assert.lengthOf(yield* Effect.withTracerEnabled(rows("SELECT 1", []), false), 1)
      }),
    )

    it.effect("have the span of a statement where requests are traced", () =>
      Effect.gen(function* () {
        const { rows } = yield* LeanReads
        const names: Array<string> = []
        const tracer = yield* Effect.tracer
        const seeing = Tracer.make({
          span: (spanName, ...rest) => {
            names.push(spanName)
            return tracer.span(spanName, ...rest)
          },
          context: (run, fiber) => tracer.context(run, fiber),
        })
        const read = Effect.withTracer(rows("SELECT 1 AS one", []), seeing)
        assert.deepStrictEqual(yield* Effect.withTracerEnabled(read, false), [{ one: 1 }])
        assert.isEmpty(names)
        assert.deepStrictEqual(yield* Effect.withTracerEnabled(read, true), [{ one: 1 }])
        assert.deepStrictEqual(names, ["sql.execute"])
      }),
    )
  })
}
