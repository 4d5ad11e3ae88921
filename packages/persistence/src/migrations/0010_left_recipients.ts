import { SqlClient } from "@effect/sql"
import { Effect } from "effect"

/** An email that reached some of its recipients is sent again to the others alone. */
export const leftRecipients = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  // recipients_left: whom it did not reach; null while it reached nobody, and once it reached all.
  yield* sql`ALTER TABLE alert_outbox ADD COLUMN recipients_left text[]`
  // A tag that Apprise never looked at, since it chooses among the services of a key alone, is not taken any more.
  yield* sql`UPDATE channels SET config = config - 'tag' WHERE config->>'kind' = 'apprise' AND config ? 'urls'`
})
