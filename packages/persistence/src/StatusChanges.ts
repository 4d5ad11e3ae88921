import type { SqlClient } from "@effect/sql/SqlClient"
import { Effect } from "effect"
import { plainArray, textArray } from "./PgArray.ts"
import type { OverallChanges } from "./StateMove.ts"

/**
 * Logs the changes of monitors as a whole for the judge (`docs/incidents.md`), in the transaction that makes them and holds
 * the rows of their status: so the changes of one monitor have numbers in the order in which they were made.
 *
 * @param overall changes of the location `*`
 */
export const writeStatusChanges = (sql: SqlClient, overall: ReadonlyArray<OverallChanges>) => {
  const rows = overall.flatMap(({ before, changes, monitorId }) =>
    changes.map((change, i) => ({ monitorId, from: changes[i - 1]?.to ?? before, ...change })),
  )
  if (rows.length === 0) return Effect.void
  return sql`
    INSERT INTO status_changes (monitor_id, from_status, to_status, at, evidence)
    SELECT monitor_id, from_status, to_status, to_timestamp(at / 1000), evidence
    FROM unnest(${plainArray(rows, (row) => row.monitorId)}::uuid[], ${textArray(rows, (row) => row.from)}::text[],
      ${textArray(rows, (row) => row.to)}::text[], ${plainArray(rows, (row) => row.at)}::float8[],
      ${textArray(rows, ({ seen }) => (seen === null ? null : JSON.stringify(seen)))}::jsonb[]) WITH ORDINALITY
      AS change (monitor_id, from_status, to_status, at, evidence, ord)
    ORDER BY ord`
}
