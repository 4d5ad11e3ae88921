import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId } from "@uptime/domain/Ids"
import { countsAsUp, spentSql, summedSql } from "./RollupSql.ts"

/** The window of statistics, in milliseconds, and up to where results are rolled up. */
export interface StatsBounds {
  readonly from: number
  readonly to: number
  readonly hourlyTo: number
  readonly dailyTo: number
}

/** What one location (`*`: the monitor as a whole) was, over some time that begins within the point `at` of the series. */
export interface SummedRow {
  readonly at: number
  readonly location: string
  readonly up: number
  readonly degraded: number
  readonly down: number
  readonly unknown: number
  readonly latency_sum_ms: number
  /** Two arrays of one length in PostgreSQL's text form. */
  readonly histogram_buckets: string
  readonly histogram_counts: string
  readonly up_ms: number
  readonly down_ms: number
}

/** How long a point of the series is, in milliseconds. */
export const pointMs = { hour: 3_600_000, day: 86_400_000 } as const

/**
 * Where the parts of a window begin and end: whole hours from `firstHour` until `hourlyTo`, and within them whole days from
 * `firstDay` until `dailyTo`; before and after lie the window's ends. Days only where points are days.
 */
export const wholeParts = (point: "hour" | "day", { from, to, ...rolled }: StatsBounds) => {
  const firstHour = Math.min(ceilTo(from, pointMs.hour), to)
  const hourlyTo = Math.max(firstHour, Math.min(rolled.hourlyTo, to))
  const firstDay = point === "day" ? Math.min(ceilTo(from, pointMs.day), hourlyTo) : hourlyTo
  const dailyTo = point === "day" ? Math.max(firstDay, Math.min(rolled.dailyTo, hourlyTo)) : hourlyTo
  return { firstHour, hourlyTo, firstDay, dailyTo }
}

/**
 * The results and states of the window, every one counted once: whole days from the daily rollup where points are days,
 * whole hours from the hourly one, and what is left at both ends, an hour or two, from results and intervals themselves.
 */
export const readSums = (sql: SqlClient, id: MonitorId, point: "hour" | "day", bounds: StatsBounds) =>
  sql.unsafe<SummedRow>(sumsStatement, sumsParameters(id, point, bounds))

/** The parameters of `sumsStatement`. */
export const sumsParameters = (id: MonitorId, point: "hour" | "day", bounds: StatsBounds) => {
  const { dailyTo, firstDay, firstHour, hourlyTo } = wholeParts(point, bounds)
  return [id, point, bounds.from, firstHour, firstDay, dailyTo, hourlyTo, bounds.to]
}

const ceilTo = (ms: number, lengthMs: number): number => Math.ceil(ms / lengthMs) * lengthMs

const instant = (parameter: string): string => `to_timestamp(${parameter}::float8 / 1000)`

const rollups = (table: string, from: string, to: string): string => `
  SELECT date_part('epoch', date_trunc($2, bucket, 'UTC')) * 1000 AS at, location, up, degraded, down, unknown,
    latency_sum_ms, histogram_buckets::text, histogram_counts::text, up_ms, down_ms
  FROM ${table} WHERE monitor_id = $1 AND bucket >= ${instant(from)} AND bucket < ${instant(to)}`

/** What is left of the window at both ends, a row each. */
const edges = "(VALUES ($3::float8, $4::float8), ($7::float8, $8::float8)) AS edge (range_from, range_to)"

// Of both ends at once, named by rows: were they parameters of their own, the server would find out anew at each call which
// partitions it need not look into, which takes it a third of the time of the whole. Without `OFFSET 0` it is free to join in
// another order, and where monitors are few it does: it reads all that this one ever had, and keeps an hour of it.
const results = `
  SELECT date_part('epoch', date_trunc($2, scheduled_at, 'UTC')) * 1000 AS at, location, status, response_time_ms
  FROM ${edges}, LATERAL (
    SELECT scheduled_at, location, status, response_time_ms FROM check_results
    WHERE monitor_id = $1 AND scheduled_at >= ${instant("range_from")} AND scheduled_at < ${instant("range_to")}
    OFFSET 0
  ) AS result`

/** What `readSums` runs: one statement, since what it reads is less than what it costs to ask. Points show no states. */
export const sumsStatement = `
  ${rollups("rollup_hourly", "$4", "$5")} UNION ALL
  ${rollups("rollup_daily", "$5", "$6")} UNION ALL
  ${rollups("rollup_hourly", "$6", "$7")} UNION ALL
  SELECT at, location, up, degraded, down, unknown, latency_sum_ms, histogram_buckets::text, histogram_counts::text, 0, 0
  FROM (${summedSql("at, location", results)}) AS summed UNION ALL
  SELECT $3::float8, location, 0, 0, 0, 0, 0, '{}', '{}', coalesce(sum(ms) FILTER (WHERE ${countsAsUp}), 0),
    coalesce(sum(ms) FILTER (WHERE state = 'Down'), 0)
  FROM (${spentSql(`
    SELECT $1::uuid AS id, to_timestamp(range_from / 1000) AS range_from, to_timestamp(range_to / 1000) AS range_to
    FROM ${edges} WHERE range_from < range_to`)}) AS spent
  GROUP BY location`
