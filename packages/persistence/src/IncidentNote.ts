import type { SqlClient } from "@effect/sql/SqlClient"
import type { ChannelId, IncidentId } from "@uptime/domain/Ids"
import { freeAt, type QuietHours } from "@uptime/incidents/QuietHours"
import { Effect } from "effect"
import { noteTold } from "./IncidentTelling.ts"

/**
 * Tells what a person wrote for everybody to every channel that was told anything of the incident, after the end of its quiet
 * hours: as the change `note:<id of the entry>`, in the transaction that added the entry.
 *
 * @param now milliseconds since the epoch
 */
export const tellNote = Effect.fnUntraced(function* (
  sql: SqlClient,
  incidentId: IncidentId,
  updateId: string,
  now: number,
) {
  const channels = yield* sql<{ readonly id: ChannelId; readonly quietHours: QuietHours | null }>`
    SELECT id, quiet_hours AS "quietHours" FROM channels
    WHERE enabled AND deleted_at IS NULL AND id IN (SELECT channel_id FROM alert_outbox WHERE incident_id = ${incidentId})
    ORDER BY id`
  yield* noteTold(sql, {
    Untell: [],
    Tell: channels.map(({ id, quietHours }) => ({
      _tag: "Tell",
      incidentId,
      change: `note:${updateId}`,
      channelId: id,
      at: now,
      dueAt: freeAt(quietHours, now),
    })),
  })
})
