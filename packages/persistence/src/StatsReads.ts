import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId } from "@uptime/domain/Ids"
import { Effect } from "effect"
import { summedSql } from "./RollupSql.ts"

/** The window of statistics, in milliseconds, and up to where results are rolled up. */
export interface StatsBounds {
  readonly from: number
  readonly to: number
  readonly hourlyTo: number
  readonly dailyTo: number
}

/** Results of one location summed over some time, which begins within the point `at` of the series. */
export interface SummedRow {
  readonly at: number
  readonly location: string
  readonly up: number
  readonly down: number
  readonly unknown: number
  readonly latency_sum_ms: number
  readonly histogram_buckets: ReadonlyArray<number>
  readonly histogram_counts: ReadonlyArray<number>
}

/** Milliseconds that a location (`*`: the monitor as a whole) was up and down within the window. */
export interface DurationRow {
  readonly location: string
  readonly up_ms: number
  readonly down_ms: number
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/**
 * The results of the window, every one counted once: whole days from the daily rollup where points are days, whole hours
 * from the hourly one, and what is left at both ends, an hour or two, from the results themselves.
 */
export const readSums = (sql: SqlClient, id: MonitorId, point: "hour" | "day", bounds: StatsBounds) =>
  Effect.gen(function* () {
    const { from, to } = bounds
    const firstHour = Math.min(ceilTo(from, hourMs), to)
    const hourlyTo = Math.max(firstHour, Math.min(bounds.hourlyTo, to))
    const firstDay = point === "day" ? Math.min(ceilTo(from, dayMs), hourlyTo) : hourlyTo
    const dailyTo = point === "day" ? Math.max(firstDay, Math.min(bounds.dailyTo, hourlyTo)) : hourlyTo
    const rolled = yield* sql<SummedRow>`
      SELECT date_part('epoch', date_trunc(${point}, bucket, 'UTC')) * 1000 AS at, location, up, down, unknown,
        latency_sum_ms, histogram_buckets, histogram_counts
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
    const raw = yield* sql.unsafe<SummedRow>(rawStatement, [id, point, from, firstHour, hourlyTo, to])
    return [...rolled, ...raw]
  })

/** The time up and down in the window, per location; equal to `durationsWithin` of the same intervals. */
export const readDurations = (sql: SqlClient, id: MonitorId, { from, to }: StatsBounds) => sql<DurationRow>`
  SELECT location, coalesce(sum(ms) FILTER (WHERE state = 'Up'), 0) AS up_ms,
    coalesce(sum(ms) FILTER (WHERE state = 'Down'), 0) AS down_ms
  FROM (
    SELECT location, state, round(date_part('epoch',
      least(coalesce(ended_at, ${instant(sql, to)}), ${instant(sql, to)}) - greatest(started_at, ${instant(sql, from)})
    ) * 1000) AS ms
    FROM state_intervals
    WHERE monitor_id = ${id} AND started_at < ${instant(sql, to)}
      AND (ended_at IS NULL OR ended_at > ${instant(sql, from)})
  ) AS clipped
  WHERE ms > 0
  GROUP BY location`

const instant = (sql: SqlClient, ms: number) => sql`to_timestamp(${ms}::float8 / 1000)`

const ceilTo = (ms: number, lengthMs: number): number => Math.ceil(ms / lengthMs) * lengthMs

const range = (from: string, to: string): string => `
  SELECT date_part('epoch', date_trunc($2, scheduled_at, 'UTC')) * 1000 AS at, location, status, response_time_ms
  FROM check_results
  WHERE monitor_id = $1 AND scheduled_at >= to_timestamp(${from}::float8 / 1000)
    AND scheduled_at < to_timestamp(${to}::float8 / 1000)`

const rawStatement = summedSql("at, location", `${range("$3", "$4")} UNION ALL ${range("$5", "$6")}`)
