import { SqlClient } from "@effect/sql"
import { Effect } from "effect"

/** When pings are taken is known, since none can come while they are not; and from when on a heartbeat is expected. */
export const pingIntake = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  // turned_on_at: when it was turned on last, or expected anew after a time without pings; null until it is planned.
  yield* sql`ALTER TABLE heartbeats ADD COLUMN turned_on_at timestamptz`
  // One row. seen_at: when an api was there last to take pings.
  yield* sql`CREATE TABLE ping_intake (id boolean PRIMARY KEY CHECK (id), seen_at timestamptz NOT NULL)`
  yield* sql`INSERT INTO ping_intake (id, seen_at) VALUES (true, now())`
  // Of heartbeats, which no region checks, more than one could never be known.
  yield* sql`UPDATE monitors SET min_regions = 1 WHERE kind = 'heartbeat' AND min_regions <> 1`
})
