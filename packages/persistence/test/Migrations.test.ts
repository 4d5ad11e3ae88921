import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { emptyDatabase } from "@uptime/testing/TestDatabase"
import { Effect, Fiber, Layer } from "effect"
import { awaitSchema, installedVersion, migrate, schemaVersion } from "../src/Migrations.ts"
import { emptyBackends, postgres } from "./Backends.ts"

describe("Migrations", () => {
  for (const [name, database] of emptyBackends) {
    it.live(`${name}: four starters on an empty database all succeed, and one of them works`, () =>
      Effect.gen(function* () {
        const applied = yield* Effect.all([migrate, migrate, migrate, migrate], { concurrency: "unbounded" })
        assert.deepStrictEqual(
          applied.filter((migrations) => migrations.length > 0).map((migrations) => migrations.map(({ id }) => id)),
          [Array.from({ length: schemaVersion }, (_, i) => i + 1)],
        )
        assert.strictEqual(yield* installedVersion, schemaVersion)
        assert.deepStrictEqual(yield* migrate, [])
        yield* awaitSchema
        const sql = yield* SqlClient
        const [row] = yield* sql<{ readonly to: string | null }>`
          SELECT to_regclass('check_results_p' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD')) AS "to"`
        assert.isNotNull(row?.to)
      }).pipe(Effect.provide(database)),
    )

    it.live(`${name}: a database of a newer release is refused in one line`, () =>
      Effect.gen(function* () {
        yield* migrate
        const sql = yield* SqlClient
        yield* sql`INSERT INTO schema_migrations (migration_id, name) VALUES (${schemaVersion + 3}, 'later')`
        for (const attempt of [migrate, awaitSchema]) {
          const error = yield* Effect.flip(attempt)
          assert.deepInclude(error, { _tag: "SchemaTooNew", found: schemaVersion + 3, known: schemaVersion })
          assert.notInclude(error.message, "\n")
        }
      }).pipe(Effect.provide(database)),
    )
  }

  it.scopedLive("separate processes' pools take turns at one database", () =>
    Effect.gen(function* () {
      const url = yield* emptyDatabase
      const applied = yield* Effect.all(
        Array.from({ length: 4 }, () => Effect.provide(migrate, Layer.fresh(postgres(url, 2)))),
        { concurrency: "unbounded" },
      )
      assert.lengthOf(
        applied.filter(({ length }) => length > 0),
        1,
      )
    }),
  )

  it.scopedLive("a migration that fails leaves nothing behind and says why", () =>
    Effect.gen(function* () {
      const url = yield* emptyDatabase
      yield* Effect.gen(function* () {
        const sql = yield* SqlClient
        yield* sql`CREATE TABLE rollup_dirty (in_the_way int)`
        const error = yield* Effect.flip(migrate)
        assert.strictEqual(error._tag, "MigrationFailed")
        assert.include(error.message, "rollup_dirty")
        assert.strictEqual(yield* installedVersion, 0)
        const tables = yield* sql`SELECT FROM pg_tables WHERE schemaname = 'public'`
        assert.lengthOf(tables, 1)
      }).pipe(Effect.provide(postgres(url)))
    }),
  )

  it.scopedLive("a process that starts before the schema is there waits for it", () =>
    Effect.gen(function* () {
      const url = yield* emptyDatabase
      yield* Effect.gen(function* () {
        const waiting = yield* Effect.fork(awaitSchema)
        yield* migrate
        yield* Fiber.join(waiting)
      }).pipe(Effect.provide(postgres(url)))
    }),
  )
})
