import type { SqlClient } from "@effect/sql/SqlClient"
import { Effect } from "effect"
import type { DecisionsByTag } from "./DecisionsByTag.ts"
import { plainArray, textArray } from "./PgArray.ts"

/**
 * Takes back messages that were not leased, and adds those that are not there: a row per incident, change and channel, in
 * the order in which they were decided on. A channel that was deleted meanwhile is told nothing.
 */
export const noteTold = Effect.fnUntraced(function* (
  sql: SqlClient,
  { Tell, Untell }: Pick<DecisionsByTag, "Tell" | "Untell">,
) {
  if (Untell.length > 0) {
    const withdrawn = yield* sql`
      DELETE FROM alert_outbox AS message
      USING unnest(${plainArray(Untell, ({ incidentId }) => incidentId)}::uuid[],
        ${textArray(Untell, ({ change }) => change)}::text[], ${plainArray(Untell, ({ channelId }) => channelId)}::uuid[])
        AS unwanted (incident_id, change, channel_id)
      WHERE message.incident_id = unwanted.incident_id AND message.change = unwanted.change
        AND message.channel_id = unwanted.channel_id AND state = 'pending' AND leased_until IS NULL
      RETURNING message.id`
    // What was leased after the judge had read it goes out, and the judge has to know.
    if (withdrawn.length < Untell.length) {
      yield* sql`
        UPDATE incidents SET look_at = date_trunc('milliseconds', clock_timestamp())
        WHERE resolved_at IS NULL AND id = ANY(${plainArray(Untell, ({ incidentId }) => incidentId)}::uuid[])`
    }
  }
  if (Tell.length === 0) return
  yield* sql`
    SELECT FROM channels WHERE id = ANY(${plainArray(Tell, ({ channelId }) => channelId)}::uuid[])
    ORDER BY id FOR KEY SHARE`
  yield* sql`
    INSERT INTO alert_outbox (incident_id, change, channel_id, at, due_at, next_attempt_at)
    SELECT incident_id, change, channels.id, to_timestamp(at / 1000), to_timestamp(due_at / 1000), to_timestamp(due_at / 1000)
    FROM unnest(${plainArray(Tell, ({ incidentId }) => incidentId)}::uuid[],
      ${textArray(Tell, ({ change }) => change)}::text[], ${plainArray(Tell, ({ channelId }) => channelId)}::uuid[],
      ${plainArray(Tell, ({ at }) => at)}::float8[], ${plainArray(Tell, ({ dueAt }) => dueAt)}::float8[])
      WITH ORDINALITY AS told (incident_id, change, channel_id, at, due_at, ord)
      JOIN channels ON channels.id = channel_id AND deleted_at IS NULL
    ORDER BY ord
    ON CONFLICT (incident_id, change, channel_id) DO NOTHING`
})
