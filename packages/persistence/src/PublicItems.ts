import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId, StatusPageId } from "@uptime/domain/Ids"
import type { PublicId } from "@uptime/domain/StatusPage"
import { type StateInterval, uptimePercent } from "@uptime/domain/Uptime"
import type { PublicDay, PublicItem, PublicStatus } from "@uptime/statuspage/PublicPage"
import { Effect } from "effect"
import { type BuildClock, floorTo } from "./BuildClock.ts"
import { plainArray } from "./PgArray.ts"
import { publicRegionStatuses, readRegionStatuses } from "./PublicRegionStatuses.ts"
import { readRegions, readResponses } from "./PublicResponses.ts"
import { countsAsUp, spentSql } from "./RollupSql.ts"
import { type StatsBounds, wholeParts } from "./StatsReads.ts"

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const shownDays = 90

/** A monitor of a page, with what only the building of the page knows it by. */
export interface BuiltItem {
  readonly monitorId: MonitorId
  /** The place of its section, from 1. */
  readonly section: number
  readonly item: PublicItem
}

interface ItemRow {
  readonly monitorId: MonitorId
  readonly publicId: PublicId
  readonly section: number
  readonly name: string
  readonly state: StateInterval["state"] | null
  readonly since: number | null
  readonly certificateExpiresAt: number | null
}

/** The items of a page, in their order. Of a monitor nothing is read but what is shown of it. */
export const readItems = Effect.fnUntraced(function* (
  sql: SqlClient,
  pageId: StatusPageId,
  { showsRegions, showsResponse }: { readonly showsResponse: boolean; readonly showsRegions: boolean },
  clock: BuildClock,
) {
  const rows = yield* sql<ItemRow>`
    SELECT monitors.id AS "monitorId", public_id AS "publicId", section, coalesce(item.name, monitors.name) AS name,
      state, round(date_part('epoch', started_at) * 1000) AS since,
      (SELECT round(date_part('epoch', min(certificate_expires_at)) * 1000) FROM monitor_status
        WHERE monitor_id = monitors.id AND location <> '*') AS "certificateExpiresAt"
    FROM status_page_monitors AS item
    JOIN status_pages AS page ON page.id = item.page_id
    JOIN monitors ON monitors.id = item.monitor_id AND monitors.user_id = page.user_id
    LEFT JOIN state_intervals AS interval
      ON interval.monitor_id = monitors.id AND location = '*' AND ended_at IS NULL
    WHERE page.id = ${pageId} ORDER BY section, position`
  const ids = rows.map(({ monitorId }) => monitorId)
  const days = yield* readDays(sql, ids, clock)
  const lastDay = yield* readLastDay(sql, ids, clock)
  const responses = showsResponse ? yield* readResponses(sql, ids, clock) : null
  const regions = showsResponse ? yield* readRegions(sql, ids, clock) : null
  const regionStatuses = showsRegions ? yield* readRegionStatuses(sql, ids) : null
  return rows.map(({ certificateExpiresAt, monitorId, name, publicId, section, since, state }): BuiltItem => {
    const own = days.get(monitorId) ?? new Map<number, Spent>()
    const over = (count: number) => uptimePercent(sumOf(lastDays(clock.now, count).map((day) => own.get(day))))
    return {
      monitorId,
      section,
      item: {
        publicId,
        name,
        status: publicStatus(state),
        since: state === null ? null : since,
        days: lastDays(clock.now, shownDays).map((day) => dayOf(day, own.get(day))),
        uptime24h: uptimePercent(lastDay.get(monitorId) ?? nothing),
        uptime7d: over(7),
        uptime30d: over(30),
        uptime90d: over(90),
        response: responses === null ? null : (responses.get(monitorId) ?? null),
        regions: regions?.get(monitorId) ?? [],
        regionStatuses: publicRegionStatuses(state, regionStatuses?.get(monitorId) ?? []),
        certificateExpiresAt,
      },
    }
  })
})

/** What the public is told of a state: not that something is paused, nor what it lies behind. */
export const publicStatus = (state: StateInterval["state"] | null): PublicStatus =>
  state === null || state === "Paused" || state === "Unreachable" ? "Unknown" : state

interface Spent {
  readonly upMs: number
  readonly downMs: number
}

const nothing: Spent = { upMs: 0, downMs: 0 }

const sumOf = (parts: ReadonlyArray<Spent | undefined>): Spent =>
  parts.reduce<Spent>(
    (sum, part = nothing) => ({ upMs: sum.upMs + part.upMs, downMs: sum.downMs + part.downMs }),
    nothing,
  )

/** The beginnings of the last days (UTC), oldest first, today last. */
const lastDays = (now: number, count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, i) => floorTo(now, dayMs) - (count - 1 - i) * dayMs)

const dayOf = (at: number, spent: Spent = nothing): PublicDay => ({
  day: new Date(at).toISOString().slice(0, 10),
  uptime: uptimePercent(spent),
  downSeconds: Math.round(spent.downMs / 1000),
  worst: spent.downMs > 0 ? "Down" : spent.upMs > 0 ? "Up" : null,
})

