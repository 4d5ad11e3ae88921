import { SqlClient } from "@effect/sql/SqlClient"
import type { StatusPageId, SubscriberId, UserId } from "@uptime/domain/Ids"
import { Context, Data, Effect, Layer } from "effect"
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
  readonly createdAt: number
}

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
              round(date_part('epoch', created_at) * 1000) AS "createdAt"
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
      }),
    ),
  )
}
