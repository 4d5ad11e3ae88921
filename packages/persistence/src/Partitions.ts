import type { SqlClient } from "@effect/sql/SqlClient"
import { Effect } from "effect"

/** How many days ahead there are partitions for. */
export const daysAhead = 7

/**
 * Makes the partitions of `check_results` that are missing from yesterday to `daysAhead` days from now, by UTC days, and
 * moves into them what the DEFAULT partition holds for their days. Runs in a transaction that holds the chore's lock.
 *
 * @returns how many were made
 */
export const makePartitions = Effect.fnUntraced(function* (sql: SqlClient) {
  const missing = yield* sql<{ readonly name: string; readonly from: string; readonly to: string }>`
    SELECT name, to_char(day, 'YYYY-MM-DD') || ' 00:00:00+00' AS "from",
      to_char(day + interval '1 day', 'YYYY-MM-DD') || ' 00:00:00+00' AS "to"
    FROM (
      SELECT day, 'check_results_p' || to_char(day, 'YYYYMMDD') AS name
      FROM generate_series(-1, ${daysAhead}::int) AS n,
        LATERAL (SELECT date_trunc('day', now() AT TIME ZONE 'UTC') + n * interval '1 day' AS day) AS days
    ) AS wanted
    WHERE to_regclass(name) IS NULL
    ORDER BY day`
  yield* Effect.forEach(
    missing,
    Effect.fnUntraced(function* ({ from, name, to }) {
      yield* sql`CREATE TABLE ${sql(name)} (LIKE check_results INCLUDING DEFAULTS)`
      yield* sql`
            WITH moved AS (
              DELETE FROM check_results_default
              WHERE scheduled_at >= ${from}::timestamptz AND scheduled_at < ${to}::timestamptz
              RETURNING *
            )
            INSERT INTO ${sql(name)} SELECT * FROM moved`
      // Attaching, unlike CREATE … PARTITION OF, lets other transactions go on inserting.
      yield* sql`
            ALTER TABLE check_results ATTACH PARTITION ${sql(name)}
            FOR VALUES FROM (${sql.literal(`'${from}'`)}) TO (${sql.literal(`'${to}'`)})`
    }),
    { discard: true },
  )
  return missing.length
})

/** Drops every day partition with what it holds; the DEFAULT one stays. */
export const dropPartitions = Effect.fnUntraced(function* (sql: SqlClient) {
  const days = yield* sql<{ readonly name: string }>`
    SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'check_results'::regclass AND relname <> 'check_results_default'`
  for (const { name } of days) yield* sql`DROP TABLE ${sql(name)}`
})
