import { SqlClient } from "@effect/sql"
import { Effect } from "effect"

/** Who agreed to be sent emails by channels of an account, who was asked, and who wants none. */
export const emailRecipients = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  // address: in lower case. token_hashes: of what the links of the newest emails carry, newest first.
  yield* sql`
    CREATE TABLE email_recipients (
      user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      address text NOT NULL,
      token_hashes text[] NOT NULL,
      asked_at timestamptz NOT NULL,
      confirmed_at timestamptz,
      refused_at timestamptz,
      PRIMARY KEY (user_id, address)
    )`
  yield* sql`CREATE INDEX email_recipients_tokens ON email_recipients USING gin (token_hashes)`
  yield* sql`CREATE INDEX email_recipients_open ON email_recipients (asked_at) WHERE confirmed_at IS NULL`
})
