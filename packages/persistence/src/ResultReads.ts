import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import { Clock, Effect } from "effect"
import type { ResultRow } from "./MonitorRows.ts"
import type { ResultCursor, ResultFilter } from "./Results.ts"

/**
 * How far back a list looks at first, and then, where that does not fill it: every day is a partition, and a query that
 * names no days plans and opens all of them.
 */
const reaches: ReadonlyArray<number> = [2 * 86_400_000, 16 * 86_400_000, Number.POSITIVE_INFINITY]

/** The results of an owner's monitor that pass a filter, newest slot first, then by location; at most `limit`. */
export const readResults = (
  sql: SqlClient,
  userId: UserId,
  monitorId: MonitorId,
  filter: ResultFilter,
  limit: number,
  after: ResultCursor | null,
) =>
  Effect.gen(function* () {
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
      const rows = yield* sql<ResultRow>`
        SELECT * FROM check_results
        WHERE ${sql.and([...conditions, sql`scheduled_at >= ${instant(oldest)}`])}
        ORDER BY scheduled_at DESC, location LIMIT ${limit}`
      if (rows.length >= limit || oldest === from) return rows
    }
    return []
  })
