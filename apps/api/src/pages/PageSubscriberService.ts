import type { NotFound, ServiceUnavailable } from "@uptime/contract/ApiErrors"
import { defaultLimit } from "@uptime/contract/Page"
import type { SubscriberPage, SubscriberQuery } from "@uptime/contract/SubscriberView"
import type { StatusPageId, SubscriberId, UserId } from "@uptime/domain/Ids"
import { PageSubscribers } from "@uptime/persistence/PageSubscribers"
import { Context, DateTime, Effect, Layer } from "effect"
import { ownedCalls } from "../OwnedCall.ts"
import { pageOf } from "../PageOf.ts"
import { ownedPage } from "./StatusPageAnswer.ts"

/** Who is told by a person's status pages. Every method sees those of `userId` alone. */
export class PageSubscriberService extends Context.Tag("@uptime/api/PageSubscriberService")<
  PageSubscriberService,
  {
    /** A page of those who are told, newest first. */
    readonly list: (
      userId: UserId,
      id: StatusPageId,
      query: SubscriberQuery,
    ) => Effect.Effect<SubscriberPage, NotFound | ServiceUnavailable>
    /** Removes a subscriber. */
    readonly remove: (
      userId: UserId,
      id: StatusPageId,
      subscriberId: SubscriberId,
    ) => Effect.Effect<void, NotFound | ServiceUnavailable>
  }
>() {
  static readonly layerNoDeps = Layer.effect(
    this,
    Effect.map(PageSubscribers, (subscribers) =>
      PageSubscriberService.of({
        list: Effect.fn("PageSubscriberService.list")(function* (userId, id, { cursor, limit = defaultLimit }) {
          const found = yield* ownedPage(subscribers.list(userId, id, limit + 1, cursor ?? null))
          const { items, nextCursor } = pageOf(found, limit, ({ createdAt, id }) => ({ createdAt, id }))
          return {
            items: items.map(({ confirmedAt, createdAt, goneAt, ...subscriber }) => ({
              ...subscriber,
              confirmedAt: confirmedAt === null ? null : DateTime.unsafeMake(confirmedAt),
              goneAt: goneAt === null ? null : DateTime.unsafeMake(goneAt),
              createdAt: DateTime.unsafeMake(createdAt),
            })),
            nextCursor,
          }
        }),

        remove: Effect.fn("PageSubscriberService.remove")((userId, id, subscriberId) =>
          ownedSubscriber(subscribers.remove(userId, id, subscriberId)),
        ),
      }),
    ),
  )
}

/** Calls of the database that name a subscriber. */
const ownedSubscriber = ownedCalls("SubscriberNotFound", "subscriber")
