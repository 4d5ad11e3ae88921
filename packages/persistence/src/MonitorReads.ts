import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import { Effect } from "effect"
import { type OverviewRow, overviewOf, type StatusRow } from "./MonitorRows.ts"

/** A monitor of the owner's with what is known of it; null where the owner has none of that id. */
export const readOverview = Effect.fnUntraced(function* (sql: SqlClient, userId: UserId, id: MonitorId) {
  const [monitor] = yield* sql<OverviewRow>`
    SELECT *, EXISTS (SELECT FROM monitor_flapping WHERE monitor_id = id AND since IS NOT NULL) AS is_flapping
    FROM monitors WHERE id = ${id} AND user_id = ${userId}`
  if (monitor === undefined) return null
  const statuses = yield* sql<StatusRow>`
    SELECT monitor_id, location, status, nullif(since, '-infinity') AS since, overlay, streak_status, streak_since,
      streak_count, result_id, scheduled_at, checked_at, result_status, response_time_ms, dns_ms, connect_ms, tls_ms,
      first_byte_ms, transfer_ms, http_status, error_kind, error_message, certificate_expires_at
    FROM monitor_status WHERE monitor_id = ${id}`
  return overviewOf(monitor, statuses)
})
