import { SqlClient } from "@effect/sql/SqlClient"
import { SubscriberId } from "@uptime/domain/Ids"
import { SealedSecret } from "@uptime/domain/Secret"
import { PublicNotice } from "@uptime/statuspage/PublicNotice"
import { PublicPage } from "@uptime/statuspage/PublicPage"
import { Context, Effect, Layer, Schema } from "effect"
import { deleteInBatches } from "./DeleteInBatches.ts"
import { leaseSeconds } from "./Outbox.ts"
import { noteFailure } from "./OutboxFailure.ts"
import type { SubscriberKind } from "./PageSubscribers.ts"
import { failAs } from "./SqlFailure.ts"
import type { StoreError } from "./StoreError.ts"

/** A message to one subscriber of a page. */
export interface PageMessage {
  readonly id: number
  readonly subscriberId: SubscriberId
  readonly kind: SubscriberKind
  readonly address: string
  /** What the link carries that ends the subscription. */
  readonly token: string
  readonly signingSecret: SealedSecret | null
  /** How often it was tried before. */
  readonly attempts: number
  /** The page as it is now. */
  readonly page: PublicPage
  readonly notice: PublicNotice
  /** The same on every try, and of no other message to this subscriber. */
  readonly noticeId: number
  /** When it happened, in milliseconds since the epoch. */
  readonly at: number
}

/** How long what was told is kept, in days: longer than anything is news. */
const keptDays = 30

/**
 * What subscribers of status pages are told. Any number of dispatchers may lease at once: a message goes to one of them at a
 * time, and to another only when its lease has run out.
 */
export class PageOutbox extends Context.Tag("@uptime/persistence/PageOutbox")<
  PageOutbox,
  {
    /** Leases up to `limit` messages that are due, for 60 s; of a subscriber the oldest that is not sent. */
    readonly lease: (limit: number) => Effect.Effect<ReadonlyArray<PageMessage>, StoreError>
    /** Notes that a message was sent. */
    readonly sent: (id: number) => Effect.Effect<void, StoreError>
    /**
     * Notes that a message was not delivered, and when it is tried again.
     *
     * @param error why, in words of ours
     * @param retryAfterMs how long it is left alone; null where it cannot be delivered at all
     * @returns `dead` where it is not tried any more: at once by null, or when that would be 24 hours after it was due
     */
    readonly failed: (
      id: number,
      error: string,
      retryAfterMs: number | null,
    ) => Effect.Effect<"pending" | "dead", StoreError>
    /**
     * Notes that the webhook that a message was sent to is there no more: its subscription is over, and it is told nothing
     * of what waits for it.
     */
    readonly gone: (id: number) => Effect.Effect<void, StoreError>
    /** Forgets what was told 30 days ago; how many notices. */
    readonly forgetOld: Effect.Effect<number, StoreError>
  }
>() {
  /** The outbox of a database. */
  static readonly layer: Layer.Layer<PageOutbox, never, SqlClient> = Layer.effect(
    PageOutbox,
    Effect.map(SqlClient, (sql) =>
      PageOutbox.of({
        lease: (limit) =>
          sql`
            WITH next AS (
              SELECT id FROM page_outbox AS message
              WHERE state = 'pending' AND next_attempt_at <= now() AND (leased_until IS NULL OR leased_until <= now())
                AND EXISTS (SELECT FROM page_subscribers WHERE id = message.subscriber_id AND gone_at IS NULL)
                AND NOT EXISTS (
                  SELECT FROM page_outbox AS older
                  WHERE older.subscriber_id = message.subscriber_id AND older.id < message.id AND older.state = 'pending'
                )
              ORDER BY next_attempt_at, id LIMIT ${limit} FOR UPDATE SKIP LOCKED
            )
            UPDATE page_outbox AS message SET leased_until = now() + ${leaseSeconds}::int * interval '1 second'
            FROM next, page_subscribers AS subscriber, page_notices AS notice, public_pages AS page
            WHERE message.id = next.id AND subscriber.id = message.subscriber_id AND notice.id = message.notice_id
              AND page.page_id = notice.page_id
            RETURNING message.id, subscriber.id AS "subscriberId", kind, address, token,
              signing_secret AS "signingSecret", attempts, view AS page, notice, notice.id AS "noticeId",
              round(date_part('epoch', at) * 1000) AS at`.pipe(
            Effect.flatMap(decodeMessages),
            failAs("PageOutbox.lease"),
            Effect.withTracerEnabled(false),
          ),

        sent: (id) =>
          sql`
            UPDATE page_outbox SET state = 'sent', attempts = attempts + 1, leased_until = NULL, last_error = NULL
            WHERE id = ${id} AND state = 'pending'`.pipe(Effect.asVoid, failAs("PageOutbox.sent")),

        failed: (id, error, retryAfterMs) =>
          noteFailure(sql, "page_outbox", id, error, retryAfterMs).pipe(failAs("PageOutbox.failed")),

        gone: (id) =>
          sql`
            WITH gone AS (
              UPDATE page_subscribers SET gone_at = date_trunc('milliseconds', now())
              WHERE id = (SELECT subscriber_id FROM page_outbox WHERE id = ${id}) AND gone_at IS NULL
              RETURNING id
            )
            UPDATE page_outbox SET state = 'dead', leased_until = NULL, last_error = 'the webhook is gone'
            FROM gone WHERE subscriber_id = gone.id AND state = 'pending'`.pipe(
            Effect.asVoid,
            failAs("PageOutbox.gone"),
          ),

        forgetOld: deleteInBatches(sql, "page_notices", sql`at < now() - ${keptDays}::int * interval '1 day'`).pipe(
          Effect.withTracerEnabled(false),
        ),
      }),
    ),
  )
}

const Message = Schema.Struct({
  id: Schema.Number,
  subscriberId: SubscriberId,
  kind: Schema.Literal("email", "webhook"),
  address: Schema.String,
  token: Schema.String,
  signingSecret: Schema.NullOr(SealedSecret),
  attempts: Schema.Number,
  page: Schema.parseJson(PublicPage),
  notice: Schema.parseJson(PublicNotice),
  noticeId: Schema.Number,
  at: Schema.Number,
})

const decodeMessages = Schema.decodeUnknown(Schema.Array(Message))
