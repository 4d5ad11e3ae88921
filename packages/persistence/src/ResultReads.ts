import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import type { Evidence } from "@uptime/domain/Result"
import { Clock, Effect } from "effect"
import type { ResultRow } from "./MonitorRows.ts"
import type { ResultCursor, ResultFilter } from "./Results.ts"

/**
 * How far back a list looks at first, and then, where that does not fill it: every day is a partition, and a query that
 * names no days plans and opens all of them.
 */
const reaches: ReadonlyArray<number> = [2 * 86_400_000, 16 * 86_400_000, Number.POSITIVE_INFINITY]

/** A row of `check_results`; `maintenance` is null before the monitor's first state. */
export interface ResultDetailRow extends ResultRow {
  readonly attempts: number
  readonly evidence: Evidence | null
  readonly maintenance: boolean | null
}

/** The results of an owner's monitor that pass a filter, newest slot first, then by location; at most `limit`. */
export const readResults = Effect.fnUntraced(function* (
  sql: SqlClient,
  userId: UserId,
  monitorId: MonitorId,
  filter: ResultFilter,
  limit: number,
  after: ResultCursor | null,
) {
  const instant = (ms: number) => sql`to_timestamp(${ms}::float8 / 1000)`
  const conditions = [
    sql`monitor_id = ${monitorId}`,
    sql`EXISTS (SELECT FROM monitors WHERE id = ${monitorId} AND user_id = ${userId})`,
  ]
  if (filter.location !== undefined) conditions.push(sql`location = ${filter.location}`)
  if (filter.status !== undefined) conditions.push(sql`status = ${filter.status}`)
  if (filter.to !== undefined) conditions.push(sql`scheduled_at < ${instant(filter.to)}`)
  if (after !== null) {
    conditions.push(
      sql`scheduled_at <= ${instant(after.scheduledAt)}`,
      sql`(scheduled_at < ${instant(after.scheduledAt)} OR location > ${after.location})`,
    )
  }
  const newest = after?.scheduledAt ?? filter.to ?? (yield* Clock.currentTimeMillis)
  const from = filter.from ?? Number.NEGATIVE_INFINITY
  for (const reach of reaches) {
    const oldest = Math.max(from, newest - reach)
    const rows = yield* sql<ResultDetailRow>`
      SELECT *, (
        SELECT state = 'Maintenance' FROM state_intervals
        WHERE state_intervals.monitor_id = check_results.monitor_id AND state_intervals.location = '*'
          AND started_at <= scheduled_at
        ORDER BY started_at DESC LIMIT 1
      ) AS maintenance
      FROM check_results
      WHERE ${sql.and([...conditions, sql`scheduled_at >= ${instant(oldest)}`])}
      ORDER BY scheduled_at DESC, location LIMIT ${limit}`
    if (rows.length >= limit || oldest === from) return rows
  }
  return []
})
