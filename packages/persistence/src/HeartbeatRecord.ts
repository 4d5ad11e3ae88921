import type { SqlClient } from "@effect/sql/SqlClient"
import { maxEvidenceBody } from "@uptime/domain/Result"
import type { Ping } from "@uptime/incidents/HeartbeatPing"
import { applyPing, deadlineOf, noHeartbeat } from "@uptime/incidents/HeartbeatState"
import { Effect } from "effect"
import { maxPings } from "./HeartbeatReads.ts"
import { type HeartbeatRow, heartbeatColumns, heartbeatResult, optionsOf, stateOf } from "./HeartbeatRow.ts"
import type { PingKey } from "./Heartbeats.ts"
import type { ResultStore } from "./ResultStore.ts"

/** Records a ping with all that follows from it, in one transaction; false when nothing has its key. */
export const recordPing = Effect.fnUntraced(function* (
  sql: SqlClient,
  store: ResultStore["Type"],
  key: PingKey,
  ping: Ping,
) {
  const [row] = yield* sql<HeartbeatRow>`
    SELECT ${sql.literal(heartbeatColumns)} FROM heartbeats JOIN monitors ON monitors.id = monitor_id
    WHERE ${"token" in key ? sql`token = ${key.token}` : sql`ping_id = ${key.pingId}::uuid`}
    FOR UPDATE OF heartbeats`
  if (row === undefined) return false
  const { monitor_id: monitorId, now } = row
  const before = stateOf(row)
  const state = applyPing(before, ping, now)
  yield* sql`
    INSERT INTO heartbeat_pings (monitor_id, at, kind, exit_code, run_ms, body)
    VALUES (${monitorId}, to_timestamp(${now}::float8 / 1000), ${ping.event}, ${ping.exitCode}, ${ping.runMs}, ${ping.body})`
  yield* sql`
    DELETE FROM heartbeat_pings WHERE monitor_id = ${monitorId} AND id < (
      SELECT min(id) FROM (
        SELECT id FROM heartbeat_pings WHERE monitor_id = ${monitorId} ORDER BY id DESC LIMIT ${maxPings}
      ) AS newest
    )`
  const deadline = row.enabled && ping.event !== "log" ? deadlineOf(optionsOf(row), state, row.since) : null
  yield* sql`
    UPDATE heartbeats SET state = ${JSON.stringify(state)}::jsonb,
      last_ping_at = greatest(last_ping_at, to_timestamp(${now}::float8 / 1000)),
      deadline_at = CASE WHEN ${ping.event} = 'log' THEN deadline_at ELSE to_timestamp(${deadline}::float8 / 1000) END
    WHERE monitor_id = ${monitorId}`
  if (row.enabled && (ping.event === "success" || ping.event === "fail")) {
    const body = ping.body === null ? null : ping.body.slice(0, maxEvidenceBody).toWellFormed()
    const status = ping.event === "success" ? "Up" : "Down"
    // One that another has overtaken moves nothing, and tells of itself alone.
    const { reason, runMs } = state === before ? applyPing(noHeartbeat, ping, now) : state
    yield* store.insert([heartbeatResult(monitorId, now, status, reason, runMs, body)])
  }
  return true
})
