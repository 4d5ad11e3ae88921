import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId } from "@uptime/domain/Ids"
import { Effect } from "effect"

/**
 * Records that monitors are turned off, now: `Paused` in the intervals of each region and of the monitor as a whole, and
 * the status `Unknown`. Results of slots until now move nothing any more. In the transaction that turned them off.
 */
export const pause = (sql: SqlClient, ids: ReadonlyArray<MonitorId>) =>
  Effect.gen(function* () {
    yield* lockRows(sql, ids)
    yield* sql`
      UPDATE monitor_status
      SET status = 'Unknown', since = ${now(sql)}, last_slot = greatest(last_slot, ${now(sql)})
      WHERE monitor_id = ANY(${ids}::uuid[])`
    yield* turn(sql, ids, "Paused")
  })

/** Records that monitors are turned on again, now: `Unknown` until their next results. */
export const resume = (sql: SqlClient, ids: ReadonlyArray<MonitorId>) =>
  Effect.gen(function* () {
    yield* lockRows(sql, ids)
    yield* sql`
      UPDATE monitor_status SET status = 'Unknown', since = ${now(sql)} WHERE monitor_id = ANY(${ids}::uuid[])`
    yield* turn(sql, ids, "Unknown")
  })

/** The instant of the transaction, in whole milliseconds. */
export const now = (sql: SqlClient) => sql.literal("date_trunc('milliseconds', now())")

/** Rows of regions first, then those of monitors as a whole, which are made where they are missing: as `StateMove` does. */
const lockRows = (sql: SqlClient, ids: ReadonlyArray<MonitorId>) =>
  Effect.gen(function* () {
    yield* sql`
      SELECT FROM monitor_status WHERE monitor_id = ANY(${ids}::uuid[]) AND location <> '*'
      ORDER BY monitor_id, location FOR UPDATE`
    yield* sql`
      INSERT INTO monitor_status (monitor_id, location, status, since, last_slot)
      SELECT id, '*', 'Unknown', ${now(sql)}, '-infinity' FROM unnest(${ids}::uuid[]) AS id ORDER BY id
      ON CONFLICT (monitor_id, location) DO UPDATE SET last_slot = monitor_status.last_slot`
  })

const turn = (sql: SqlClient, ids: ReadonlyArray<MonitorId>, state: "Paused" | "Unknown") =>
  Effect.gen(function* () {
    yield* sql`
      UPDATE state_intervals SET ended_at = greatest(started_at, ${now(sql)})
      WHERE monitor_id = ANY(${ids}::uuid[]) AND ended_at IS NULL`
    yield* sql`
      INSERT INTO state_intervals (monitor_id, location, state, started_at)
      SELECT monitor_id, location, ${state}, ${now(sql)} FROM monitor_status WHERE monitor_id = ANY(${ids}::uuid[])
      ON CONFLICT (monitor_id, location, started_at) DO UPDATE SET state = excluded.state, ended_at = NULL`
  })
