import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId } from "@uptime/domain/Ids"
import { Effect } from "effect"
import { tryLock } from "./ChoreLock.ts"
import { deleteInBatches } from "./DeleteInBatches.ts"
import { deleteResults } from "./ResultDeletion.ts"
import { failAs, transaction } from "./SqlFailure.ts"

/** The most monitors that one round clears, and the most days of results of each. */
const maxMonitors = 1000
const maxDays = 100

/**
 * Clears away what belonged to deleted monitors: results, intervals and rollups. A deletion is remembered for a day, so that
 * what was on its way when the monitor was deleted is cleared too.
 *
 * @returns how many results were deleted
 */
export const purgeDeleted = Effect.fnUntraced(function* (sql: SqlClient) {
  const deletions = yield* sql<{ readonly monitor_id: MonitorId; readonly is_old: boolean }>`
    SELECT monitor_id, deleted_at < now() - interval '1 day' AS is_old FROM monitor_deletions
    ORDER BY deleted_at LIMIT ${maxMonitors}`.pipe(failAs("Housekeeping.purgeDeleted"))
  let deleted = 0
  for (const { is_old: isOld, monitor_id: id } of deletions) {
    const n = yield* purge(sql, id, isOld).pipe(transaction(sql, "Housekeeping.purgeDeleted"))
    if (n === null) return deleted
    deleted += n
  }
  return deleted
})

const purge = Effect.fnUntraced(function* (sql: SqlClient, id: MonitorId, isOld: boolean) {
  if (!(yield* tryLock(sql, "purge"))) return null
  const { deleted, isAll } = yield* deleteResults(sql, id, Number.POSITIVE_INFINITY, maxDays)
  // Rollups are written by one process at a time; where one is at it, the next round clears the rest.
  if (!(yield* tryLock(sql, "rollUp"))) return deleted
  yield* sql`SELECT FROM rollup_dirty WHERE monitor_id = ${id} ORDER BY hour FOR UPDATE`
  for (const table of ["state_intervals", "rollup_dirty", "rollup_hourly", "rollup_daily"]) {
    yield* deleteInBatches(sql, table, sql`monitor_id = ${id}`)
  }
  if (isOld && isAll) yield* sql`DELETE FROM monitor_deletions WHERE monitor_id = ${id}`
  return deleted
})
