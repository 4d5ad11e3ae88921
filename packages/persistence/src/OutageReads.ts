import type { SqlClient } from "@effect/sql/SqlClient"
import type { IncidentId, MonitorId, UserId } from "@uptime/domain/Ids"
import type { Outage } from "@uptime/domain/Report"
import { DateTime, Effect } from "effect"

/** Where a list of outages goes on: after this one. `startedAt` in milliseconds since the epoch. */
export interface OutageCursor {
  readonly startedAt: number
  readonly monitorId: MonitorId
}

/** Which outages a list shows; `from` (inclusive) and `to` (exclusive) bound their beginnings, milliseconds since the epoch. */
export interface OutageFilter {
  readonly monitorId?: MonitorId | undefined
  readonly group?: string | undefined
  readonly tag?: string | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** An owner's outages that pass a filter, the one that began last first, with the incident that each was part of. */
export const readOutages = (
  sql: SqlClient,
  userId: UserId,
  filter: OutageFilter,
  limit: number,
  after: OutageCursor | null,
) => {
  const instant = (ms: number) => sql`to_timestamp(${ms}::float8 / 1000)`
  const conditions = [sql`user_id = ${userId}`, sql`location = '*'`]
  if (filter.monitorId !== undefined) conditions.push(sql`monitor_id = ${filter.monitorId}`)
  if (filter.group !== undefined) conditions.push(sql`group_name = ${filter.group}`)
  if (filter.tag !== undefined) conditions.push(sql`${filter.tag} = ANY(tags)`)
  if (filter.from !== undefined) conditions.push(sql`outages.started_at >= ${instant(filter.from)}`)
  if (filter.to !== undefined) conditions.push(sql`outages.started_at < ${instant(filter.to)}`)
  if (after !== null) {
    conditions.push(sql`(outages.started_at, monitor_id) < (${instant(after.startedAt)}, ${after.monitorId}::uuid)`)
  }
  return Effect.map(
    sql<{
      readonly monitor_id: MonitorId
      readonly name: string
      readonly started_at: Date
      readonly ended_at: Date | null
      readonly incident_id: IncidentId | null
    }>`
      SELECT monitor_id, name, outages.started_at, outages.ended_at, (
        SELECT incident_id FROM incident_monitors AS part
        WHERE part.monitor_id = outages.monitor_id
          AND part.started_at < coalesce(outages.ended_at, 'infinity')
          AND coalesce(part.ended_at, 'infinity') > outages.started_at
        ORDER BY part.started_at DESC LIMIT 1
      ) AS incident_id
      FROM outages JOIN monitors ON monitors.id = monitor_id
      WHERE ${sql.and(conditions)}
      ORDER BY outages.started_at DESC, monitor_id DESC LIMIT ${limit}`,
    (rows) =>
      rows.map(
        (row): Outage => ({
          monitorId: row.monitor_id,
          name: row.name,
          startedAt: DateTime.unsafeFromDate(row.started_at),
          endedAt: row.ended_at === null ? null : DateTime.unsafeFromDate(row.ended_at),
          incidentId: row.incident_id,
        }),
      ),
  )
}
