import { SqlClient } from "@effect/sql"
import { Effect } from "effect"

/**
 * Host names of pages are proven before anything is served there. Until then any number of pages may name one, so that
 * nobody keeps another from what is theirs.
 */
export const pageDomains = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  // domain_token: what the record has to hold. domain_proven_at: when the record was seen last; null while it is not there.
  yield* sql`
    ALTER TABLE status_pages
      ADD COLUMN domain_token text,
      ADD COLUMN domain_asked_at timestamptz,
      ADD COLUMN domain_checked_at timestamptz,
      ADD COLUMN domain_proven_at timestamptz,
      DROP CONSTRAINT status_pages_domain`
  // Those that are served already go on for as long as a record may be away.
  yield* sql`
    UPDATE status_pages SET domain_token = encode(sha256(gen_random_uuid()::text::bytea), 'hex'), domain_asked_at = now(),
      domain_proven_at = now()
    WHERE domain IS NOT NULL`
  yield* sql`CREATE UNIQUE INDEX status_pages_domain ON status_pages (domain) WHERE domain_proven_at IS NOT NULL`
})
