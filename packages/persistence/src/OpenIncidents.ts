import type { SqlClient } from "@effect/sql/SqlClient"
import type { IncidentId, UserId } from "@uptime/domain/Ids"
import type { IncidentPart, OpenIncident, Told } from "@uptime/incidents/World"
import { Effect } from "effect"

type IncidentRow = Omit<OpenIncident, "parts" | "told">
type PartRow = IncidentPart & { readonly incidentId: IncidentId }
type ToldRow = Told & { readonly incidentId: IncidentId }

/**
 * The incidents of an owner that the judge is shown: those that are open, and those that a person resolved and that are to
 * be looked at for it.
 *
 * @param now milliseconds since the epoch
 */
export const readOpenIncidents = Effect.fnUntraced(function* (sql: SqlClient, userId: UserId, now: number) {
  const columns = sql.literal(`
      id, key, title, titled_by_hand AS "isTitledByHand", severity, round(date_part('epoch', started_at) * 1000) AS "startedAt",
      round(date_part('epoch', acknowledged_at) * 1000) AS "acknowledgedAt",
      round(date_part('epoch', resolved_at) * 1000) AS "resolvedByHandAt",
      round(date_part('epoch', tell_at) * 1000) AS "tellAt", round(date_part('epoch', look_at) * 1000) AS "lookAgainAt"`)
  const incidents = yield* sql<IncidentRow>`
    SELECT ${columns} FROM incidents WHERE user_id = ${userId} AND resolved_at IS NULL
    UNION ALL
    SELECT ${columns} FROM incidents
    WHERE user_id = ${userId} AND resolved_at IS NOT NULL AND look_at <= to_timestamp(${now}::float8 / 1000)`
  if (incidents.length === 0) return []
  const ids = incidents.map(({ id }) => id)
  const parts = yield* sql<PartRow>`
    SELECT incident_id AS "incidentId", monitor_id AS "monitorId", role, severity,
      round(date_part('epoch', started_at) * 1000) AS "startedAt",
      round(date_part('epoch', ended_at) * 1000) AS "endedAt", round(date_part('epoch', news_at) * 1000) AS "newsAt"
    FROM incident_monitors WHERE incident_id = ANY(${ids}::uuid[])`
  // Of messages that are numbered, the newest of each kind and channel, and all that wait.
  const told = yield* sql<ToldRow>`
    SELECT incident_id AS "incidentId", change, channel_id AS "channelId",
      round(date_part('epoch', due_at) * 1000) AS "dueAt",
      CASE WHEN state <> 'pending' THEN state WHEN leased_until IS NOT NULL THEN 'leased'
        WHEN recipients_left IS NOT NULL THEN 'partly' WHEN attempts > 0 THEN 'tried' ELSE state END AS state
    FROM (
      SELECT *, row_number() OVER (PARTITION BY incident_id, channel_id, split_part(change, ':', 1) ORDER BY id DESC) AS nth
      FROM alert_outbox WHERE incident_id = ANY(${ids}::uuid[])
    ) AS message
    WHERE nth = 1 OR state = 'pending'
    ORDER BY id`
  const partsOf = byIncident(parts)
  const toldOf = byIncident(told)
  return incidents.map(
    (incident): OpenIncident => ({
      ...incident,
      parts: partsOf.get(incident.id) ?? [],
      told: toldOf.get(incident.id) ?? [],
    }),
  )
})

const byIncident = <Row extends { readonly incidentId: IncidentId }>(
  rows: ReadonlyArray<Row>,
): ReadonlyMap<IncidentId, ReadonlyArray<Row>> => {
  const groups = new Map<IncidentId, Array<Row>>()
  for (const row of rows) {
    const group = groups.get(row.incidentId)
    if (group === undefined) groups.set(row.incidentId, [row])
    else group.push(row)
  }
  return groups
}
