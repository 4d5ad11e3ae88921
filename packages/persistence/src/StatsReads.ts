import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId } from "@uptime/domain/Ids"
import { Effect } from "effect"
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

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/**
 * Where the parts of a window begin and end: whole hours from `firstHour` until `hourlyTo`, and within them whole days from
 * `firstDay` until `dailyTo`; before and after lie the window's ends. Days only where points are days.
 */
export const wholeParts = (point: "hour" | "day", { from, to, ...rolled }: StatsBounds) => {
  const firstHour = Math.min(ceilTo(from, hourMs), to)
  const hourlyTo = Math.max(firstHour, Math.min(rolled.hourlyTo, to))
  const firstDay = point === "day" ? Math.min(ceilTo(from, dayMs), hourlyTo) : hourlyTo
  const dailyTo = point === "day" ? Math.max(firstDay, Math.min(rolled.dailyTo, hourlyTo)) : hourlyTo
  return { firstHour, hourlyTo, firstDay, dailyTo }
}

/**
 * The results and states of the window, every one counted once: whole days from the daily rollup where points are days,
 * whole hours from the hourly one, and what is left at both ends, an hour or two, from results and intervals themselves.
 */
export const readSums = (sql: SqlClient, id: MonitorId, point: "hour" | "day", bounds: StatsBounds) => {
  const { from, to } = bounds
  const { dailyTo, firstDay, firstHour, hourlyTo } = wholeParts(point, bounds)
  const rolled = sql<SummedRow>`
      SELECT date_part('epoch', date_trunc(${point}, bucket, 'UTC')) * 1000 AS at, location, up, degraded, down, unknown,
        latency_sum_ms, histogram_buckets::text, histogram_counts::text, up_ms, down_ms
      FROM (
        SELECT * FROM rollup_hourly WHERE monitor_id = ${id}
          AND bucket >= ${instant(sql, firstHour)} AND bucket < ${instant(sql, firstDay)}
        UNION ALL
        SELECT * FROM rollup_daily WHERE monitor_id = ${id}
          AND bucket >= ${instant(sql, firstDay)} AND bucket < ${instant(sql, dailyTo)}
        UNION ALL
        SELECT * FROM rollup_hourly WHERE monitor_id = ${id}
          AND bucket >= ${instant(sql, dailyTo)} AND bucket < ${instant(sql, hourlyTo)}
      ) AS rolled`
  const edges = [id, point, from, firstHour, hourlyTo, to]
  const results = sql.unsafe<SummedRow>(resultsStatement, edges)
  const states = sql.unsafe<SummedRow>(statesStatement, edges)
  return Effect.map(Effect.all([rolled, results, states], { concurrency: "unbounded" }), (parts) => parts.flat())
}

const instant = (sql: SqlClient, ms: number) => sql`to_timestamp(${ms}::float8 / 1000)`

const ceilTo = (ms: number, lengthMs: number): number => Math.ceil(ms / lengthMs) * lengthMs

const range = (from: string, to: string): string => `
  SELECT date_part('epoch', date_trunc($2, scheduled_at, 'UTC')) * 1000 AS at, location, status, response_time_ms
  FROM check_results
  WHERE monitor_id = $1 AND scheduled_at >= to_timestamp(${from}::float8 / 1000)
    AND scheduled_at < to_timestamp(${to}::float8 / 1000)`

const resultsStatement = `
  SELECT at, location, up, degraded, down, unknown, latency_sum_ms, histogram_buckets::text, histogram_counts::text,
    0 AS up_ms, 0 AS down_ms
  FROM (${summedSql("at, location", `${range("$3", "$4")} UNION ALL ${range("$5", "$6")}`)}) AS summed`

// Points show no states, so the point is of no account here.
const statesStatement = `
  SELECT $3::float8 AS at, location, 0 AS up, 0 AS degraded, 0 AS down, 0 AS unknown, 0 AS latency_sum_ms, '{}' AS histogram_buckets,
    '{}' AS histogram_counts, coalesce(sum(ms) FILTER (WHERE ${countsAsUp}), 0) AS up_ms,
    coalesce(sum(ms) FILTER (WHERE state = 'Down'), 0) AS down_ms
  FROM (${spentSql(`
    SELECT $1::uuid AS id, to_timestamp(range_from / 1000) AS range_from, to_timestamp(range_to / 1000) AS range_to
    FROM (VALUES ($3::float8, $4::float8), ($5::float8, $6::float8)) AS edge (range_from, range_to)
    WHERE range_from < range_to AND $2 <> ''`)}) AS spent
  GROUP BY location`
