import * as PgClient from "@effect/sql-pg/PgClient"
import { assert, describe, it } from "@effect/vitest"
import { emptyDatabase, migratedDatabase } from "@uptime/testing/TestDatabase"
import { Effect, Redacted } from "effect"

const tables = (url: string) =>
  Effect.flatMap(
    PgClient.PgClient,
    (sql) => sql<{ name: string }>`SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace`,
  ).pipe(
    Effect.map((rows) => rows.map((row) => row.name)),
    Effect.provide(PgClient.layer({ url: Redacted.make(url), maxConnections: 1 })),
  )

describe("TestDatabase", () => {
  it.scoped("an empty database has no tables, and is gone with its scope", () =>
    Effect.gen(function* () {
      const url = yield* Effect.scoped(Effect.tap(emptyDatabase, (url) => Effect.map(tables(url), assert.isEmpty)))
      assert.isTrue(yield* Effect.isFailure(tables(url)))
    }),
  )

  it.scoped("migrated databases, many at once, have the tables and are apart from each other", () =>
    Effect.gen(function* () {
      const urls = yield* Effect.all(
        Array.from({ length: 8 }, () => migratedDatabase),
        { concurrency: "unbounded" },
      )
      assert.strictEqual(new Set(urls).size, 8)
      for (const url of urls) {
        assert.include(yield* tables(url), "check_results")
      }
    }),
  )
})