interface SpentRow extends Spent {
  readonly monitorId: MonitorId
  readonly day: number
}

/** The time up and down of each day: whole days and hours from rollups, what is left from intervals themselves. */
const readDays = Effect.fnUntraced(function* (sql: SqlClient, ids: ReadonlyArray<MonitorId>, clock: BuildClock) {
  const first = floorTo(clock.now, dayMs) - (shownDays - 1) * dayMs
  const dailyTo = Math.max(first, Math.min(clock.dailyTo, clock.now))
  const hourlyTo = Math.max(dailyTo, Math.min(clock.hourlyTo, clock.now))
  const edges: Array<readonly [from: number, to: number]> = []
  for (let at = hourlyTo; at < clock.now; ) {
    const to = Math.min(floorTo(at, dayMs) + dayMs, clock.now)
    edges.push([at, to])
    at = to
  }
  const rows = yield* sql.unsafe<SpentRow>(daysStatement, [
    plainArray(ids, (id) => id),
    first,
    dailyTo,
    hourlyTo,
    plainArray(edges, ([from]) => from),
    plainArray(edges, ([, to]) => to),
  ])
  const days = new Map<MonitorId, Map<number, Spent>>()
  for (const { day, downMs, monitorId, upMs } of rows) {
    const own = days.get(monitorId) ?? new Map<number, Spent>()
    days.set(monitorId, own.set(day, { upMs, downMs }))
  }
  return days
})

const at = (parameter: number): string => `to_timestamp($${parameter}::float8 / 1000)`

const upAndDown = `coalesce(sum(ms) FILTER (WHERE ${countsAsUp}), 0) AS up_ms,
      coalesce(sum(ms) FILTER (WHERE state = 'Down'), 0) AS down_ms`

const edgesSql = (from: number, to: number): string =>
  spentSql(`
      SELECT item.id, to_timestamp(edge_from / 1000) AS range_from, to_timestamp(edge_to / 1000) AS range_to
      FROM unnest($1::uuid[]) AS item (id), unnest($${from}::float8[], $${to}::float8[]) AS edge (edge_from, edge_to)`)

const daysStatement = `
SELECT monitor_id AS "monitorId", date_part('epoch', day) * 1000 AS day, sum(up_ms)::float8 AS "upMs",
  sum(down_ms)::float8 AS "downMs"
FROM (
  SELECT monitor_id, bucket AS day, up_ms, down_ms FROM rollup_daily
  WHERE monitor_id = ANY($1::uuid[]) AND location = '*' AND bucket >= ${at(2)} AND bucket < ${at(3)}
  UNION ALL
  SELECT monitor_id, date_trunc('day', bucket, 'UTC'), up_ms, down_ms FROM rollup_hourly
  WHERE monitor_id = ANY($1::uuid[]) AND location = '*' AND bucket >= ${at(3)} AND bucket < ${at(4)}
  UNION ALL
  SELECT id, day, up_ms, down_ms FROM (
    SELECT id, date_trunc('day', range_from, 'UTC') AS day, ${upAndDown}
    FROM (${edgesSql(5, 6)}) AS spent WHERE location = '*' GROUP BY id, day
  ) AS edge
) AS part
GROUP BY monitor_id, day`

/** The time up and down of the last 24 hours. */
const readLastDay = Effect.fnUntraced(function* (sql: SqlClient, ids: ReadonlyArray<MonitorId>, clock: BuildClock) {
  const bounds: StatsBounds = { from: clock.now - dayMs, to: clock.now, ...clock }
  const { firstHour, hourlyTo } = wholeParts("hour", bounds)
  const edges = [
    [bounds.from, firstHour],
    [hourlyTo, bounds.to],
  ] as const
  const rows = yield* sql.unsafe<Omit<SpentRow, "day">>(lastDayStatement, [
    plainArray(ids, (id) => id),
    firstHour,
    hourlyTo,
    plainArray(edges, ([from]) => from),
    plainArray(edges, ([, to]) => to),
  ])
  return new Map(rows.map(({ downMs, monitorId, upMs }) => [monitorId, { upMs, downMs }]))
})

const lastDayStatement = `
SELECT monitor_id AS "monitorId", sum(up_ms)::float8 AS "upMs", sum(down_ms)::float8 AS "downMs"
FROM (
  SELECT monitor_id, up_ms, down_ms FROM rollup_hourly
  WHERE monitor_id = ANY($1::uuid[]) AND location = '*' AND bucket >= ${at(2)} AND bucket < ${at(3)}
  UNION ALL
  SELECT id, up_ms, down_ms FROM (
    SELECT id, ${upAndDown} FROM (${edgesSql(4, 5)}) AS spent WHERE location = '*' GROUP BY id
  ) AS edge
) AS part
GROUP BY monitor_id`
