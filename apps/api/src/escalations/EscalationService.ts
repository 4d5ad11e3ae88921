import { LimitReached, NotFound, ReferenceRefused, type ServiceUnavailable } from "@uptime/contract/ApiErrors"
import type { EscalationCreate, EscalationEdit, EscalationPage, EscalationQuery } from "@uptime/contract/EscalationsApi"
import { defaultLimit } from "@uptime/contract/Page"
import type { Escalation } from "@uptime/domain/Escalation"
import type { EscalationId, UserId } from "@uptime/domain/Ids"
import { Escalations } from "@uptime/persistence/Escalations"
import { Context, DateTime, Effect, Layer } from "effect"
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

    get: Effect.fn("EscalationService.get")((userId, id) =>
      Effect.catchTag(storeCall(escalations.get(userId, id)), "EscalationNotFound", unknown),
    ),

    edit: Effect.fn("EscalationService.edit")((userId, id, changes) =>
      storeCall(escalations.update(userId, id, changes)).pipe(
        Effect.catchTags({ ChannelNotFound: unknownChannel, EscalationNotFound: unknown }),
      ),
    ),

    remove: Effect.fn("EscalationService.remove")((userId, id) =>
      Effect.catchTag(storeCall(escalations.remove(userId, id)), "EscalationNotFound", unknown),
    ),
  })
})

const unknown = () => NotFound.of("escalation policy")

/** Foreign and unknown channels are said alike. */
const unknownChannel = () =>
  new ReferenceRefused({ message: "steps: you have no channel with an id that is given here." })
