import { randomUUID } from "node:crypto"
import { SqlClient } from "@effect/sql/SqlClient"
import { ChannelId, IncidentId } from "@uptime/domain/Ids"
import { Effect } from "effect"

/** A channel as it is stored, of an account of its own. */
export const makeChannel = (config: unknown) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    const id = ChannelId.make(randomUUID())
    yield* sql`
      WITH owner AS (
        INSERT INTO users (id, email, name, password_hash, created_at, updated_at)
        VALUES (gen_random_uuid(), ${id}, 'Ann', '-', now(), now()) RETURNING id
      )
      INSERT INTO channels (id, user_id, kind, name, config, enabled, is_default, created_at, updated_at)
      SELECT ${id}, id, 'webhook', 'A channel', ${JSON.stringify(config)}::jsonb, true, true, now(), now() FROM owner`
    return id
  })

/** A webhook on a port of this machine. */
export const makeWebhook = (port: number) => makeChannel({ kind: "webhook", url: `http://127.0.0.1:${port}/hook` })

/** An incident with one monitor that is down, and messages of it to a channel, due since a second ago; its id. */
export const tell = (channelId: ChannelId, changes: ReadonlyArray<string> = ["opened"]) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    const id = IncidentId.make(randomUUID())
    const seen = {
      region: "USA",
      slot: 0,
      status: "Down",
      error: { kind: "status", message: "status 503" },
      httpStatus: 503,
    }
    yield* sql`
      INSERT INTO incidents (id, user_id, key, title, severity, started_at, noticed_at, tell_at, updated_at)
      SELECT ${id}, user_id, 'k', 'web is down', 'Down', to_timestamp(1000), now(), now(), now()
      FROM channels WHERE id = ${channelId}`
    yield* sql`
      INSERT INTO incident_monitors (incident_id, monitor_id, name, url, role, severity, started_at, news_at, evidence)
      VALUES (${id}, gen_random_uuid(), 'web', 'https://example.com/', 'failing', 'Down', to_timestamp(1000), now(),
        ${JSON.stringify(seen)}::jsonb)`
    yield* sql`
      INSERT INTO alert_outbox (incident_id, change, channel_id, at, due_at, next_attempt_at)
      SELECT ${id}, change, ${channelId}, to_timestamp(2000), now() - interval '1 second', now() - interval '1 second'
      FROM unnest(${changes}::text[]) WITH ORDINALITY AS told (change, ord) ORDER BY ord`
    return id
  })

/** What became of the messages of a channel, in their order. */
export const messagesOf = (channelId: ChannelId) =>
  Effect.flatMap(
    SqlClient,
    (sql) => sql<{
      readonly change: string
      readonly state: string
      readonly attempts: number
      readonly lastError: string | null
      readonly recipientsLeft: ReadonlyArray<string> | null
      /** In how many seconds it is tried again, rounded. */
      readonly inSeconds: number
    }>`
      SELECT change, state, attempts, last_error AS "lastError", recipients_left AS "recipientsLeft",
        round(date_part('epoch', next_attempt_at - now()))::float8 AS "inSeconds"
      FROM alert_outbox WHERE channel_id = ${channelId} ORDER BY id`,
  )

/** Lets leases run out, and every wait for another try be over. */
export const letTimePass = Effect.flatMap(
  SqlClient,
  (sql) => sql`
    UPDATE alert_outbox SET leased_until = now() - interval '1 second', next_attempt_at = now() - interval '1 second'
    WHERE state = 'pending'`,
)
