import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId } from "@uptime/domain/Ids"
import type { PublicRegion, PublicResponse } from "@uptime/statuspage/PublicPage"
import { Effect } from "effect"
import { type BuildClock, floorTo } from "./BuildClock.ts"

const hourMs = 3_600_000
const weekHours = 168
const dayHours = 24

/** Mean response times of each whole hour of the last 7 days, over all regions. */
export const readResponses = Effect.fnUntraced(function* (
  sql: SqlClient,
  ids: ReadonlyArray<MonitorId>,
  clock: BuildClock,
) {
  const to = floorTo(Math.min(clock.hourlyTo, clock.now), hourMs)
  const from = to - weekHours * hourMs
  const rows = yield* sql<{ readonly monitorId: MonitorId; readonly hour: number; readonly ms: number }>`
    SELECT monitor_id AS "monitorId", date_part('epoch', bucket) * 1000 AS hour,
      round((sum(latency_sum_ms) / sum(up + degraded))::numeric, 1)::float8 AS ms
    FROM rollup_hourly
    WHERE monitor_id = ANY(${ids}::uuid[]) AND location <> '*' AND bucket >= to_timestamp(${from}::float8 / 1000)
      AND bucket < to_timestamp(${to}::float8 / 1000) AND up + degraded > 0 AND latency_sum_ms > 0
    GROUP BY monitor_id, bucket`
  const responses = new Map<MonitorId, PublicResponse & { readonly values: Array<number | null> }>()
  for (const { hour, monitorId, ms } of rows) {
    const own = responses.get(monitorId) ?? { from, values: new Array<number | null>(weekHours).fill(null) }
    own.values[Math.round((hour - from) / hourMs)] = ms
    responses.set(monitorId, own)
  }
  return responses
})

/** The same of the last 24, of each region by itself, by name. */
export const readRegions = Effect.fnUntraced(function* (
  sql: SqlClient,
  ids: ReadonlyArray<MonitorId>,
  clock: BuildClock,
) {
  const to = floorTo(Math.min(clock.hourlyTo, clock.now), hourMs)
  const from = to - dayHours * hourMs
  const rows = yield* sql<{
    readonly monitorId: MonitorId
    readonly name: string
    readonly hour: number
    readonly ms: number
  }>`
      SELECT monitor_id AS "monitorId", location AS name, date_part('epoch', bucket) * 1000 AS hour,
        round((latency_sum_ms / (up + degraded))::numeric, 1)::float8 AS ms
      FROM rollup_hourly
      WHERE monitor_id = ANY(${ids}::uuid[]) AND location <> '*' AND bucket >= to_timestamp(${from}::float8 / 1000)
        AND bucket < to_timestamp(${to}::float8 / 1000) AND up + degraded > 0 AND latency_sum_ms > 0
      ORDER BY monitor_id, location`
  const regions = new Map<MonitorId, Array<PublicRegion & { readonly values: Array<number | null> }>>()
  for (const { hour, monitorId, ms, name } of rows) {
    const own = regions.get(monitorId) ?? []
    let region = own.at(-1)
    if (region?.name !== name) {
      region = { name, from, values: new Array<number | null>(dayHours).fill(null) }
      own.push(region)
    }
    region.values[Math.round((hour - from) / hourMs)] = ms
    regions.set(monitorId, own)
  }
  return regions
})
