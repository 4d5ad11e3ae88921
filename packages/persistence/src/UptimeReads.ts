import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import { countsAsUp, spentSql } from "./RollupSql.ts"
import { type StatsBounds, wholeParts } from "./StatsReads.ts"

/** What one monitor comes to over a window; times in milliseconds. */
export interface MonitorSums {
  readonly id: MonitorId
  readonly name: string
  readonly group_name: string | null
  readonly tags: ReadonlyArray<string>
  readonly up_ms: number
  readonly down_ms: number
  /** When the first hour or day begins of which it is known how long it was up and down; null without any. */
  readonly known_from: number | null
  /** Outages that reach into the window. */
  readonly outages: number
  /** Of those, the ones that a good check ended, and how long they took from their first failure. */
  readonly recovered: number
  readonly recover_ms: number
  /** Outages that began in the window, and how long they took to be confirmed. */
  readonly detected: number
  readonly detect_ms: number
}

/**
 * What each of an owner's monitors, or the one of them that is named, comes to over a window: whole days and hours from
 * rollups, the ends from intervals.
 */
export const readMonitorSums = (sql: SqlClient, userId: UserId, bounds: StatsBounds, monitorId?: MonitorId) => {
  const { dailyTo, firstDay, firstHour, hourlyTo } = wholeParts("day", bounds)
  const window = [bounds.from, firstHour, firstDay, dailyTo, hourlyTo, bounds.to]
  return monitorId === undefined
    ? sql.unsafe<MonitorSums>(ofAll, [userId, ...window])
    : sql.unsafe<MonitorSums>(ofOne, [userId, ...window, monitorId])
}

const at = (parameter: number): string => `to_timestamp($${parameter}::float8 / 1000)`

const rolled = (table: string, from: number, to: number): string => `
    SELECT monitor_id, up_ms, down_ms, bucket AS began FROM ${table} JOIN own ON own.id = monitor_id
    WHERE location = '*' AND bucket >= ${at(from)} AND bucket < ${at(to)}`

/**
 * SQL of `summed` (`monitor_id`, `up_ms`, `down_ms`, `known_from`): the time up and down of the monitors of `own` over a window
 * whose parts begin and end at the parameters 2 to 7 (`wholeParts` of days), and since when there is any. An interval may be
 * older than what is kept, and then tells of the window's first moments, and of none between: those are no beginning.
 */
export const summedUptimeSql = `spent AS (
  SELECT id AS monitor_id, sum(ms) FILTER (WHERE ${countsAsUp}) AS up_ms, sum(ms) FILTER (WHERE state = 'Down') AS down_ms,
    min(began) FILTER (WHERE (${countsAsUp} OR state = 'Down') AND began >= ${at(3)}) AS began
  FROM (${spentSql(
    `
    SELECT own.id, to_timestamp(range_from / 1000) AS range_from, to_timestamp(range_to / 1000) AS range_to
    FROM own, (VALUES ($2::float8, $3::float8), ($6::float8, $7::float8)) AS edge (range_from, range_to)
    WHERE range_from < range_to`,
    "'*'",
  )}) AS part
  GROUP BY id
), summed AS (
  SELECT monitor_id, sum(up_ms) AS up_ms, sum(down_ms) AS down_ms,
    min(began) FILTER (WHERE up_ms > 0 OR down_ms > 0) AS known_from
  FROM (
    ${rolled("rollup_hourly", 3, 4)} UNION ALL ${rolled("rollup_daily", 4, 5)} UNION ALL ${rolled("rollup_hourly", 5, 6)}
    UNION ALL SELECT monitor_id, up_ms, down_ms, began FROM spent
  ) AS part GROUP BY monitor_id
)`

// An outage ends where the monitor is good again, or where it is not known: by a pause, an overlay or silence. A change to
// `Down` that is no outage lies under an overlay, whose intervals say something else.
const sumsOf = (own: string): string => `
WITH own AS MATERIALIZED (SELECT id, name, group_name, tags FROM monitors WHERE ${own}),
${summedUptimeSql}, outage AS (
  SELECT outages.monitor_id, count(*) AS outages, count(good.started_at) AS recovered,
    sum(date_part('epoch', good.started_at - outages.started_at)) * 1000 AS recover_ms
  FROM outages JOIN own ON own.id = outages.monitor_id LEFT JOIN state_intervals AS good
    ON good.monitor_id = outages.monitor_id AND good.location = '*' AND good.started_at = outages.ended_at AND ${countsAsUp}
  WHERE outages.location = '*' AND outages.started_at < ${at(7)}
    AND (outages.ended_at IS NULL OR outages.ended_at > ${at(2)})
  GROUP BY outages.monitor_id
), detected AS (
  SELECT change.monitor_id, count(*) AS detected, sum(date_part('epoch', noticed_at - at)) * 1000 AS detect_ms
  FROM status_changes AS change JOIN own ON own.id = change.monitor_id
    JOIN outages ON outages.monitor_id = change.monitor_id AND location = '*' AND started_at = at
  WHERE to_status = 'Down' AND at >= ${at(2)} AND at < ${at(7)}
  GROUP BY change.monitor_id
)
SELECT own.id, name, group_name, tags, coalesce(up_ms, 0)::float8 AS up_ms, coalesce(down_ms, 0)::float8 AS down_ms,
  round(date_part('epoch', CASE known_from WHEN ${at(3)} THEN ${at(2)} ELSE known_from END) * 1000) AS known_from,
  coalesce(outages, 0)::int AS outages, coalesce(recovered, 0)::int AS recovered,
  round(coalesce(recover_ms, 0)::numeric)::float8 AS recover_ms, coalesce(detected, 0)::int AS detected,
  round(coalesce(detect_ms, 0)::numeric)::float8 AS detect_ms
FROM own LEFT JOIN summed ON summed.monitor_id = own.id LEFT JOIN outage ON outage.monitor_id = own.id
  LEFT JOIN detected ON detected.monitor_id = own.id`

const ofAll = sumsOf("user_id = $1")
const ofOne = sumsOf("user_id = $1 AND id = $8")
