import { randomBytes, randomUUID } from "node:crypto"
import { SqlClient } from "@effect/sql/SqlClient"
import { type StatusPageId, SubscriberId, type UserId } from "@uptime/domain/Ids"
import type { SealedSecret } from "@uptime/domain/Secret"
import { Context, Data, Effect, Layer } from "effect"
import { deleteInBatches } from "./DeleteInBatches.ts"
import { failAs } from "./SqlFailure.ts"
import { StatusPageNotFound } from "./StatusPage.ts"
import type { StoreError } from "./StoreError.ts"

/** A page of the owner's has no such subscriber. */
export class SubscriberNotFound extends Data.TaggedError("SubscriberNotFound")<{ readonly id: SubscriberId }> {}

/** How somebody is told: by email, or by a webhook. */
export type SubscriberKind = "email" | "webhook"

/** Somebody who is told by a page; instants in milliseconds since the epoch. */
export interface Subscriber {
  readonly id: SubscriberId
  readonly kind: SubscriberKind
  /** An email address, or a URL. */
  readonly address: string
  /** Null while it waits to be confirmed, and is told nothing. */
  readonly confirmedAt: number | null
  /** When a webhook answered that it is there no more, which ended its subscription; null where it did not. */
  readonly goneAt: number | null
  readonly createdAt: number
}

/** A subscription that was asked for. */
export interface Subscription {
  /** What the links carry that confirm it and end it. */
  readonly token: string
  readonly isConfirmed: boolean
  /** What messages to a webhook are signed with: that of whoever asked first. */
  readonly signingSecret: SealedSecret | null
}

/** The most subscribers of one page, those that were not confirmed among them. */
export const maxSubscribers: Readonly<Record<SubscriberKind, number>> = { email: 10_000, webhook: 200 }

/** How long a subscription may wait to be confirmed, in days. */
export const confirmWithinDays = 3

/** How long the owner sees that a webhook is gone, in days. */
const goneForDays = 90

/** Where a list of subscribers goes on: after this one, newest first. Milliseconds since the epoch. */
export interface SubscriberCursor {
  readonly createdAt: number
  readonly id: SubscriberId
}

/** Who is told by status pages. Methods that take an owner see the pages of theirs alone. */
export class PageSubscribers extends Context.Tag("@uptime/persistence/PageSubscribers")<
  PageSubscribers,
  {
    /** The subscribers of a page, newest first, at most `limit`. */
    readonly list: (
      userId: UserId,
      pageId: StatusPageId,
      limit: number,
      after: SubscriberCursor | null,
    ) => Effect.Effect<ReadonlyArray<Subscriber>, StatusPageNotFound | StoreError>
    /** Removes a subscriber: what waits to be sent there is not sent. */
    readonly remove: (
      userId: UserId,
      pageId: StatusPageId,
      id: SubscriberId,
    ) => Effect.Effect<void, SubscriberNotFound | StoreError>
    /**
     * Notes that somebody asks to be told by a page, which they have to confirm; an address that asked before keeps what it
     * has, unless it is a webhook that is gone since: that begins anew. Null where the page has as many subscribers of the
     * kind as it may have.
     */
    readonly ask: (
      pageId: StatusPageId,
      kind: SubscriberKind,
      address: string,
      signingSecret: SealedSecret | null,
    ) => Effect.Effect<Subscription | null, StoreError>
    /** Whether a token is one of the page's. */
    readonly isKnown: (pageId: StatusPageId, token: string) => Effect.Effect<boolean, StoreError>
    /** Confirms a subscription; whether the page has one with this token. */
    readonly confirm: (pageId: StatusPageId, token: string) => Effect.Effect<boolean, StoreError>
    /** Ends a subscription: what waits to be sent is not sent. One that is not there any more is over already. */
    readonly end: (pageId: StatusPageId, token: string) => Effect.Effect<void, StoreError>
    /** Forgets subscriptions that nobody confirmed within three days, and webhooks that are gone for 90 days; how many. */
    readonly forgetOver: Effect.Effect<number, StoreError>
  }
