import { SqlClient } from "@effect/sql"
import { Effect } from "effect"

/** What it takes to forget old incidents and changes of status without reading through all of them. */
export const alertHousekeeping = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  // Changes are written in the order of the time: a few pages of index say where the old ones are.
  yield* sql`CREATE INDEX status_changes_noticed ON status_changes USING brin (noticed_at)`
  yield* sql`CREATE INDEX incidents_resolved ON incidents (resolved_at) WHERE resolved_at IS NOT NULL`
})
