import { LimitReached, type NotFound, ReferenceRefused, type ServiceUnavailable } from "@uptime/contract/ApiErrors"
import type { EscalationCreate, EscalationEdit, EscalationPage, EscalationQuery } from "@uptime/contract/EscalationsApi"
import { defaultLimit } from "@uptime/contract/Page"
import type { Escalation } from "@uptime/domain/Escalation"
import type { EscalationId, UserId } from "@uptime/domain/Ids"
import { Escalations } from "@uptime/persistence/Escalations"
import { Context, DateTime, Effect, Layer } from "effect"
import { ownedCalls } from "../OwnedCall.ts"
import { pageOf } from "../PageOf.ts"
import { storeCall } from "../StoreCall.ts"

/** A person's escalation policies. Every method sees those of `userId` alone, and no channels but theirs. */
export class EscalationService extends Context.Tag("@uptime/api/EscalationService")<
  EscalationService,
  {
    /** Adds a policy. */
    readonly create: (
      userId: UserId,
      input: EscalationCreate,
    ) => Effect.Effect<Escalation, LimitReached | ReferenceRefused | ServiceUnavailable>
    /** A page of policies, newest first. */
    readonly list: (userId: UserId, query: EscalationQuery) => Effect.Effect<EscalationPage, ServiceUnavailable>
    /** One policy. */
    readonly get: (userId: UserId, id: EscalationId) => Effect.Effect<Escalation, NotFound | ServiceUnavailable>
    /** Changes what `changes` names. */
    readonly edit: (
      userId: UserId,
      id: EscalationId,
      changes: EscalationEdit,
    ) => Effect.Effect<Escalation, NotFound | ReferenceRefused | ServiceUnavailable>
    /** Deletes a policy. */
    readonly remove: (userId: UserId, id: EscalationId) => Effect.Effect<void, NotFound | ServiceUnavailable>
  }
>() {
  static readonly layerNoDeps = Layer.effect(
    this,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const escalations = yield* Escalations

  return EscalationService.of({
    create: Effect.fn("EscalationService.create")((userId, input) =>
      storeCall(escalations.create(userId, input)).pipe(
        Effect.catchTags({
          ChannelNotFound: unknownChannel,
          TooManyEscalations: ({ limit }) => LimitReached.of("escalation policies", limit),
        }),
      ),
    ),

    list: Effect.fn("EscalationService.list")(function* (userId, { cursor, limit = defaultLimit }) {
      const found = yield* storeCall(escalations.list(userId, limit + 1, cursor ?? null))
      return pageOf(found, limit, ({ createdAt, id }) => ({ createdAt: DateTime.toEpochMillis(createdAt), id }))
    }),

    get: Effect.fn("EscalationService.get")((userId, id) => owned(escalations.get(userId, id))),

    edit: Effect.fn("EscalationService.edit")((userId, id, changes) =>
      Effect.catchTag(owned(escalations.update(userId, id, changes)), "ChannelNotFound", unknownChannel),
    ),

    remove: Effect.fn("EscalationService.remove")((userId, id) => owned(escalations.remove(userId, id))),
  })
})

/** Calls that name a policy. */
const owned = ownedCalls("EscalationNotFound", "escalation policy")

/** Foreign and unknown channels are said alike. */
const unknownChannel = () =>
  new ReferenceRefused({ message: "steps: you have no channel with an id that is given here." })
