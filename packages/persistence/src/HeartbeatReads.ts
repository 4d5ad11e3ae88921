import type { SqlClient } from "@effect/sql/SqlClient"
import { MonitorNotFound } from "@uptime/domain/Errors"
import type { Heartbeat, HeartbeatPing } from "@uptime/domain/Heartbeat"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import { DateTime, Effect } from "effect"

/** The most pings that are kept, and shown. */
export const maxPings = 100

/** A heartbeat with its newest pings. */
export const readHeartbeat = Effect.fnUntraced(function* (sql: SqlClient, userId: UserId, monitorId: MonitorId) {
  const [row] = yield* sql<{
    readonly token: string
    readonly ping_id: string
    readonly deadline_at: Date | null
    readonly last_ping_at: Date | null
  }>`
      SELECT token, ping_id, deadline_at, last_ping_at FROM heartbeats JOIN monitors ON monitors.id = monitor_id
      WHERE monitor_id = ${monitorId} AND user_id = ${userId}`
  if (row === undefined) return yield* MonitorNotFound.for(monitorId)
  const pings = yield* sql<{
    readonly at: Date
    readonly kind: HeartbeatPing["event"]
    readonly exit_code: number | null
    readonly run_ms: number | null
    readonly body: string | null
  }>`
      SELECT at, kind, exit_code, run_ms, body FROM heartbeat_pings
      WHERE monitor_id = ${monitorId} ORDER BY id DESC LIMIT ${maxPings}`
  const heartbeat: Heartbeat = {
    monitorId,
    token: row.token,
    pingId: row.ping_id,
    deadlineAt: row.deadline_at === null ? null : DateTime.unsafeFromDate(row.deadline_at),
    lastPingAt: row.last_ping_at === null ? null : DateTime.unsafeFromDate(row.last_ping_at),
    pings: pings.map((ping) => ({
      at: DateTime.unsafeFromDate(ping.at),
      event: ping.kind,
      exitCode: ping.exit_code,
      runMs: ping.run_ms,
      body: ping.body,
    })),
  }
  return heartbeat
})
