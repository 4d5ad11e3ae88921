import type { SqlClient } from "@effect/sql/SqlClient"
import type { Fragment } from "@effect/sql/Statement"
import type { IncidentId, MonitorId, UserId } from "@uptime/domain/Ids"
import type {
  Incident,
  IncidentDetail,
  IncidentMonitor,
  IncidentUpdate,
  Seen as SeenView,
} from "@uptime/domain/Incident"
import { Region } from "@uptime/domain/Region"
import { DateTime, Effect } from "effect"
import { readDeliveries } from "./DeliveryReads.ts"
import type { IncidentCursor, IncidentFilter } from "./Incidents.ts"
import type { Seen } from "./Seen.ts"

/** The most of each that an incident is shown with. */
const maxDetails = 500

/** The most names that an incident in a list is shown with. */
const maxNames = 3

/** An owner's incidents that pass a filter, the one that began last first. */
export const readIncidents = (
  sql: SqlClient,
  userId: UserId,
  filter: IncidentFilter,
  limit: number,
  after: IncidentCursor | null,
) => {
  const conditions: Array<Fragment> = [sql`user_id = ${userId}`]
  if (filter.open !== undefined) {
    conditions.push(filter.open ? sql`resolved_at IS NULL` : sql`resolved_at IS NOT NULL`)
  }
  if (filter.severity !== undefined) conditions.push(sql`severity = ${filter.severity}`)
  if (filter.monitorId !== undefined) {
    conditions.push(sql`
      id IN (SELECT incident_id FROM incident_monitors WHERE monitor_id = ${filter.monitorId})`)
  }
  if (filter.text !== undefined) {
    const pattern = `%${filter.text.replaceAll(/[\\%_]/g, "\\$&")}%`
    conditions.push(sql`
      (title ILIKE ${pattern} OR EXISTS (
        SELECT FROM incident_monitors WHERE incident_id = id AND (name ILIKE ${pattern} OR url ILIKE ${pattern})))`)
  }
  if (filter.from !== undefined) conditions.push(sql`started_at >= to_timestamp(${filter.from}::float8 / 1000)`)
  if (filter.to !== undefined) conditions.push(sql`started_at < to_timestamp(${filter.to}::float8 / 1000)`)
  if (after !== null) {
    conditions.push(sql`(started_at, id) < (to_timestamp(${after.startedAt}::float8 / 1000), ${after.id}::uuid)`)
  }
  return Effect.map(incidentRows(sql, sql.and(conditions), limit), (rows) => rows.map(incidentOf))
}

/** One of an owner's incidents with all that is known of it; null where there is none. */
export const readIncident = Effect.fnUntraced(function* (sql: SqlClient, userId: UserId, id: IncidentId) {
  const [row] = yield* incidentRows(sql, sql`user_id = ${userId} AND id = ${id}`, 1)
  if (row === undefined) return null
  const monitors = yield* sql<PartRow>`
    SELECT monitor_id, name, url, role, started_at, ended_at, evidence FROM incident_monitors
    WHERE incident_id = ${id} ORDER BY role, started_at, monitor_id LIMIT ${maxDetails}`
  const updates = yield* sql<UpdateRow>`
    SELECT id, at, kind, author, body, is_public FROM incident_updates
    WHERE incident_id = ${id} ORDER BY incident_updates.at DESC, id DESC LIMIT ${maxDetails}`
  const deliveries = yield* readDeliveries(sql, sql`incident_id = ${id}`, maxDetails)
  const detail: IncidentDetail = {
    ...incidentOf(row),
    postmortem: row.postmortem,
    monitors: monitors.map(monitorOf),
    updates: updates.map(updateOf),
    deliveries,
  }
  return detail
})

const incidentRows = (sql: SqlClient, condition: Fragment, limit: number) => sql<IncidentRow>`
  SELECT id, title, severity, started_at, noticed_at, acknowledged_at, acknowledged_by, resolved_at, resolved_by, is_public,
    updated_at, postmortem, (SELECT count(*)::int FROM incident_monitors WHERE incident_id = id) AS monitor_count,
    ARRAY(
      SELECT name FROM incident_monitors WHERE incident_id = id ORDER BY role, started_at, monitor_id LIMIT ${maxNames}
    ) AS monitor_names
  FROM incidents WHERE ${condition} ORDER BY started_at DESC, id DESC LIMIT ${limit}`

interface IncidentRow {
  readonly id: IncidentId
  readonly title: string
  readonly severity: Incident["severity"]
  readonly started_at: Date
  readonly noticed_at: Date
  readonly acknowledged_at: Date | null
  readonly acknowledged_by: string | null
  readonly resolved_at: Date | null
  readonly resolved_by: string | null
  readonly is_public: boolean
  readonly updated_at: Date
  readonly postmortem: string | null
  readonly monitor_count: number
  readonly monitor_names: ReadonlyArray<string>
}

const utc = (date: Date | null): DateTime.Utc | null => (date === null ? null : DateTime.unsafeFromDate(date))

const incidentOf = (row: IncidentRow): Incident => ({
  id: row.id,
  title: row.title,
  severity: row.severity,
  startedAt: DateTime.unsafeFromDate(row.started_at),
  noticedAt: DateTime.unsafeFromDate(row.noticed_at),
  acknowledgedAt: utc(row.acknowledged_at),
  acknowledgedBy: row.acknowledged_by,
  resolvedAt: utc(row.resolved_at),
  resolvedBy: row.resolved_by,
  isPublic: row.is_public,
  monitorCount: row.monitor_count,
  monitorNames: row.monitor_names,
  updatedAt: DateTime.unsafeFromDate(row.updated_at),
})

interface PartRow {
  readonly monitor_id: MonitorId
  readonly name: string
  readonly url: string
  readonly role: IncidentMonitor["role"]
  readonly started_at: Date
  readonly ended_at: Date | null
  readonly evidence: Seen | null
}

const monitorOf = (row: PartRow): IncidentMonitor => ({
  monitorId: row.monitor_id,
  name: row.name,
  url: row.url,
  role: row.role,
  startedAt: DateTime.unsafeFromDate(row.started_at),
  endedAt: utc(row.ended_at),
  seen: row.evidence === null ? null : seenOf(row.evidence),
})

const seenOf = (seen: Seen): SeenView => ({
  ...seen,
  region: Region.make(seen.region),
  slot: DateTime.unsafeMake(seen.slot),
})

interface UpdateRow extends Omit<IncidentUpdate, "at" | "isPublic"> {
  readonly at: Date
  readonly is_public: boolean
}

const updateOf = (row: UpdateRow): IncidentUpdate => ({
  id: row.id,
  at: DateTime.unsafeFromDate(row.at),
  kind: row.kind,
  author: row.author,
  body: row.body,
  isPublic: row.is_public,
})
