import { SqlClient } from "@effect/sql/SqlClient"
import { Context, Effect, Layer } from "effect"
import { noteFailure } from "./OutboxFailure.ts"
import { leaseMessages } from "./OutboxLease.ts"
import { type OutboxMessage, readMessages } from "./OutboxReads.ts"
import { failAs } from "./SqlFailure.ts"
import type { StoreError } from "./StoreError.ts"

/** What is in the outbox. */
export interface OutboxState {
  /** Messages that wait to be sent. */
  readonly pending: number
  /** Messages that could not be delivered, of the incidents that are kept. */
  readonly dead: number
  /** How long the message has been due that waits longest, in milliseconds; 0 when none is due. */
  readonly oldestAgeMs: number
}

/** How long a lease lasts: longer than any delivery. */
export const leaseSeconds = 60

/**
 * Messages on their way to channels (`docs/incidents.md`). Any number of dispatchers may lease at once: a message goes to one
 * of them at a time, and to another only when its lease has run out.
 */
export class Outbox extends Context.Tag("@uptime/persistence/Outbox")<
  Outbox,
  {
    /**
     * Leases up to `limit` messages that are due, for 60 s, and reads what they are about at that moment. Of an incident and
     * a channel only the oldest message that is not sent; of a channel at most 4 at once, and one while one of them has
     * failed. The longest due first.
     */
    readonly lease: (limit: number) => Effect.Effect<ReadonlyArray<OutboxMessage>, StoreError>
    /**
     * Notes that a message was sent. Its channel works, so that the message of it that waits the shortest for another try is due
     * at once; that one's success brings the next.
     */
    readonly sent: (id: number) => Effect.Effect<void, StoreError>
    /**
     * Notes that a message was not delivered, and when it is tried again.
     *
     * @param error why, in words of ours
     * @param retryAfterMs how long it is left alone; null where it cannot be delivered at all
     * @param recipientsLeft whom of an email's recipients it did not reach where it reached others; null or left out where
     *   that is as it was
     * @returns `dead` where it is not tried any more: at once by null, or when that would be 24 hours after it was due
     */
    readonly failed: (
      id: number,
      error: string,
      retryAfterMs: number | null,
      recipientsLeft?: ReadonlyArray<string> | null,
    ) => Effect.Effect<"pending" | "dead", StoreError>
    /** What is in the outbox, over all owners. */
    readonly state: Effect.Effect<OutboxState, StoreError>
  }
>() {
  /** The outbox of a database. */
  static readonly layer: Layer.Layer<Outbox, never, SqlClient> = Layer.effect(
    Outbox,
    Effect.map(SqlClient, (sql) =>
      Outbox.of({
        lease: (limit) =>
          leaseMessages(sql, limit, leaseSeconds).pipe(
            Effect.flatMap((leased) => readMessages(sql, leased)),
            failAs("Outbox.lease"),
            Effect.withTracerEnabled(false),
          ),

        sent: (id) =>
          sql`
            WITH done AS (
              UPDATE alert_outbox SET state = 'sent', attempts = attempts + 1, sent_at = now(), leased_until = NULL,
                last_error = NULL, recipients_left = NULL
              WHERE id = ${id} AND state = 'pending' RETURNING channel_id
            )
            UPDATE alert_outbox SET next_attempt_at = now() WHERE id = (
              SELECT waiting.id FROM alert_outbox AS waiting JOIN done USING (channel_id)
              WHERE state = 'pending' AND next_attempt_at > now() AND attempts > 0
              ORDER BY next_attempt_at, waiting.id LIMIT 1 FOR UPDATE OF waiting SKIP LOCKED
            )`.pipe(Effect.asVoid, failAs("Outbox.sent")),

        failed: (id, error, retryAfterMs, recipientsLeft = null) => {
          const left = sql`, recipients_left = coalesce(${recipientsLeft}::text[], recipients_left)`
          return noteFailure(sql, "alert_outbox", id, error, retryAfterMs, left).pipe(failAs("Outbox.failed"))
        },

        state: Effect.gen(function* () {
          const [row] = yield* sql<OutboxState>`
            SELECT count(*)::int AS pending,
              (SELECT count(*)::int FROM alert_outbox WHERE state = 'dead') AS dead,
              greatest(0, coalesce(date_part('epoch', now() - min(due_at)) * 1000, 0)) AS "oldestAgeMs"
            FROM alert_outbox WHERE state = 'pending'`
          return row ?? { pending: 0, dead: 0, oldestAgeMs: 0 }
        }).pipe(failAs("Outbox.state"), Effect.withTracerEnabled(false)),
      }),
    ),
  )
}
