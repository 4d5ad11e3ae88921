import type { SqlClient } from "@effect/sql/SqlClient"
import type { MaintenanceId, MonitorId, UserId } from "@uptime/domain/Ids"
import type { PublicId } from "@uptime/domain/StatusPage"
import { windowsBetween } from "@uptime/incidents/MaintenanceSchedule"
import type { PublicMaintenance } from "@uptime/statuspage/PublicPage"
import { Effect } from "effect"
import { planOf } from "./MaintenanceWrites.ts"

const dayMs = 86_400_000

/** How far ahead windows are shown, in days; the most of one maintenance, and of all. */
const aheadDays = 30
const maxOfOne = 5
const maxShown = 20
const maxRead = 100

/**
 * The windows of published maintenances over monitors of a page that run at an instant, or begin within 30 days of it; the
 * next first.
 *
 * @param items the public ids of the page's monitors
 * @param now milliseconds since the epoch
 */
export const readPublicMaintenances = (
  sql: SqlClient,
  userId: UserId,
  items: ReadonlyMap<MonitorId, PublicId>,
  now: number,
) =>
  Effect.map(
    sql<{
      readonly id: MaintenanceId
      readonly title: string
      readonly description: string
      readonly plan: unknown
      readonly monitorIds: ReadonlyArray<MonitorId>
    }>`
      SELECT maintenance.id, title, description, plan, "monitorIds"
      FROM maintenances AS maintenance JOIN LATERAL (
        SELECT array_agg(id) AS "monitorIds" FROM monitors
        WHERE id = ANY(${[...items.keys()]}::uuid[]) AND (id = ANY(maintenance.monitor_ids)
          OR tags && maintenance.tags OR group_name = ANY(maintenance.group_names))
      ) AS part ON "monitorIds" IS NOT NULL
      WHERE user_id = ${userId} AND is_public AND window_starts_at < now() + ${aheadDays}::int * interval '1 day'
      ORDER BY window_starts_at, maintenance.id LIMIT ${maxRead}`,
    (rows) =>
      rows
        .flatMap(({ description, id, monitorIds, plan, title }) =>
          windowsBetween(planOf(plan), now, now + aheadDays * dayMs)
            .slice(0, maxOfOne)
            .map(({ endsAt, startsAt }): PublicMaintenance => {
              const own = monitorIds.flatMap((monitorId) => items.get(monitorId) ?? [])
              return { id, title, description, startsAt, endsAt, items: own.sort() }
            }),
        )
        .sort((one, other) => one.startsAt - other.startsAt || (one.id < other.id ? -1 : 1))
        .slice(0, maxShown),
  )
