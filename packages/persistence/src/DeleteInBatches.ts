import type { SqlClient } from "@effect/sql/SqlClient"
import type { Fragment } from "@effect/sql/Statement"
import { Effect } from "effect"
import { failAs } from "./SqlFailure.ts"

/** The most rows of one statement. */
const batch = 5000

/** Deletes rows of a table without partitions, some thousands per statement; how many. */
export const deleteInBatches = Effect.fnUntraced(function* (sql: SqlClient, table: string, condition: Fragment) {
  let deleted = 0
  while (true) {
    const [row] = yield* sql<{ readonly n: number }>`
      WITH gone AS (
        DELETE FROM ${sql(table)}
        WHERE ctid = ANY(ARRAY(SELECT ctid FROM ${sql(table)} WHERE ${condition} LIMIT ${batch}))
        RETURNING 1
      )
      SELECT count(*)::int AS n FROM gone`
    const n = row?.n ?? 0
    deleted += n
    if (n < batch) return deleted
  }
}, failAs("deleteInBatches"))
