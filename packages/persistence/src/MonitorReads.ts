import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import type { MonitorOverview } from "@uptime/domain/MonitorOverview"
import { Effect } from "effect"
import { type OverviewRow, overviewOf, type StatusRow } from "./MonitorRows.ts"
import type { MonitorCursor, MonitorFilter } from "./Monitors.ts"

/** The owner's monitors that pass a filter, newest first, with the status rows of all of them in a second query. */
export const readOverviews = (
  sql: SqlClient,
  userId: UserId,
  filter: MonitorFilter & { readonly id?: MonitorId },
  limit: number,
  after: MonitorCursor | null,
) =>
  Effect.gen(function* () {
    const conditions = [sql`user_id = ${userId}`]
    if (filter.id !== undefined) conditions.push(sql`id = ${filter.id}`)
    if (after !== null) {
      conditions.push(sql`(created_at, id) < (to_timestamp(${after.createdAt}::float8 / 1000), ${after.id}::uuid)`)
    }
    if (filter.text !== undefined) {
      const pattern = `%${filter.text.replaceAll(/[\\%_]/g, "\\$&")}%`
      conditions.push(sql`(name ILIKE ${pattern} OR url ILIKE ${pattern})`)
    }
    if (filter.tag !== undefined) conditions.push(sql`${filter.tag} = ANY(tags)`)
    if (filter.group !== undefined) conditions.push(sql`group_name = ${filter.group}`)
    if (filter.escalationId !== undefined) {
      conditions.push(sql`(alerts ->> 'escalationId')::uuid = ${filter.escalationId}::uuid`)
    }
    if (filter.kind !== undefined) conditions.push(sql`kind = ${filter.kind}`)
    if (filter.status !== undefined) {
      conditions.push(sql`
        coalesce((SELECT status FROM monitor_status WHERE monitor_id = id AND location = '*'), 'Unknown')
          = ${filter.status}`)
    }
    const monitors = yield* sql<OverviewRow>`
      SELECT *, EXISTS (SELECT FROM monitor_flapping WHERE monitor_id = id AND since IS NOT NULL) AS is_flapping
      FROM monitors WHERE ${sql.and(conditions)}
      ORDER BY created_at DESC, id DESC LIMIT ${limit}`
    if (monitors.length === 0) return []
    const rows = yield* sql<StatusRow>`
      SELECT monitor_id, location, status, nullif(since, '-infinity') AS since, overlay, streak_status, streak_since,
        streak_count, result_id, scheduled_at, checked_at, result_status, response_time_ms, dns_ms, connect_ms, tls_ms,
        first_byte_ms, transfer_ms, http_status, error_kind, error_message, certificate_expires_at
      FROM monitor_status WHERE monitor_id = ANY(${monitors.map(({ id }) => id)}::uuid[])`
    const statuses = new Map<MonitorId, Array<StatusRow>>()
    for (const row of rows) {
      const known = statuses.get(row.monitor_id)
      if (known === undefined) statuses.set(row.monitor_id, [row])
      else known.push(row)
    }
    return monitors.map((row): MonitorOverview => overviewOf(row, statuses.get(row.id) ?? []))
  })
