import type { SqlClient } from "@effect/sql/SqlClient"
import type { Fragment } from "@effect/sql/Statement"
import type { ChannelId, IncidentId, UserId } from "@uptime/domain/Ids"
import type { Delivery } from "@uptime/domain/Incident"
import { DateTime, Effect } from "effect"

/** A message with its number, which lists go on by. */
export interface ChannelDelivery extends Delivery {
  readonly id: number
}

/** Messages that pass a condition, newest first. */
export const readDeliveries = (sql: SqlClient, condition: Fragment, limit: number) =>
  Effect.map(
    sql<DeliveryRow>`
      SELECT message.*, channels.name AS channel_name, deleted_at IS NOT NULL AS is_channel_deleted
      FROM (
        SELECT id, incident_id, channel_id, change, state, attempts, at, due_at, next_attempt_at, sent_at, last_error
        FROM alert_outbox WHERE ${condition} ORDER BY id DESC LIMIT ${limit}
      ) AS message JOIN channels ON channels.id = channel_id
      ORDER BY message.id DESC`,
    (rows) => rows.map(deliveryOf),
  )

/** The newest message to each of an owner's channels that had any. */
export const readLatestDeliveries = (sql: SqlClient, userId: UserId) =>
  Effect.map(
    sql<DeliveryRow>`
      SELECT latest.id, incident_id, channel_id, name AS channel_name, false AS is_channel_deleted, change, state,
        attempts, latest.at, due_at, next_attempt_at, sent_at, last_error
      FROM channels CROSS JOIN LATERAL (
        SELECT * FROM alert_outbox WHERE channel_id = channels.id ORDER BY alert_outbox.id DESC LIMIT 1
      ) AS latest
      WHERE user_id = ${userId} AND deleted_at IS NULL`,
    (rows) => rows.map(deliveryOf),
  )

interface DeliveryRow {
  readonly id: number
  readonly incident_id: IncidentId
  readonly channel_id: ChannelId
  readonly channel_name: string
  readonly is_channel_deleted: boolean
  readonly change: string
  readonly state: Delivery["state"]
  readonly attempts: number
  readonly at: Date
  readonly due_at: Date
  readonly next_attempt_at: Date
  readonly sent_at: Date | null
  readonly last_error: string | null
}

const deliveryOf = (row: DeliveryRow): ChannelDelivery => ({
  id: row.id,
  incidentId: row.incident_id,
  channelId: row.channel_id,
  channelName: row.channel_name,
  isChannelDeleted: row.is_channel_deleted,
  change: row.change,
  state: row.state,
  attempts: row.attempts,
  at: DateTime.unsafeFromDate(row.at),
  dueAt: DateTime.unsafeFromDate(row.due_at),
  nextTryAt: row.state === "pending" ? DateTime.unsafeFromDate(row.next_attempt_at) : null,
  sentAt: row.sent_at === null ? null : DateTime.unsafeFromDate(row.sent_at),
  lastError: row.last_error,
})
