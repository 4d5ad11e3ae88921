import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId } from "@uptime/domain/Ids"
import { Effect } from "effect"

/**
 * Deletes a monitor's results scheduled before an instant, a day of them per statement, oldest first.
 *
 * @param before milliseconds since the epoch; infinite for all of them
 * @param maxDays the most days to delete
 * @returns how many rows, and whether that was all
 */
export const deleteResults = Effect.fnUntraced(function* (
  sql: SqlClient,
  monitorId: MonitorId,
  before: number,
  maxDays: number,
) {
  let deleted = 0
  for (let day = 0; day < maxDays; day++) {
    const [oldest] = yield* sql<{ readonly at: number | null }>`
      SELECT date_part('epoch', min(scheduled_at)) * 1000 AS at FROM check_results WHERE monitor_id = ${monitorId}`
    const at = oldest?.at ?? null
    if (at === null || at >= before) return { deleted, isAll: true }
    const [row] = yield* sql<{ readonly n: number }>`
      WITH gone AS (
        DELETE FROM check_results
        WHERE monitor_id = ${monitorId} AND scheduled_at >= to_timestamp(${at}::float8 / 1000)
          AND scheduled_at < to_timestamp(${Math.min(before, at + 86_400_000)}::float8 / 1000)
        RETURNING 1
      )
      SELECT count(*)::int AS n FROM gone`
    deleted += row?.n ?? 0
  }
  return { deleted, isAll: false }
})
