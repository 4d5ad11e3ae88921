import { SqlClient } from "@effect/sql/SqlClient"
import { MonitorId } from "@uptime/domain/Ids"
import { Effect, Schema } from "effect"

const decodeRows = Schema.decodeUnknown(Schema.Array(Schema.Struct({ id: MonitorId })))

/** So many monitors of a new account, in a database that has no account yet; their ids. */
export const storedMonitors = (count: number) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    yield* sql`
      INSERT INTO users (id, email, name, password_hash, created_at, updated_at)
      VALUES ('00000000-0000-4000-8000-000000000000', 'a@example.com', 'A', '-', now(), now())`
    const rows = yield* sql`
      INSERT INTO monitors (id, user_id, name, kind, url, interval_seconds, timeout_ms, enabled, next_check_at, created_at, updated_at)
      SELECT gen_random_uuid(), '00000000-0000-4000-8000-000000000000', 'm', 'http', 'http://target/', 60, 5000, true,
             now(), now(), now()
      FROM generate_series(1, ${count})
      RETURNING id`.pipe(Effect.flatMap(decodeRows))
    return rows.map(({ id }) => id)
  })
