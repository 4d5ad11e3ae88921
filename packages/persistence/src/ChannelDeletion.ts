import type { SqlClient } from "@effect/sql/SqlClient"
import type { Fragment } from "@effect/sql/Statement"
import type { ChannelId, UserId } from "@uptime/domain/Ids"
import { Effect } from "effect"
import { tryLock } from "./ChoreLock.ts"
import { deleteInBatches } from "./DeleteInBatches.ts"
import { awaitOwnerLock } from "./OwnerLock.ts"
import { transaction } from "./SqlFailure.ts"

/**
 * Deletes an owner's channel: its settings and secrets, what refers to it, and messages that wait and are not under way. Its
 * name stays for as long as messages do that went to it. In a transaction of its own.
 *
 * @returns whether the owner had it
 */
export const deleteChannel = Effect.fnUntraced(function* (sql: SqlClient, userId: UserId, id: ChannelId) {
  // No judgement reads the channel as one that is there, and writes after it is gone.
  yield* awaitOwnerLock(sql, userId)
  // Whoever makes something refer to a channel has locked the account.
  yield* sql`SELECT FROM users WHERE id = ${userId} FOR NO KEY UPDATE`
  const [owned] = yield* sql`
    SELECT FROM channels WHERE id = ${id} AND user_id = ${userId} AND deleted_at IS NULL`
  if (owned === undefined) return false
  yield* forgetByMonitors(sql, userId, id)
  yield* forgetByEscalations(sql, userId, id)
  yield* sql`SELECT FROM channels WHERE id = ${id} FOR UPDATE`
  yield* sql`
    DELETE FROM alert_outbox
    WHERE channel_id = ${id} AND state = 'pending' AND (leased_until IS NULL OR leased_until <= now())`
  yield* sql`
    DELETE FROM channels WHERE id = ${id} AND NOT EXISTS (SELECT FROM alert_outbox WHERE channel_id = ${id})`
  yield* sql`
    UPDATE channels SET deleted_at = now(), config = jsonb_build_object('kind', kind), enabled = false, is_default = false,
      quiet_hours = NULL
    WHERE id = ${id}`
  return true
})

/** Takes a channel out of monitors that name it: one that named no other tells nobody. */
const forgetByMonitors = Effect.fnUntraced(function* (sql: SqlClient, userId: UserId, id: ChannelId) {
  const naming = sql`user_id = ${userId} AND strpos(lower(alerts->>'channels'), ${id}::uuid::text) > 0`
  yield* sql`SELECT FROM monitors WHERE ${naming} ORDER BY id FOR UPDATE`
  yield* sql`
    UPDATE monitors SET updated_at = date_trunc('milliseconds', now()),
      alerts = jsonb_set(alerts, '{channels}', ${without(sql, sql`alerts`, id)})
    WHERE ${naming}`
})

/** Takes a channel out of the steps of policies; steps that tell nobody go, and so do policies without a step. */
const forgetByEscalations = Effect.fnUntraced(function* (sql: SqlClient, userId: UserId, id: ChannelId) {
  const naming = sql`user_id = ${userId} AND strpos(lower(steps::text), ${id}::uuid::text) > 0`
  yield* sql`
    UPDATE escalations SET updated_at = date_trunc('milliseconds', now()), steps = coalesce((
      SELECT jsonb_agg(left_over ORDER BY nth)
      FROM jsonb_array_elements(steps) WITH ORDINALITY AS given (step, nth),
        LATERAL (SELECT jsonb_set(step, '{channels}', ${without(sql, sql`step`, id)}) AS left_over) AS rest
      WHERE left_over->'channels' <> '[]'
    ), '[]')
    WHERE ${naming}`
  yield* sql`DELETE FROM escalations WHERE user_id = ${userId} AND steps = '[]'`
})

/** The channels of some JSON without one. */
const without = (sql: SqlClient, json: Fragment, id: ChannelId) => sql`coalesce((
  SELECT jsonb_agg(channel ORDER BY place)
  FROM jsonb_array_elements_text(${json}->'channels') WITH ORDINALITY AS named (channel, place)
  WHERE lower(channel) <> ${id}::uuid::text
), '[]')`

/** Lets go of deleted channels that no message went to any more. */
export const forgetDeletedChannels = (sql: SqlClient) =>
  Effect.gen(function* () {
    if (!(yield* tryLock(sql, "forgetChannels"))) return
    yield* deleteInBatches(
      sql,
      "channels",
      sql`deleted_at IS NOT NULL AND NOT EXISTS (SELECT FROM alert_outbox WHERE channel_id = channels.id)`,
    )
  }).pipe(transaction(sql, "Housekeeping.forgetDeletedChannels"))
