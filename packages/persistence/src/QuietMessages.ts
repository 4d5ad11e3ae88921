import type { SqlClient } from "@effect/sql/SqlClient"
import type { ChannelId } from "@uptime/domain/Ids"
import { freeAt, type QuietHours } from "@uptime/incidents/QuietHours"
import { Effect } from "effect"

/**
 * Lets the messages to a channel that wait for the end of its quiet hours wait for the end of those it has now, and no longer
 * where it has none. In the transaction that sets them.
 */
export const waitAnew = Effect.fnUntraced(function* (
  sql: SqlClient,
  channelId: ChannelId,
  quietHours: QuietHours | null,
) {
  const [clock] = yield* sql<{ readonly now: number }>`
    SELECT floor(date_part('epoch', clock_timestamp()) * 1000) AS now`
  const dueAt = freeAt(quietHours, clock?.now ?? 0)
  yield* sql`
    UPDATE alert_outbox SET due_at = due, next_attempt_at = due FROM to_timestamp(${dueAt}::float8 / 1000) AS due
    WHERE channel_id = ${channelId} AND state = 'pending' AND due_at > now()`
})
