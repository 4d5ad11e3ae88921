import { type NotFound, NotPossibleNow, type ServiceUnavailable } from "@uptime/contract/ApiErrors"
import type {
  IncidentComment,
  IncidentEdit,
  IncidentPage,
  IncidentQuery,
  IncidentResolve,
} from "@uptime/contract/IncidentsApi"
import { defaultLimit } from "@uptime/contract/Page"
import type { IncidentId, UserId } from "@uptime/domain/Ids"
import type { IncidentDetail } from "@uptime/domain/Incident"
import type { User } from "@uptime/domain/User"
import { type IncidentIsOver, type IncidentNotFound, Incidents } from "@uptime/persistence/Incidents"
import type { StoreError } from "@uptime/persistence/StoreError"
import { Events } from "@uptime/stream/Events"
import { Context, DateTime, Effect, Layer } from "effect"
import { ownedCalls } from "../OwnedCall.ts"
import { pageOf } from "../PageOf.ts"
import { storeCall } from "../StoreCall.ts"

type Answer<E = never> = Effect.Effect<IncidentDetail, NotFound | ServiceUnavailable | E>

/** A person's incidents, and what they do about them, under their name. Every method sees theirs alone. */
export class IncidentService extends Context.Tag("@uptime/api/IncidentService")<
  IncidentService,
  {
    /** A page of incidents, the one that began last first. */
    readonly list: (userId: UserId, query: IncidentQuery) => Effect.Effect<IncidentPage, ServiceUnavailable>
    /** One incident with all that is known of it. */
    readonly get: (user: User, id: IncidentId) => Answer
    /** Changes what `changes` names. */
    readonly edit: (user: User, id: IncidentId, changes: IncidentEdit) => Answer
    /** Says that somebody is at it. */
    readonly acknowledge: (user: User, id: IncidentId) => Answer<NotPossibleNow>
    /** Adds to the timeline: for the person alone unless it is public. */
    readonly comment: (user: User, id: IncidentId, comment: IncidentComment) => Answer
    /** Says that it is over. */
    readonly resolve: (user: User, id: IncidentId, resolve: IncidentResolve) => Answer<NotPossibleNow>
    /** Writes down what was learnt. */
    readonly postmortem: (user: User, id: IncidentId, body: string) => Answer
  }
>() {
  static readonly layerNoDeps = Layer.effect(
    this,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const incidents = yield* Incidents
  const events = yield* Events

  /** What a person did is told to all their dashboards. */
  const told = <E>(user: User, answer: Answer<E>): Answer<E> =>
    Effect.tap(answer, ({ id }) =>
      events.publish({ _tag: "Changed", userId: user.id, monitorIds: [], incidentIds: [id] }),
    )

  return IncidentService.of({
    list: Effect.fn("IncidentService.list")(function* (userId, query) {
      const { cursor, from, limit = defaultLimit, monitorId, open, severity, text, to } = query
      const filter = {
        open,
        severity,
        monitorId,
        text,
        from: from === undefined ? undefined : DateTime.toEpochMillis(from),
        to: to === undefined ? undefined : DateTime.toEpochMillis(to),
      }
      const found = yield* storeCall(incidents.list(userId, filter, limit + 1, cursor ?? null))
      return pageOf(found, limit, ({ id, startedAt }) => ({ startedAt: DateTime.toEpochMillis(startedAt), id }))
    }),

    get: Effect.fn("IncidentService.get")((user, id) => owned(incidents.get(user.id, id))),

    edit: Effect.fn("IncidentService.edit")((user, id, changes) =>
      told(user, owned(incidents.edit(user.id, id, changes))),
    ),

    acknowledge: Effect.fn("IncidentService.acknowledge")((user, id) =>
      told(user, whileOpen(incidents.acknowledge(user.id, id, user.name))),
    ),

    comment: Effect.fn("IncidentService.comment")((user, id, { body, public: isPublic = false }) =>
      told(user, owned(incidents.comment(user.id, id, user.name, body, isPublic))),
    ),

    resolve: Effect.fn("IncidentService.resolve")((user, id, { note = null }) =>
      told(user, whileOpen(incidents.resolve(user.id, id, user.name, note))),
    ),

    postmortem: Effect.fn("IncidentService.postmortem")((user, id, body) =>
      told(user, owned(incidents.postmortem(user.id, id, user.name, body))),
    ),
  })
})

/** Calls that name an incident. */
const owned = ownedCalls("IncidentNotFound", "incident")

/** The same for what can only be done while it is open. */
const whileOpen = (
  call: Effect.Effect<IncidentDetail, IncidentNotFound | IncidentIsOver | StoreError>,
): Answer<NotPossibleNow> =>
  Effect.catchTag(
    owned(call),
    "IncidentIsOver",
    () => new NotPossibleNow({ message: "This incident is over already." }),
  )
