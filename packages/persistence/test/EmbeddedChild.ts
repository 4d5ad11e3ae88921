import { SqlClient } from "@effect/sql/SqlClient"
import { Config, Effect } from "effect"
import * as EmbeddedSql from "../src/EmbeddedSql.ts"

/**
 * A process that holds an embedded database and counts in it: a number per transaction, told once it is committed. It is
 * started by a test, and killed.
 */
const main = Effect.gen(function* () {
  const dataDir = yield* Config.string("TEST_DATA_DIR")
  const template = yield* Config.string("TEST_TEMPLATE")
  yield* Effect.gen(function* () {
    const sql = yield* SqlClient
    yield* sql`CREATE TABLE IF NOT EXISTS counted (n int PRIMARY KEY, filler text NOT NULL)`
    for (let n = 0; ; n++) {
      yield* sql.withTransaction(sql`INSERT INTO counted VALUES (${n}, ${"x".repeat(2000)})`)
      yield* Effect.sync(() => process.stdout.write(`committed ${n};\n`))
    }
  }).pipe(Effect.provide(EmbeddedSql.layer({ dataDir, template })))
})

Effect.runFork(Effect.catchAll(main, (error) => Effect.sync(() => process.stdout.write(`failed: ${error.message}\n`))))
