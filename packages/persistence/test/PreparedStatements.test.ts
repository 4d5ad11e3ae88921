import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { migratedDatabase } from "@uptime/testing/TestDatabase"
import { Effect, Layer, Redacted } from "effect"
import * as PostgresSql from "../src/PostgresSql.ts"
import { transaction } from "../src/SqlFailure.ts"

/** One connection, so that all statements meet in it. */
const database = Layer.unwrapScoped(
  Effect.map(migratedDatabase, (url) =>
    PostgresSql.layer({ url: Redacted.make(url), applicationName: "a test", maxConnections: 1 }),
  ),
)

const kept = (sql: SqlClient) =>
  Effect.map(
    sql<{ statement: string }>`SELECT statement FROM pg_prepared_statements WHERE statement NOT LIKE '%prepared%'`,
    (rows) => rows.map(({ statement }) => statement),
  )

const times = <A, E>(count: number, effect: Effect.Effect<A, E>) =>
  Effect.all(Array.from({ length: count }, () => effect))

describe.concurrent("prepared statements", () => {
  it.scopedLive("are those that were used five times, and no more than a hundred", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      const doubled = (n: number) => sql<{ n: number }>`SELECT 2 * ${n}::int AS n`
      yield* times(5, doubled(1))
      yield* times(9, sql.withTransaction(sql`SET LOCAL lock_timeout = 1000`))
      yield* times(9, sql`SELECT 1; SELECT 2`)
      assert.isEmpty(yield* kept(sql))
      assert.deepStrictEqual(yield* doubled(4), [{ n: 8 }])
      assert.deepStrictEqual(yield* kept(sql), ["SELECT 2 * $1::int AS n"])
      assert.deepStrictEqual(yield* doubled(5), [{ n: 10 }])

      for (let n = 0; n < 120; n++) {
        const added = yield* times(7, sql<{ sum: number }>`SELECT ${n}::int + ${sql.literal(String(n))} AS sum`)
        for (const rows of added) assert.deepStrictEqual(rows, [{ sum: 2 * n }])
      }
      assert.lengthOf(yield* kept(sql), 100)
    }).pipe(Effect.provide(database)),
  )

  it.scopedLive("fail as statements do, and are used again after it", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      const share = (of: number) => sql<{ share: number }>`SELECT 100 / ${of}::int AS share`
      yield* times(7, share(4))
      const failed = yield* Effect.flip(share(0))
      assert.include(String(failed.cause), "division by zero")
      assert.deepStrictEqual(yield* share(5), [{ share: 20 }])
      assert.lengthOf(yield* kept(sql), 1)
    }).pipe(Effect.provide(database)),
  )

  it.scopedLive("are given up, and nobody notices, where a connection does not have them any more", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      const doubled = (n: number) => sql<{ n: number }>`SELECT 2 * ${n}::int AS n`
      yield* times(7, doubled(1))
      yield* sql`DEALLOCATE ALL`
      assert.deepStrictEqual(yield* doubled(4), [{ n: 8 }])
      yield* times(9, doubled(1))
      yield* times(9, sql`SELECT 3 * ${1}::int`)
      assert.isEmpty(yield* kept(sql))
    }).pipe(Effect.provide(database)),
  )

  it.scopedLive("are given up where another has the name, as behind a pooler that knows nothing of them", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      for (let n = 1; n <= 3; n++) yield* sql.unsafe(`PREPARE often_${n} AS SELECT 'of another'`)
      const rows = yield* times(7, sql`SELECT ${"ours"} AS whose`)
      for (const row of rows) assert.deepStrictEqual(row, [{ whose: "ours" }])
    }).pipe(Effect.provide(database)),
  )

  it.scopedLive("are given up where a table changes beneath them", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      yield* sql`CREATE TABLE thing (id int, size int)`
      yield* sql`INSERT INTO thing VALUES (1, 2)`
      const things = sql`SELECT * FROM thing WHERE id = ${1}::int`
      yield* times(7, things)
      yield* sql`ALTER TABLE thing ALTER COLUMN size TYPE text`
      assert.deepStrictEqual(yield* things, [{ id: 1, size: "2" }])
    }).pipe(Effect.provide(database)),
  )

  it.scopedLive("have a transaction that misses them tried again as a whole", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      yield* sql`CREATE TABLE thing (id int)`
      const add = (id: number) => sql`INSERT INTO thing VALUES (${id}::int)`
      yield* times(7, add(1))
      yield* sql`DEALLOCATE ALL`
      yield* Effect.zipRight(sql`UPDATE thing SET id = id + 1`, add(9)).pipe(transaction(sql, "a test"))
      assert.deepStrictEqual(yield* sql`SELECT id, count(*) FROM thing GROUP BY id ORDER BY id`, [
        { id: 2, count: 7 },
        { id: 9, count: 1 },
      ])
    }).pipe(Effect.provide(database)),
  )
})
