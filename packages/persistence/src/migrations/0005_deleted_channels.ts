import { SqlClient } from "@effect/sql"
import { Effect } from "effect"

/** Channels that were deleted keep their name, for as long as something was told by them that is still known. */
export const deletedChannels = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  yield* sql`ALTER TABLE channels ADD COLUMN deleted_at timestamptz`
  yield* sql`CREATE INDEX channels_deleted ON channels (deleted_at) WHERE deleted_at IS NOT NULL`
})
