import { randomUUID } from "node:crypto"
import type { SqlClient } from "@effect/sql/SqlClient"
import { Clock, Effect, Schema } from "effect"
import { MonitorId } from "../../packages/domain/src/Ids.ts"
import { defaultRegions } from "../../packages/domain/src/Region.ts"
import { slotAfter, slotGrid } from "../../packages/domain/src/Slot.ts"

/** The account that the monitors of a benchmark belong to. */
export const benchUser = "00000000-0000-4000-8000-000000000000"

/** Rows of one statement. */
const chunk = 10_000

/** Makes the account, which nobody can log in to. */
export const addUser = (sql: SqlClient) => sql`
  INSERT INTO users (id, email, name, password_hash, created_at, updated_at)
  VALUES (${benchUser}, 'bench@example.com', 'Bench', '-', now(), now()) ON CONFLICT DO NOTHING`

/** Which monitors are to be made. */
export interface NewMonitors {
  readonly count: number
  /** A path of its own is added for each. */
  readonly url: string
  readonly intervalSeconds: number
  /** How long until the first of them is due, in milliseconds; all others follow on their grids within an interval. */
  readonly dueInMs: number
  readonly userId?: string
}

/** Makes monitors that are due on their own grids, as those of an installation that has run for a while are; their ids. */
export const addMonitors = Effect.fnUntraced(function* (
  sql: SqlClient,
  { count, dueInMs, intervalSeconds, url, userId = benchUser }: NewMonitors,
) {
  const from = (yield* Clock.currentTimeMillis) + dueInMs
  const ids = Array.from({ length: count }, () => Schema.decodeSync(MonitorId)(randomUUID()))
  for (let at = 0; at < count; at += chunk) {
    const part = ids.slice(at, at + chunk)
    const due = part.map((id) => slotAfter(slotGrid(id, intervalSeconds), from))
    yield* sql`
        INSERT INTO monitors (id, user_id, name, kind, url, interval_seconds, timeout_ms, enabled, next_check_at, created_at, updated_at)
        SELECT id, ${userId}::uuid, 'monitor ' || n, 'http', ${url}::text || '/' || n, ${intervalSeconds}::int, 5000, true,
          to_timestamp(due / 1000), created_at, created_at
        FROM unnest(${part}::uuid[], ${due}::float8[]) WITH ORDINALITY AS new (id, due, n),
          date_trunc('milliseconds', now() - interval '90 days') AS created_at`
  }
  yield* sql`ANALYZE monitors`
  return ids
})

/** Says of every monitor without a status that it is up in each region and as a whole, since an instant in milliseconds. */
export const addStatuses = Effect.fnUntraced(function* (sql: SqlClient, since: number) {
  const places = [...defaultRegions, "*"]
  yield* sql`
      INSERT INTO monitor_status (monitor_id, location, status, since, last_slot)
      SELECT id, location, 'Up', to_timestamp(${since}::float8 / 1000), to_timestamp(${since}::float8 / 1000)
      FROM monitors, unnest(${places}::text[]) AS location
      ON CONFLICT DO NOTHING`
  yield* sql`
      INSERT INTO state_intervals (monitor_id, location, state, started_at)
      SELECT id, location, 'Up', to_timestamp(${since}::float8 / 1000) FROM monitors, unnest(${places}::text[]) AS location
      ON CONFLICT DO NOTHING`
  yield* sql`VACUUM (ANALYZE) monitor_status, state_intervals`
})
