import type { SqlClient } from "@effect/sql/SqlClient"
import type { ChannelId, IncidentId } from "@uptime/domain/Ids"

/** A message that is leased. */
export interface LeasedMessage {
  readonly id: number
  readonly incidentId: IncidentId
  readonly channelId: ChannelId
  readonly change: string
  /** When what it tells of happened, in milliseconds since the epoch. */
  readonly at: number
  /** How often it was tried before. */
  readonly attempts: number
  /** Whom of an email's recipients it did not reach when it reached others; null where it reached nobody yet. */
  readonly recipientsLeft: ReadonlyArray<string> | null
}

/** The most messages of one channel that are leased at once; of one that failed its last, one. */
const perChannel = 4

/**
 * Leases messages. The channels with messages are found by steps through an index, each in one look, so that one with a
 * hundred thousand messages costs no more than one with a single; of each, as many as it has places are looked at.
 *
 * Messages of an incident leave in order. One that is left for some of its recipients alone holds nothing up: the others have it.
 *
 * What was leased, sent or withdrawn between the look and the lock is passed over: the conditions on the row itself are
 * asked again by the lock.
 *
 * @param limit the most messages
 * @param seconds how long the lease lasts
 */
export const leaseMessages = (sql: SqlClient, limit: number, seconds: number) => sql<LeasedMessage>`
  WITH RECURSIVE waiting AS (
    (SELECT channel_id FROM alert_outbox WHERE state = 'pending' ORDER BY channel_id LIMIT 1)
    UNION ALL
    SELECT (
      SELECT channel_id FROM alert_outbox
      WHERE state = 'pending' AND channel_id > waiting.channel_id ORDER BY channel_id LIMIT 1
    ) FROM waiting WHERE waiting.channel_id IS NOT NULL
  ), next AS (
    SELECT message.id FROM waiting
    CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE leased_until > now()) AS leased,
        coalesce(bool_or(attempts > 0 AND recipients_left IS NULL), false) AS is_failing
      FROM (
        SELECT leased_until, attempts, recipients_left FROM alert_outbox
        WHERE state = 'pending' AND channel_id = waiting.channel_id AND (leased_until > now() OR attempts > 0)
        LIMIT 100
      ) AS tried
    ) AS busy
    CROSS JOIN LATERAL (
      SELECT id, next_attempt_at FROM alert_outbox AS message
      WHERE state = 'pending' AND channel_id = waiting.channel_id AND next_attempt_at <= now()
        AND (leased_until IS NULL OR leased_until <= now())
        AND NOT EXISTS (
          SELECT FROM alert_outbox AS older
          WHERE older.incident_id = message.incident_id AND older.channel_id = message.channel_id
            AND older.id < message.id AND older.state = 'pending'
            AND (older.recipients_left IS NULL OR message.recipients_left IS NOT NULL)
        )
      ORDER BY next_attempt_at, id
      LIMIT greatest(0, CASE WHEN is_failing THEN 1 ELSE ${perChannel}::int END - leased)
    ) AS message
    ORDER BY message.next_attempt_at, message.id LIMIT ${limit}
  ), locked AS (
    SELECT id FROM alert_outbox
    WHERE id IN (SELECT id FROM next) AND state = 'pending' AND (leased_until IS NULL OR leased_until <= now())
    FOR UPDATE SKIP LOCKED
  )
  UPDATE alert_outbox AS message SET leased_until = now() + ${seconds}::int * interval '1 second'
  FROM locked WHERE message.id = locked.id
  RETURNING message.id, incident_id AS "incidentId", channel_id AS "channelId", change,
    round(date_part('epoch', at) * 1000) AS at, attempts, recipients_left AS "recipientsLeft"`