>() {
  /** The subscribers of a database. */
  static readonly layer: Layer.Layer<PageSubscribers, never, SqlClient> = Layer.effect(
    PageSubscribers,
    Effect.map(SqlClient, (sql) =>
      PageSubscribers.of({
        list: Effect.fn("PageSubscribers.list")(function* (userId, pageId, limit, after) {
          const [page] = yield* sql`SELECT FROM status_pages WHERE id = ${pageId} AND user_id = ${userId}`
          if (page === undefined) return yield* new StatusPageNotFound({ id: pageId })
          const position =
            after === null
              ? sql`true`
              : sql`(created_at, id) < (to_timestamp(${after.createdAt}::float8 / 1000), ${after.id}::uuid)`
          return yield* sql<Subscriber>`
            SELECT id, kind, address, round(date_part('epoch', confirmed_at) * 1000) AS "confirmedAt",
              round(date_part('epoch', gone_at) * 1000) AS "goneAt", round(date_part('epoch', created_at) * 1000) AS "createdAt"
            FROM page_subscribers WHERE page_id = ${pageId} AND ${position}
            ORDER BY created_at DESC, id DESC LIMIT ${limit}`
        }, failAs("PageSubscribers.list")),

        remove: Effect.fn("PageSubscribers.remove")(function* (userId, pageId, id) {
          const rows = yield* sql`
            DELETE FROM page_subscribers USING status_pages AS page
            WHERE page_subscribers.id = ${id} AND page.id = page_id AND page.id = ${pageId} AND page.user_id = ${userId}
            RETURNING page_subscribers.id`
          if (rows.length === 0) yield* new SubscriberNotFound({ id })
        }, failAs("PageSubscribers.remove")),

        ask: Effect.fn("PageSubscribers.ask")(function* (pageId, kind, address, signingSecret) {
          yield* sql`
            DELETE FROM page_subscribers
            WHERE page_id = ${pageId} AND kind = ${kind} AND address = ${address} AND gone_at IS NOT NULL`
          const [row] = yield* sql<Subscription>`
            INSERT INTO page_subscribers AS known (id, page_id, kind, address, signing_secret, token, created_at)
            SELECT ${SubscriberId.make(randomUUID())}, page.id, ${kind}, ${address},
              ${signingSecret === null ? null : JSON.stringify(signingSecret)}::jsonb, ${randomBytes(24).toString("base64url")},
              date_trunc('milliseconds', now())
            FROM status_pages AS page WHERE page.id = ${pageId}
              AND (SELECT count(*) FROM page_subscribers WHERE page_id = page.id AND kind = ${kind} AND gone_at IS NULL)
                < ${maxSubscribers[kind]}::int
            ON CONFLICT (page_id, kind, address) DO UPDATE SET address = known.address
            RETURNING token, confirmed_at IS NOT NULL AS "isConfirmed", signing_secret AS "signingSecret"`
          return row ?? null
        }, failAs("PageSubscribers.ask")),

        isKnown: Effect.fn("PageSubscribers.isKnown")(
          (pageId, token) =>
            Effect.map(
              sql`SELECT FROM page_subscribers WHERE page_id = ${pageId} AND token = ${token} AND gone_at IS NULL`,
              (rows) => rows.length > 0,
            ),
          failAs("PageSubscribers.isKnown"),
        ),

        confirm: Effect.fn("PageSubscribers.confirm")(
          (pageId, token) =>
            Effect.map(
              sql`
                UPDATE page_subscribers SET confirmed_at = coalesce(confirmed_at, date_trunc('milliseconds', now()))
                WHERE page_id = ${pageId} AND token = ${token} AND gone_at IS NULL RETURNING id`,
              (rows) => rows.length > 0,
            ),
          failAs("PageSubscribers.confirm"),
        ),

        end: Effect.fn("PageSubscribers.end")(
          (pageId, token) =>
            Effect.asVoid(sql`DELETE FROM page_subscribers WHERE page_id = ${pageId} AND token = ${token}`),
          failAs("PageSubscribers.end"),
        ),

        forgetOver: deleteInBatches(
          sql,
          "page_subscribers",
          sql`confirmed_at IS NULL AND created_at < now() - ${confirmWithinDays}::int * interval '1 day'
            OR gone_at < now() - ${goneForDays}::int * interval '1 day'`,
        ).pipe(Effect.withTracerEnabled(false)),
      }),
    ),
  )
}
