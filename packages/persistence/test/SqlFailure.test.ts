import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { migratedDatabase } from "@uptime/testing/TestDatabase"
import { Effect, Layer } from "effect"
import { transaction } from "../src/SqlFailure.ts"
import { StoreError } from "../src/StoreError.ts"
import { postgres } from "./Backends.ts"

const conflict = new StoreError({ reason: "conflict", operation: "test", cause: "another transaction" })

describe("transaction", () => {
  it.live("tries a conflict again as a whole, three times, letting go of all that it held", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      const goes = { outer: 0, inner: 0 }
      const inner = transaction(
        sql,
        "inner",
      )(
        Effect.suspend(() => {
          goes.inner++
          return goes.inner < 4 ? conflict : Effect.succeed("done")
        }),
      )
      const outer = transaction(
        sql,
        "outer",
      )(
        Effect.suspend(() => {
          goes.outer++
          return inner
        }),
      )
      assert.strictEqual(yield* outer, "done")
      assert.deepStrictEqual(goes, { outer: 4, inner: 4 })
      goes.inner = -1
      assert.strictEqual((yield* Effect.flip(outer)).reason, "conflict")
      assert.deepStrictEqual(goes, { outer: 8, inner: 3 })
    }).pipe(Effect.provide(Layer.unwrapScoped(Effect.map(migratedDatabase, (url) => postgres(url, 2))))),
  )
})
