import { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorNotFound } from "@uptime/domain/Errors"
import type { StatusPageId, UserId } from "@uptime/domain/Ids"
import { Context, Effect, Layer } from "effect"
import { failAs, transaction } from "./SqlFailure.ts"
import {
  type Logo,
  maxStatusPages,
  type PageAddressTaken,
  type StatusPage,
  type StatusPageCursor,
  StatusPageNotFound,
  type StatusPageSettings,
  TooManyStatusPages,
} from "./StatusPage.ts"
import { readStatusPages } from "./StatusPageReads.ts"
import { insertStatusPage, updateStatusPage, writeItems, writeLogo } from "./StatusPageRows.ts"
import type { StoreError } from "./StoreError.ts"

/**
 * The status pages of people, as their owners set them up. Every method takes the owner and sees nothing else: a foreign id
 * answers exactly like an unknown one.
 */
export class StatusPages extends Context.Tag("@uptime/persistence/StatusPages")<
  StatusPages,
  {
    /** Makes a page, which shows monitors of the owner's. */
    readonly create: (
      userId: UserId,
      settings: StatusPageSettings,
    ) => Effect.Effect<StatusPage, TooManyStatusPages | PageAddressTaken | MonitorNotFound | StoreError>
    /** The owner's pages, newest first, at most `limit`. */
    readonly list: (
      userId: UserId,
      limit: number,
      after: StatusPageCursor | null,
    ) => Effect.Effect<ReadonlyArray<StatusPage>, StoreError>
    /** One page. */
    readonly get: (userId: UserId, id: StatusPageId) => Effect.Effect<StatusPage, StatusPageNotFound | StoreError>
    /**
     * Changes a page by what it is, in one transaction that has locked it. Monitors that it shows already keep their public
     * ids.
     *
     * @param edit gives the settings that it has from now on; when it fails, nothing changes
     */
    readonly update: <E>(
      userId: UserId,
      id: StatusPageId,
      edit: (before: StatusPage) => Effect.Effect<StatusPageSettings, E>,
    ) => Effect.Effect<StatusPage, StatusPageNotFound | PageAddressTaken | MonitorNotFound | StoreError | E>
    /** Deletes a page with its subscribers. */
    readonly remove: (userId: UserId, id: StatusPageId) => Effect.Effect<void, StatusPageNotFound | StoreError>
    /** Gives a page a logo; null takes it away. */
    readonly setLogo: (
      userId: UserId,
      id: StatusPageId,
      logo: Logo | null,
    ) => Effect.Effect<StatusPage, StatusPageNotFound | StoreError>
  }
>() {
  /** The pages of a database. */
  static readonly layer: Layer.Layer<StatusPages, never, SqlClient> = Layer.effect(
    StatusPages,
    Effect.map(SqlClient, (sql) => {
      const get = (userId: UserId, id: StatusPageId) =>
        Effect.flatMap(readStatusPages(sql, userId, { id }, 1, null), ([found]) =>
          found === undefined ? Effect.fail(new StatusPageNotFound({ id })) : Effect.succeed(found),
        )
      return StatusPages.of({
        create: Effect.fn("StatusPages.create")(
          function* (userId, settings) {
            // Creations of one account take turns here, so that the count holds until the end of the transaction.
            yield* sql`SELECT FROM users WHERE id = ${userId} FOR NO KEY UPDATE`
            const [row] = yield* sql<{ readonly count: number }>`
              SELECT count(*)::int AS count FROM status_pages WHERE user_id = ${userId}`
            if ((row?.count ?? 0) >= maxStatusPages) return yield* new TooManyStatusPages({ limit: maxStatusPages })
            const id = yield* insertStatusPage(sql, userId, settings)
            yield* writeItems(sql, userId, id, settings)
            return yield* Effect.catchTag(get(userId, id), "StatusPageNotFound", Effect.die)
          },
          transaction(sql, "StatusPages.create"),
        ),

        list: Effect.fn("StatusPages.list")(
          (userId, limit, after) => readStatusPages(sql, userId, {}, limit, after),
          failAs("StatusPages.list"),
        ),

        get: Effect.fn("StatusPages.get")(get, failAs("StatusPages.get")),

        update: Effect.fnUntraced(
          function* (userId, id, edit) {
            yield* sql`SELECT FROM status_pages WHERE id = ${id} AND user_id = ${userId} FOR NO KEY UPDATE`
            const settings = yield* edit(yield* get(userId, id))
            yield* updateStatusPage(sql, id, settings)
            yield* writeItems(sql, userId, id, settings)
            return yield* get(userId, id)
          },
          transaction(sql, "StatusPages.update"),
          Effect.withSpan("StatusPages.update"),
        ),

        remove: Effect.fn("StatusPages.remove")(function* (userId, id) {
          const rows = yield* sql`DELETE FROM status_pages WHERE id = ${id} AND user_id = ${userId} RETURNING id`
          if (rows.length === 0) yield* new StatusPageNotFound({ id })
        }, failAs("StatusPages.remove")),

        setLogo: Effect.fn("StatusPages.setLogo")(
          (userId, id, logo) => Effect.zipRight(writeLogo(sql, userId, id, logo), get(userId, id)),
          failAs("StatusPages.setLogo"),
        ),
      })
    }),
  )
}
