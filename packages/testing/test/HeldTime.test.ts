import * as PgClient from "@effect/sql-pg/PgClient"
import { assert, describe, it } from "@effect/vitest"
import { holdTime } from "@uptime/testing/HeldTime"
import { migratedDatabase } from "@uptime/testing/TestDatabase"
import { Clock, Effect, Redacted } from "effect"

/** What the time is: by `now()`, by `clock_timestamp()`, by the default of a column, and by Effect's clock. */
const told = Effect.gen(function* () {
  const sql = yield* PgClient.PgClient
  const [row] = yield* sql<{ readonly times: ReadonlyArray<number> }>`
    WITH logged AS (
      INSERT INTO status_changes (monitor_id, to_status, at) VALUES (gen_random_uuid(), 'Up', now()) RETURNING noticed_at
    )
    SELECT ARRAY(
      SELECT date_part('epoch', at) * 1000 FROM unnest(ARRAY[now(), clock_timestamp(), noticed_at]) AS at
    ) AS times
    FROM logged`
  return [...(row?.times ?? []), yield* Clock.currentTimeMillis]
})

describe("HeldTime", () => {
  it.scopedLive("is told by effects, statements and defaults of columns, and moves by nothing but the test", () =>
    Effect.gen(function* () {
      const url = yield* migratedDatabase
      const time = yield* holdTime(url, 1_800_000_000_000)
      yield* Effect.gen(function* () {
        assert.deepStrictEqual(yield* told, Array(4).fill(1_800_000_000_000))
        yield* Effect.sleep("5 millis")
        assert.deepStrictEqual(yield* told, Array(4).fill(1_800_000_000_000))
        yield* time.goTo(1_900_000_000_123)
        assert.deepStrictEqual(yield* told, Array(4).fill(1_900_000_000_123))
      }).pipe(
        Effect.provide(PgClient.layer({ url: Redacted.make(url), maxConnections: 2 })),
        Effect.withClock(time.clock),
      )
    }),
  )
})
