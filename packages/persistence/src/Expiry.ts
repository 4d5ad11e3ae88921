import type { SqlClient } from "@effect/sql/SqlClient"
import { Effect } from "effect"
import { tryLock } from "./ChoreLock.ts"
import { deleteInBatches } from "./DeleteInBatches.ts"
import { failAs, transaction } from "./SqlFailure.ts"

/**
 * Drops the day partitions of `check_results` that ended more than `days` days ago, each in a transaction of its own, and
 * deletes rollups and state intervals that ended before then.
 *
 * @returns how many partitions were dropped
 */
export const dropExpired = Effect.fnUntraced(function* (sql: SqlClient, days: number) {
  const expired = yield* sql<{ readonly name: string }>`
    SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'check_results'::regclass AND relname ~ '^check_results_p[0-9]{8}$'
      AND to_date(right(relname, 8), 'YYYYMMDD') + 1 <= (now() AT TIME ZONE 'UTC') - ${days}::int * interval '1 day'
    ORDER BY relname`.pipe(failAs("Housekeeping.dropExpired"))
  let dropped = 0
  for (const { name } of expired) {
    const done = yield* Effect.gen(function* () {
      if (!(yield* tryLock(sql, "expire"))) return false
      yield* sql`DROP TABLE IF EXISTS ${sql(name)}`
      return true
    }).pipe(transaction(sql, "Housekeeping.dropExpired"))
    if (!done) return dropped
    dropped++
  }
  const limit = sql`now() - ${days}::int * interval '1 day'`
  yield* deleteInBatches(sql, "rollup_hourly", sql`bucket <= ${limit} - interval '1 hour'`)
  yield* deleteInBatches(sql, "rollup_daily", sql`bucket <= ${limit} - interval '24 hours'`)
  yield* deleteInBatches(sql, "state_intervals", sql`ended_at <= ${limit}`)
  return dropped
})
