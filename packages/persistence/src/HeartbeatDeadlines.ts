import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId } from "@uptime/domain/Ids"
import { deadlineOf, missedReason } from "@uptime/incidents/HeartbeatState"
import { Effect } from "effect"
import { type HeartbeatRow, heartbeatColumns, heartbeatResult, optionsOf, stateOf } from "./HeartbeatRow.ts"
import { plainArray, textArray } from "./PgArray.ts"
import { takesPings } from "./PingIntake.ts"
import type { ResultStore } from "./ResultStore.ts"

/** The most heartbeats of one transaction. */
const chunk = 500

/**
 * Makes the addresses of heartbeats that have none, lets those that are turned off expect nothing, and computes the
 * deadlines of those that are still to be planned: new ones, those whose configuration changed, and those turned on.
 *
 * @param newAddresses makes a token and an id
 */
export const planHeartbeats = Effect.fnUntraced(function* (
  sql: SqlClient,
  newAddresses: () => { readonly token: string; readonly pingId: string },
) {
  const bare = yield* sql<{ readonly id: MonitorId }>`
    SELECT id FROM monitors WHERE kind = 'heartbeat'
      AND NOT EXISTS (SELECT FROM heartbeats WHERE monitor_id = id)
    ORDER BY id LIMIT ${chunk}`
  if (bare.length > 0) {
    const made = bare.map(({ id }) => ({ id, ...newAddresses() }))
    // Locked first: one that is being deleted is waited for, and left out.
    yield* sql`
      INSERT INTO heartbeats (monitor_id, token, ping_id)
      SELECT made.id, token, ping_id
      FROM unnest(${plainArray(made, ({ id }) => id)}::uuid[], ${textArray(made, ({ token }) => token)}::text[],
        ${plainArray(made, ({ pingId }) => pingId)}::uuid[]) AS made (id, token, ping_id)
      JOIN monitors ON monitors.id = made.id
      ORDER BY made.id FOR KEY SHARE OF monitors
      ON CONFLICT DO NOTHING`
  }
  const off = yield* sql`
    UPDATE heartbeats SET deadline_at = NULL, plan_version = 0 FROM monitors
    WHERE monitors.id = monitor_id AND NOT enabled AND plan_version <> 0
    RETURNING monitor_id`
  const open = yield* sql<HeartbeatRow & { readonly config_version: number; readonly is_turned_on: boolean }>`
    SELECT ${sql.literal(heartbeatColumns)}, config_version, plan_version = 0 AS is_turned_on
    FROM heartbeats JOIN monitors ON monitors.id = monitor_id
    WHERE enabled AND plan_version <> config_version
    ORDER BY monitor_id LIMIT ${chunk} FOR UPDATE OF heartbeats SKIP LOCKED`
  const planned = open.map((row) => ({
    id: row.monitor_id,
    version: row.config_version,
    // From the moment it is turned on: nobody expected anything before.
    deadline: deadlineOf(optionsOf(row), stateOf(row), row.is_turned_on ? row.now : row.since),
  }))
  if (planned.length > 0) {
    yield* sql`
      UPDATE heartbeats SET plan_version = planned.version, deadline_at = to_timestamp(planned.deadline / 1000),
        turned_on_at = CASE plan_version WHEN 0 THEN now() ELSE turned_on_at END
      FROM unnest(${plainArray(planned, ({ id }) => id)}::uuid[],
        ${plainArray(planned, ({ version }) => version)}::int[],
        ${plainArray(planned, ({ deadline }) => deadline)}::float8[]) AS planned (id, version, deadline)
      WHERE monitor_id = planned.id`
  }
  return bare.length + off.length + planned.length
})

/**
 * Stores that heartbeats did not come whose deadline has passed, while pings are taken; each is expected again after its next
 * sign of life.
 */
export const storeMissed = Effect.fnUntraced(function* (sql: SqlClient, store: ResultStore["Type"]) {
  const missed = yield* sql<HeartbeatRow & { readonly deadline: number }>`
    SELECT ${sql.literal(heartbeatColumns)}, round(date_part('epoch', deadline_at) * 1000) AS deadline
    FROM heartbeats JOIN monitors ON monitors.id = monitor_id
    WHERE enabled AND deadline_at <= now() AND plan_version <> 0 AND ${sql.literal(takesPings)}
    ORDER BY deadline_at LIMIT ${chunk} FOR UPDATE OF heartbeats SKIP LOCKED`
  if (missed.length === 0) return 0
  yield* store.insert(
    missed.map((row) => {
      // A deadline that passed while nobody looked is stored as of now: long ago, the store would not take it.
      const at = Math.max(row.deadline, row.now - 3_600_000)
      return heartbeatResult(row.monitor_id, at, "Down", missedReason(stateOf(row)), null, null)
    }),
  )
  yield* sql`
    UPDATE heartbeats SET deadline_at = NULL WHERE monitor_id = ANY(${plainArray(missed, (row) => row.monitor_id)}::uuid[])`
  return missed.length
})
