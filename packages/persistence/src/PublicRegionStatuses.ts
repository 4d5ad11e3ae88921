import type { SqlClient } from "@effect/sql/SqlClient"
import type { CheckStatus } from "@uptime/domain/CheckStatus"
import type { MonitorId } from "@uptime/domain/Ids"
import type { StateInterval } from "@uptime/domain/Uptime"
import type { PublicRegionStatus } from "@uptime/statuspage/PublicPage"
import { Effect } from "effect"
import { plainArray } from "./PgArray.ts"

/** How monitors are from each region that has said something, by name. */
export const readRegionStatuses = (sql: SqlClient, ids: ReadonlyArray<MonitorId>) =>
  Effect.map(
    sql<{ readonly monitorId: MonitorId; readonly name: string; readonly status: CheckStatus }>`
      SELECT monitor_id AS "monitorId", location AS name, status FROM monitor_status
      WHERE monitor_id = ANY(${plainArray(ids, (id) => id)}::uuid[]) AND location <> '*' AND since > '-infinity'
        AND scheduled_at IS NOT NULL
      ORDER BY monitor_id, location COLLATE "C"`,
    (rows) => {
      const statuses = new Map<MonitorId, Array<{ readonly name: string; readonly status: CheckStatus }>>()
      for (const { monitorId, ...region } of rows) {
        const own = statuses.get(monitorId)
        if (own === undefined) statuses.set(monitorId, [region])
        else own.push(region)
      }
      return statuses
    },
  )

/**
 * What the public is told of regions: what each says, unless the monitor as a whole is in maintenance, or says nothing because
 * it is paused or lies behind something that is down. Then no region says more than the whole does.
 *
 * @param state of the monitor as a whole; null where it has none yet
 */
export const publicRegionStatuses = (
  state: StateInterval["state"] | null,
  regions: ReadonlyArray<{ readonly name: string; readonly status: CheckStatus }>,
): ReadonlyArray<PublicRegionStatus> =>
  regions.map(({ name, status }) => {
    if (state === "Maintenance") return { name, status: "Maintenance" }
    return { name, status: state === "Paused" || state === "Unreachable" ? "Unknown" : status }
  })
