import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId } from "@uptime/domain/Ids"
import { Effect } from "effect"
import { lockMoving } from "./StateLocks.ts"

/**
 * Records that monitors are turned off or on, now, in the transaction that turned them and has locked them.
 *
 * Off: `Paused` in the intervals of each region and of the monitor as a whole, and the status `Unknown`; results of slots
 * until now move nothing any more. On: `Unknown` until their next results. What was said since this transaction began, by one
 * that was the first to get the locks, is not older than what is said here.
 */
export const turn = Effect.fnUntraced(function* (
  sql: SqlClient,
  off: ReadonlyArray<MonitorId>,
  on: ReadonlyArray<MonitorId>,
) {
  const ids = [...off, ...on]
  if (ids.length === 0) return
  yield* lockMoving(sql, ids)
  // Of one that was off already, and of one that is made turned off, nothing changes.
  yield* sql`
    INSERT INTO status_changes (monitor_id, from_status, to_status, at)
    SELECT monitor_id, CASE WHEN is_off THEN status ELSE 'Paused' END, CASE WHEN is_off THEN 'Paused' ELSE 'Unknown' END,
      greatest(since, ${now(sql)})
    FROM monitor_status, LATERAL (SELECT monitor_id = ANY(${off}::uuid[]) AS is_off) AS turned
    WHERE monitor_id = ANY(${ids}::uuid[]) AND location = '*'
    ORDER BY monitor_id`
  if (off.length > 0) {
    yield* sql`
      UPDATE monitor_status
      SET status = 'Unknown', since = greatest(since, ${now(sql)}), last_slot = greatest(last_slot, ${now(sql)}),
        overlay = NULL, ${noStreak(sql)}
      WHERE monitor_id = ANY(${off}::uuid[]) AND ${saysSomething(sql)}`
    yield* record(sql, off, "Paused")
  }
  if (on.length > 0) {
    yield* sql`
      UPDATE monitor_status
      SET status = 'Unknown', since = greatest(since, ${now(sql)}), overlay = NULL, ${noStreak(sql)}
      WHERE monitor_id = ANY(${on}::uuid[]) AND ${saysSomething(sql)}`
    yield* record(sql, on, "Unknown")
  }
})

/** The instant of the transaction, in whole milliseconds. */
export const now = (sql: SqlClient) => sql.literal("date_trunc('milliseconds', now())")

/** Nothing is being confirmed, and nothing was seen. */
const noStreak = (sql: SqlClient) =>
  sql.literal("streak_status = NULL, streak_since = NULL, streak_count = 0, evidence = NULL")

/** A region has said something from its first result on; the monitor as a whole does so by being turned. */
const saysSomething = (sql: SqlClient) => sql.literal("(location = '*' OR since > '-infinity')")

const record = Effect.fnUntraced(function* (
  sql: SqlClient,
  ids: ReadonlyArray<MonitorId>,
  state: "Paused" | "Unknown",
) {
  yield* sql`
    UPDATE state_intervals SET ended_at = greatest(started_at, ${now(sql)})
    WHERE monitor_id = ANY(${ids}::uuid[]) AND ended_at IS NULL`
  yield* sql`
    INSERT INTO state_intervals (monitor_id, location, state, started_at)
    SELECT monitor_id, location, ${state}, greatest(since, (
      SELECT max(started_at) FROM state_intervals AS past
      WHERE past.monitor_id = monitor_status.monitor_id AND past.location = monitor_status.location
    ))
    FROM monitor_status
    WHERE monitor_id = ANY(${ids}::uuid[]) AND ${saysSomething(sql)}
    ON CONFLICT (monitor_id, location, started_at) DO UPDATE SET state = excluded.state, ended_at = NULL`
})
