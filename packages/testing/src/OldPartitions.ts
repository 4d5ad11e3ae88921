import type { SqlClient } from "@effect/sql/SqlClient"
import { Effect } from "effect"

const dayMs = 86_400_000

/** Makes the day partitions of `check_results` that are missing from one instant to another, milliseconds, by the product's names. */
export const makeOldPartitions = Effect.fnUntraced(function* (sql: SqlClient, from: number, until: number) {
  for (let at = Math.floor(from / dayMs) * dayMs; at <= until; at += dayMs) {
    const day = new Date(at).toISOString().slice(0, 10)
    const next = new Date(at + dayMs).toISOString().slice(0, 10)
    yield* sql.unsafe(
      `CREATE TABLE IF NOT EXISTS check_results_p${day.replaceAll("-", "")} PARTITION OF check_results
         FOR VALUES FROM ('${day} 00:00:00+00') TO ('${next} 00:00:00+00')`,
    )
  }
})
