import { SqlClient } from "@effect/sql"
import { Effect } from "effect"

/** Pages may say how monitors are from each region, and webhooks of subscribers may be gone. */
export const pageRegions = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  yield* sql`ALTER TABLE status_pages ADD COLUMN shows_regions boolean NOT NULL DEFAULT false`
  // gone_at: when a webhook answered that it is there no more; it is told nothing from then on.
  yield* sql`ALTER TABLE page_subscribers ADD COLUMN gone_at timestamptz`
})
