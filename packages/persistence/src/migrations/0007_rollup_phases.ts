import { SqlClient } from "@effect/sql"
import { Effect } from "effect"

/** Where the time of checks went, by hour and day: of each phase its sum, and how many results reached it. */
export const rollupPhases = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const columns = ["dns", "connect", "tls", "first_byte", "transfer"]
    .map(
      (phase) =>
        `ADD COLUMN ${phase}_sum_ms double precision NOT NULL DEFAULT 0, ADD COLUMN ${phase}_count integer NOT NULL DEFAULT 0`,
    )
    .join(", ")
  for (const table of ["rollup_hourly", "rollup_daily"]) yield* sql.unsafe(`ALTER TABLE ${table} ${columns}`)
})
