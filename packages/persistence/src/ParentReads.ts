import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId } from "@uptime/domain/Ids"
import { Effect } from "effect"
import { plainArray } from "./PgArray.ts"

/**
 * The monitors above some, by `parents`, without these: the nearest first. One that was deleted just now may be among them.
 *
 * @param levels how far up; at any depth unless given
 */
export const readAbove = Effect.fnUntraced(function* (
  sql: SqlClient,
  ids: ReadonlyArray<MonitorId>,
  levels = Number.POSITIVE_INFINITY,
) {
  const known = new Set(ids)
  let level = ids
  for (let i = 0; i < levels && level.length > 0; i++) {
    level = yield* sql<{ readonly id: MonitorId }>`
      SELECT DISTINCT unnest(parents) AS id FROM monitors
      WHERE id = ANY(${plainArray(level, (id) => id)}::uuid[]) AND parents <> '{}'`.pipe(
      Effect.map((rows) => newOnes(known, rows)),
    )
  }
  return [...known].slice(new Set(ids).size)
})

/** Those of some rows that were not known, which they are from now on. */
export const newOnes = (
  known: Set<MonitorId>,
  rows: ReadonlyArray<{ readonly id: MonitorId }>,
): ReadonlyArray<MonitorId> => {
  const found = [...new Set(rows.map(({ id }) => id))].filter((id) => !known.has(id))
  for (const id of found) known.add(id)
  return found
}
