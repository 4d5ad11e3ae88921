import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId } from "@uptime/domain/Ids"
import type { DayUptime } from "@uptime/domain/Series"
import { coverage, uptimePercent } from "@uptime/domain/Uptime"
import { DateTime, Effect } from "effect"
import { countsAsUp, spentSql } from "./RollupSql.ts"

const dayMs = 86_400_000

interface DayRow {
  readonly day: number
  readonly checks: number
  readonly up_ms: number
  readonly down_ms: number
}

/**
 * The last `days` days (UTC) of a monitor, today among them, oldest first: whole days from the daily rollup, whole hours
 * from the hourly one, and what is not rolled up from results and intervals.
 *
 * @param now the database's time, and `hourlyTo` and `dailyTo` up to where it is rolled up, in milliseconds since the epoch
 */
export const readDays = (
  sql: SqlClient,
  id: MonitorId,
  days: number,
  { dailyTo, hourlyTo, now }: { readonly now: number; readonly hourlyTo: number; readonly dailyTo: number },
) => {
  const first = (Math.floor(now / dayMs) - days + 1) * dayMs
  const hoursEnd = Math.min(now, Math.max(first, hourlyTo))
  const daysEnd = Math.min(hoursEnd, Math.max(first, dailyTo))
  return Effect.map(sql.unsafe<DayRow>(statement, [id, first, daysEnd, hoursEnd, now]), (rows) => {
    const byDay = new Map(rows.map((row) => [row.day, row]))
    return Array.from({ length: days }, (_, i): DayUptime => {
      const from = first + i * dayMs
      const row = byDay.get(from)
      const spent = { upMs: row?.up_ms ?? 0, downMs: row?.down_ms ?? 0 }
      return {
        day: DateTime.formatIsoDateUtc(DateTime.unsafeMake(from)),
        uptime: uptimePercent(spent),
        downSeconds: Math.round(spent.downMs / 1000),
        coverage: coverage(spent, from, Math.min(now, from + dayMs)),
        checks: row?.checks ?? 0,
      }
    })
  })
}

const within = (column: string, from: number, to: number): string =>
  `${column} >= to_timestamp($${from}::float8 / 1000) AND ${column} < to_timestamp($${to}::float8 / 1000)`

const rolled = (table: string, from: number, to: number): string => `
  SELECT date_trunc('day', bucket, 'UTC') AS day, location, up + degraded + down + unknown AS checks, up_ms, down_ms
  FROM ${table} WHERE monitor_id = $1 AND ${within("bucket", from, to)}`

// What is not rolled up yet may lie in two days.
const ranges = `
  SELECT $1::uuid AS id, greatest(day, to_timestamp($4::float8 / 1000)) AS range_from,
    least(day + interval '1 day', to_timestamp($5::float8 / 1000)) AS range_to
  FROM generate_series(date_trunc('day', to_timestamp($4::float8 / 1000), 'UTC'), to_timestamp($5::float8 / 1000),
    interval '1 day') AS day`

const statement = `
SELECT date_part('epoch', day) * 1000 AS day, coalesce(sum(checks) FILTER (WHERE location <> '*'), 0)::int AS checks,
  coalesce(sum(up_ms) FILTER (WHERE location = '*'), 0)::float8 AS up_ms,
  coalesce(sum(down_ms) FILTER (WHERE location = '*'), 0)::float8 AS down_ms
FROM (
  ${rolled("rollup_daily", 2, 3)} UNION ALL ${rolled("rollup_hourly", 3, 4)}
  UNION ALL
  SELECT date_trunc('day', scheduled_at, 'UTC') AS day, location, count(*) AS checks, 0 AS up_ms, 0 AS down_ms
  FROM check_results WHERE monitor_id = $1 AND ${within("scheduled_at", 4, 5)} GROUP BY 1, 2
  UNION ALL
  SELECT date_trunc('day', range_from, 'UTC') AS day, location, 0 AS checks,
    coalesce(sum(ms) FILTER (WHERE ${countsAsUp}), 0) AS up_ms, coalesce(sum(ms) FILTER (WHERE state = 'Down'), 0) AS down_ms
  FROM (${spentSql(ranges, "'*'")}) AS spent GROUP BY 1, 2
) AS part
GROUP BY 1`
