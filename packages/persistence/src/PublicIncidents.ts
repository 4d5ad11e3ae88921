import type { SqlClient } from "@effect/sql/SqlClient"
import type { Fragment } from "@effect/sql/Statement"
import type { IncidentId, MonitorId, UserId } from "@uptime/domain/Ids"
import type { PublicId } from "@uptime/domain/StatusPage"
import type { PublicIncident, PublicUpdate } from "@uptime/statuspage/PublicPage"
import { Effect } from "effect"

/** The most open incidents of a page, the most that are over, and the most updates of each kind of both. */
const maxOpen = 50
const maxPast = 500
const maxUpdates = 1_000

interface IncidentRow extends Omit<PublicIncident, "items" | "updates"> {
  readonly monitorIds: ReadonlyArray<MonitorId>
}

interface UpdateRow extends PublicUpdate {
  readonly incidentId: IncidentId
}

/**
 * The published incidents that a monitor of a page failed in: those that are open, and those of the last year that are over.
 * A title that was made by itself, entries of the timeline that are not public, and names of people are not read at all.
 *
 * @param items the public ids of the page's monitors
 */
export const readPublicIncidents = Effect.fnUntraced(function* (
  sql: SqlClient,
  userId: UserId,
  items: ReadonlyMap<MonitorId, PublicId>,
) {
  const read = Effect.fnUntraced(function* (condition: Fragment, limit: number) {
    const rows = yield* sql<IncidentRow>`
          SELECT id, CASE WHEN titled_by_hand THEN title END AS title, severity,
            round(date_part('epoch', started_at) * 1000) AS "startedAt",
            round(date_part('epoch', resolved_at) * 1000) AS "resolvedAt", "monitorIds"
          FROM incidents JOIN LATERAL (
            SELECT array_agg(monitor_id ORDER BY started_at, monitor_id) AS "monitorIds" FROM incident_monitors
            WHERE incident_id = incidents.id AND role = 'failing' AND monitor_id = ANY(${[...items.keys()]}::uuid[])
          ) AS part ON "monitorIds" IS NOT NULL
          WHERE user_id = ${userId} AND is_public AND ${condition}
          ORDER BY started_at DESC, id DESC LIMIT ${limit}`
    const updates = yield* sql<UpdateRow>`
          SELECT id, round(date_part('epoch', incident_updates.at) * 1000) AS at, kind, body, incident_id AS "incidentId"
          FROM incident_updates
          WHERE incident_id = ANY(${rows.map(({ id }) => id)}::uuid[]) AND is_public AND kind IN ('update', 'postmortem')
          ORDER BY incident_updates.at DESC, id DESC LIMIT ${maxUpdates}`
    return rows.map(
      ({ monitorIds, ...incident }): PublicIncident => ({
        ...incident,
        items: monitorIds.flatMap((id) => items.get(id) ?? []),
        updates: updates
          .filter(({ incidentId }) => incidentId === incident.id)
          .map(({ at, body, id, kind }) => ({ id, at, kind, body })),
      }),
    )
  })
  return {
    incidents: yield* read(sql`resolved_at IS NULL`, maxOpen),
    pastIncidents: yield* read(sql`resolved_at IS NOT NULL AND started_at > now() - interval '1 year'`, maxPast),
  }
})
