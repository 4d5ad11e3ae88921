import { SqlClient } from "@effect/sql/SqlClient"
import type { ChannelId, UserId } from "@uptime/domain/Ids"
import { Context, Effect, Layer } from "effect"
import {
  type ChannelCursor,
  ChannelNotFound,
  type ChannelSettings,
  maxChannelsPerUser,
  type StoredChannel,
  TooManyChannels,
} from "./Channel.ts"
import { deleteChannel } from "./ChannelDeletion.ts"
import { insertChannel, lockChannel, readChannels, updateChannel } from "./ChannelRows.ts"
import { type ChannelDelivery, readDeliveries, readLatestDeliveries } from "./DeliveryReads.ts"
import { askJudge } from "./JudgeRequests.ts"
import { awaitOwnerLock } from "./OwnerLock.ts"
import { waitAnew } from "./QuietMessages.ts"
import { failAs, transaction } from "./SqlFailure.ts"
import type { StoreError } from "./StoreError.ts"

/** The channels. Every method takes the owner and sees nothing else: a foreign id answers exactly like an unknown one. */
export class Channels extends Context.Tag("@uptime/persistence/Channels")<
  Channels,
  {
    /** Stores a channel, which hears of open incidents too if it is a default one. The quota is decided in the same transaction. */
    readonly create: (
      userId: UserId,
      settings: ChannelSettings,
    ) => Effect.Effect<StoredChannel, TooManyChannels | StoreError>
    /** The owner's channels, newest first; at most `limit`. */
    readonly list: (
      userId: UserId,
      limit: number,
      after: ChannelCursor | null,
    ) => Effect.Effect<ReadonlyArray<StoredChannel>, StoreError>
    /** One channel. */
    readonly get: (userId: UserId, id: ChannelId) => Effect.Effect<StoredChannel, ChannelNotFound | StoreError>
    /**
     * Changes a channel by what it is, in one transaction that has locked it: so a secret that stays is the one that is
     * stored. Whom open incidents are told to, and when, goes by what it is from now on.
     *
     * @param edit gives the settings that it has from now on; when it fails, nothing changes
     */
    readonly update: <E, R>(
      userId: UserId,
      id: ChannelId,
      edit: (before: StoredChannel) => Effect.Effect<ChannelSettings, E, R>,
    ) => Effect.Effect<StoredChannel, ChannelNotFound | StoreError | E, R>
    /**
     * Deletes a channel with its settings. Monitors and escalations name it no more, messages that wait are not sent, and
     * those that went to it still say what it was called.
     */
    readonly remove: (userId: UserId, id: ChannelId) => Effect.Effect<void, ChannelNotFound | StoreError>
    /** The messages to a channel, newest first; at most `limit`, older than the message `before`. */
    readonly deliveries: (
      userId: UserId,
      id: ChannelId,
      limit: number,
      before: number | null,
    ) => Effect.Effect<ReadonlyArray<ChannelDelivery>, ChannelNotFound | StoreError>
    /** The newest message to each of the owner's channels that had any, in no order. */
    readonly latestDeliveries: (userId: UserId) => Effect.Effect<ReadonlyArray<ChannelDelivery>, StoreError>
  }
>() {
  /** The channels of a database. */
  static readonly layer: Layer.Layer<Channels, never, SqlClient> = Layer.effect(
    Channels,
    Effect.map(SqlClient, (sql) => {
      const get = (userId: UserId, id: ChannelId) =>
        Effect.flatMap(readChannels(sql, userId, { id }, 1, null), ([found]) =>
          found === undefined ? Effect.fail(new ChannelNotFound({ id })) : Effect.succeed(found),
        )
      return Channels.of({
        create: Effect.fn("Channels.create")(
          function* (userId, settings) {
            // Creations of one account take turns here, so that the count holds until the end of the transaction.
            yield* sql`SELECT FROM users WHERE id = ${userId} FOR NO KEY UPDATE`
            const [row] = yield* sql<{ readonly count: number }>`
              SELECT count(*)::int AS count FROM channels WHERE user_id = ${userId} AND deleted_at IS NULL`
            if ((row?.count ?? 0) >= maxChannelsPerUser)
              return yield* new TooManyChannels({ limit: maxChannelsPerUser })
            yield* askJudge(sql, userId)
            return yield* insertChannel(sql, userId, settings)
          },
          transaction(sql, "Channels.create"),
        ),

        list: Effect.fn("Channels.list")(
          (userId, limit, after) => readChannels(sql, userId, {}, limit, after),
          failAs("Channels.list"),
        ),

        get: Effect.fn("Channels.get")(get, failAs("Channels.get")),

        update: Effect.fnUntraced(
          function* (userId, id, edit) {
            // A judgement that has read its quiet hours may be about to tell it something by them.
            yield* awaitOwnerLock(sql, userId)
            const before = yield* lockChannel(sql, userId, id)
            if (before === null) return yield* new ChannelNotFound({ id })
            const after = yield* edit(before)
            yield* waitAnew(sql, id, after.quietHours)
            yield* askJudge(sql, userId)
            return yield* updateChannel(sql, id, after)
          },
          transaction(sql, "Channels.update"),
          Effect.withSpan("Channels.update"),
        ),

        remove: Effect.fn("Channels.remove")(function* (userId, id) {
          const isGone = yield* deleteChannel(sql, userId, id).pipe(transaction(sql, "Channels.remove"))
          if (!isGone) yield* new ChannelNotFound({ id })
        }),

        deliveries: Effect.fn("Channels.deliveries")(function* (userId, id, limit, before) {
          yield* get(userId, id)
          return yield* readDeliveries(
            sql,
            sql.and([sql`channel_id = ${id}`, ...(before === null ? [] : [sql`id < ${before}`])]),
            limit,
          )
        }, failAs("Channels.deliveries")),

        latestDeliveries: Effect.fn("Channels.latestDeliveries")(
          (userId) => readLatestDeliveries(sql, userId),
          failAs("Channels.latestDeliveries"),
        ),
      })
    }),
  )
}
