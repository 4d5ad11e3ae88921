import { randomUUID } from "node:crypto"
import type { SqlClient } from "@effect/sql/SqlClient"
import type { Fragment } from "@effect/sql/Statement"
import { ChannelId, type UserId } from "@uptime/domain/Ids"
import type { QuietHours } from "@uptime/incidents/QuietHours"
import { DateTime, Effect } from "effect"
import type { ChannelCursor, ChannelSettings, StoredChannel, StoredConfig } from "./Channel.ts"

interface ChannelRow {
  readonly id: ChannelId
  readonly name: string
  readonly config: StoredConfig
  readonly enabled: boolean
  readonly is_default: boolean
  readonly quiet_hours: QuietHours | null
  readonly created_at: Date
  readonly updated_at: Date
}

/** An owner's channels, newest first. */
export const readChannels = (
  sql: SqlClient,
  userId: UserId,
  { id }: { readonly id?: ChannelId },
  limit: number,
  after: ChannelCursor | null,
) => {
  const conditions: Array<Fragment> = [sql`user_id = ${userId} AND deleted_at IS NULL`]
  if (id !== undefined) conditions.push(sql`id = ${id}`)
  if (after !== null) {
    conditions.push(sql`(created_at, id) < (to_timestamp(${after.createdAt}::float8 / 1000), ${after.id}::uuid)`)
  }
  return Effect.map(
    sql<ChannelRow>`
      SELECT * FROM channels WHERE ${sql.and(conditions)} ORDER BY created_at DESC, id DESC LIMIT ${limit}`,
    (rows) => rows.map(channelOf),
  )
}

/** An owner's channel, locked until the end of the transaction; null where there is none. */
export const lockChannel = (sql: SqlClient, userId: UserId, id: ChannelId) =>
  Effect.map(
    sql<ChannelRow>`
      SELECT * FROM channels WHERE id = ${id} AND user_id = ${userId} AND deleted_at IS NULL FOR NO KEY UPDATE`,
    ([row]) => (row === undefined ? null : channelOf(row)),
  )

export const insertChannel = (sql: SqlClient, userId: UserId, settings: ChannelSettings) =>
  Effect.flatMap(
    sql<ChannelRow>`
      INSERT INTO channels (id, user_id, kind, name, config, enabled, is_default, quiet_hours, created_at, updated_at)
      SELECT ${ChannelId.make(randomUUID())}, ${userId}, ${settings.config.kind}, ${settings.name},
        ${JSON.stringify(settings.config)}::jsonb, ${settings.enabled}, ${settings.isDefault},
        ${quietHoursJson(settings)}::jsonb, now, now
      FROM date_trunc('milliseconds', now()) AS now
      RETURNING *`,
    onlyOne,
  )

/** Gives a channel that is locked its new settings. */
export const updateChannel = (sql: SqlClient, id: ChannelId, settings: ChannelSettings) =>
  Effect.flatMap(
    sql<ChannelRow>`
      UPDATE channels SET kind = ${settings.config.kind}, name = ${settings.name},
        config = ${JSON.stringify(settings.config)}::jsonb, enabled = ${settings.enabled}, is_default = ${settings.isDefault},
        quiet_hours = ${quietHoursJson(settings)}::jsonb, updated_at = date_trunc('milliseconds', now())
      WHERE id = ${id}
      RETURNING *`,
    onlyOne,
  )

const onlyOne = ([row]: ReadonlyArray<ChannelRow>) =>
  row === undefined ? Effect.dieMessage("no channel was written") : Effect.succeed(channelOf(row))

const quietHoursJson = ({ quietHours }: ChannelSettings): string | null =>
  quietHours === null ? null : JSON.stringify(quietHours)

const channelOf = (row: ChannelRow): StoredChannel => ({
  id: row.id,
  name: row.name,
  config: row.config,
  enabled: row.enabled,
  isDefault: row.is_default,
  quietHours: row.quiet_hours,
  createdAt: DateTime.unsafeFromDate(row.created_at),
  updatedAt: DateTime.unsafeFromDate(row.updated_at),
})
