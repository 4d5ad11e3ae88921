import type { SqlClient } from "@effect/sql/SqlClient"
import type { CheckStatus } from "@uptime/domain/CheckStatus"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import { maxRecentSlots, type RecentChecks, recentSlots, type SlotResult } from "@uptime/domain/RecentChecks"
import { windowMs } from "@uptime/domain/Stats"
import { uptimePercent } from "@uptime/domain/Uptime"
import { DateTime, Effect } from "effect"
import { countsAsUp, spentSql } from "./RollupSql.ts"
import { wholeParts } from "./StatsReads.ts"
import { summedUptimeSql } from "./UptimeReads.ts"

/**
 * How far back results are looked for, and then, for monitors that this does not fill: every day is a partition, and a
 * query that names no days opens all of them.
 */
const reaches: ReadonlyArray<number> = [2 * 86_400_000, 16 * 86_400_000, Number.POSITIVE_INFINITY]

interface MonitorRow {
  readonly id: MonitorId
  readonly min_regions: number
  readonly created_ms: number
  readonly now: number
  readonly hourly_to: number
  readonly daily_to: number
}

interface UptimeRow {
  readonly id: MonitorId
  readonly day_up_ms: number
  readonly day_down_ms: number
  readonly month_up_ms: number
  readonly month_down_ms: number
}

/** The newest checks of an owner's monitors among `ids`, and their uptime; others are not there. */
export const readRecent = Effect.fnUntraced(function* (sql: SqlClient, userId: UserId, ids: ReadonlyArray<MonitorId>) {
  const monitors = yield* sql<MonitorRow>`
    SELECT id, min_regions, date_part('epoch', created_at) * 1000 AS created_ms,
      floor(date_part('epoch', now()) * 1000) AS now,
      (SELECT date_part('epoch', up_to) * 1000 FROM rollup_watermarks WHERE name = 'hourly') AS hourly_to,
      (SELECT date_part('epoch', up_to) * 1000 FROM rollup_watermarks WHERE name = 'daily') AS daily_to
    FROM monitors WHERE user_id = ${userId} AND id = ANY(${ids}::uuid[])`
  const [first] = monitors
  if (first === undefined) return []
  const found = yield* readSlots(sql, monitors, first.now)
  const uptimes = yield* readUptimes(
    sql,
    userId,
    monitors.map(({ id }) => id),
    first,
  )
  const byId = new Map<string, MonitorRow>(monitors.map((row) => [row.id, row]))
  return ids.flatMap((given): ReadonlyArray<RecentChecks> => {
    const row = byId.get(given.toLowerCase())
    if (row === undefined) return []
    const uptime = uptimes.get(row.id)
    return [
      {
        monitorId: row.id,
        checks: recentSlots(found.get(row.id) ?? [], row.min_regions).map(({ at, ...check }) => ({
          at: DateTime.unsafeMake(at),
          ...check,
        })),
        uptime24h: uptimePercent({ upMs: uptime?.day_up_ms ?? 0, downMs: uptime?.day_down_ms ?? 0 }),
        uptime30d: uptimePercent({ upMs: uptime?.month_up_ms ?? 0, downMs: uptime?.month_down_ms ?? 0 }),
      },
    ]
  })
})

const readSlots = Effect.fnUntraced(function* (sql: SqlClient, monitors: ReadonlyArray<MonitorRow>, now: number) {
  const found = new Map<MonitorId, Array<SlotResult>>()
  let wanted = monitors
  for (const reach of reaches) {
    if (wanted.length === 0) break
    const rows = yield* sql.unsafe<{
      readonly monitor_id: MonitorId
      readonly slot: number
      readonly status: CheckStatus
      readonly response_time_ms: number | null
    }>(slotsStatement, [wanted.map(({ id }) => id), now - reach, maxRecentSlots])
    for (const { id } of wanted) found.set(id, [])
    for (const row of rows) {
      const { response_time_ms: responseTimeMs, slot, status } = row
      found.get(row.monitor_id)?.push({ slot, status, responseTimeMs })
    }
    wanted = wanted.filter(
      ({ created_ms, id }) =>
        created_ms < now - reach && new Set(found.get(id)?.map(({ slot }) => slot)).size < maxRecentSlots,
    )
  }
  return found
})

// A region that has a result has a row of its status, so as many rows as regions times slots hold that many whole slots.
const slotsStatement = `
SELECT result.monitor_id, date_part('epoch', scheduled_at) * 1000 AS slot, status, response_time_ms
FROM unnest($1::uuid[]) AS wanted (id), LATERAL (
  SELECT monitor_id, scheduled_at, status, response_time_ms FROM check_results
  WHERE monitor_id = wanted.id AND scheduled_at >= to_timestamp($2::float8 / 1000)
  ORDER BY scheduled_at DESC
  LIMIT $3::int * greatest(1, (SELECT count(*) FROM monitor_status WHERE monitor_id = wanted.id AND location <> '*'))
) AS result`

const readUptimes = (
  sql: SqlClient,
  userId: UserId,
  ids: ReadonlyArray<MonitorId>,
  { daily_to: dailyTo, hourly_to: hourlyTo, now: to }: MonitorRow,
) => {
  const from = to - windowMs["30d"]
  const parts = wholeParts("day", { from, to, hourlyTo, dailyTo })
  const bounds = [from, parts.firstHour, parts.firstDay, parts.dailyTo, parts.hourlyTo, to]
  return Effect.map(
    sql.unsafe<UptimeRow>(uptimesStatement, [userId, ...bounds, ids, to - windowMs["24h"]]),
    (rows) => new Map(rows.map((row) => [row.id, row])),
  )
}

const uptimesStatement = `
WITH own AS MATERIALIZED (SELECT id FROM monitors WHERE user_id = $1 AND id = ANY($8::uuid[])),
${summedUptimeSql}, day AS (
  SELECT id, sum(ms) FILTER (WHERE ${countsAsUp}) AS up_ms, sum(ms) FILTER (WHERE state = 'Down') AS down_ms
  FROM (${spentSql(
    "SELECT id, to_timestamp($9::float8 / 1000) AS range_from, to_timestamp($7::float8 / 1000) AS range_to FROM own",
    "'*'",
  )}) AS part GROUP BY id
)
SELECT own.id, coalesce(day.up_ms, 0)::float8 AS day_up_ms, coalesce(day.down_ms, 0)::float8 AS day_down_ms,
  coalesce(summed.up_ms, 0)::float8 AS month_up_ms, coalesce(summed.down_ms, 0)::float8 AS month_down_ms
FROM own LEFT JOIN day ON day.id = own.id LEFT JOIN summed ON summed.monitor_id = own.id`
