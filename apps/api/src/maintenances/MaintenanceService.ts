import {
  LimitReached,
  type NotFound,
  NotPossibleNow,
  ReferenceRefused,
  type ServiceUnavailable,
} from "@uptime/contract/ApiErrors"
import {
  defaultWindowDays,
  type MaintenanceCreate,
  type MaintenanceEdit,
  type MaintenancePage,
  type MaintenanceQuery,
  type MaintenanceView,
  type WindowList,
  type WindowQuery,
} from "@uptime/contract/MaintenancesApi"
import { defaultLimit } from "@uptime/contract/Page"
import type { MaintenanceId, UserId } from "@uptime/domain/Ids"
import { windowsBetween } from "@uptime/incidents/MaintenanceSchedule"
import type { Maintenance } from "@uptime/persistence/Maintenance"
import { Maintenances } from "@uptime/persistence/Maintenances"
import { Clock, Context, DateTime, Effect, Layer } from "effect"
import { ownedCalls } from "../OwnedCall.ts"
import { pageOf } from "../PageOf.ts"
import { storeCall } from "../StoreCall.ts"

const dayMs = 86_400_000

/** A person's maintenances. Every method sees those of `userId` alone, and no monitors but theirs. */
export class MaintenanceService extends Context.Tag("@uptime/api/MaintenanceService")<
  MaintenanceService,
  {
    /** Plans a maintenance. */
    readonly create: (
      userId: UserId,
      input: MaintenanceCreate,
    ) => Effect.Effect<MaintenanceView, LimitReached | ReferenceRefused | ServiceUnavailable>
    /** A page of maintenances, newest first. */
    readonly list: (userId: UserId, query: MaintenanceQuery) => Effect.Effect<MaintenancePage, ServiceUnavailable>
    /** One maintenance. */
    readonly get: (userId: UserId, id: MaintenanceId) => Effect.Effect<MaintenanceView, NotFound | ServiceUnavailable>
    /** Changes what `changes` names. */
    readonly edit: (
      userId: UserId,
      id: MaintenanceId,
      changes: MaintenanceEdit,
    ) => Effect.Effect<MaintenanceView, NotFound | ReferenceRefused | ServiceUnavailable>
    /** Deletes a maintenance; a window of it that is open ends. */
    readonly remove: (userId: UserId, id: MaintenanceId) => Effect.Effect<void, NotFound | ServiceUnavailable>
    /** Ends the window that is open. */
    readonly end: (
      userId: UserId,
      id: MaintenanceId,
    ) => Effect.Effect<MaintenanceView, NotFound | NotPossibleNow | ServiceUnavailable>
    /** The windows between two instants: from now, and for 30 days, unless it is said. */
    readonly windows: (
      userId: UserId,
      id: MaintenanceId,
      query: WindowQuery,
    ) => Effect.Effect<WindowList, NotFound | ServiceUnavailable>
  }
>() {
  static readonly layerNoDeps = Layer.effect(
    this,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const maintenances = yield* Maintenances
  const find = (userId: UserId, id: MaintenanceId) => owned(maintenances.get(userId, id))

  return MaintenanceService.of({
    create: Effect.fn("MaintenanceService.create")((userId, input) =>
      storeCall(
        maintenances.create(userId, {
          description: "",
          monitorIds: [],
          tags: [],
          groups: [],
          isPublic: false,
          ...input,
        }),
      ).pipe(
        Effect.catchTags({
          MonitorNotFound: unknownMonitor,
          TooManyMaintenances: ({ limit }) => LimitReached.of("maintenances", limit),
        }),
        Effect.map(viewOf),
      ),
    ),

    list: Effect.fn("MaintenanceService.list")(function* (userId, { cursor, limit = defaultLimit }) {
      const found = yield* storeCall(maintenances.list(userId, limit + 1, cursor ?? null))
      const { items, nextCursor } = pageOf(found, limit, ({ createdAt, id }) => ({ createdAt, id }))
      return { items: items.map(viewOf), nextCursor }
    }),

    get: Effect.fn("MaintenanceService.get")((userId, id) => Effect.map(find(userId, id), viewOf)),

    edit: Effect.fn("MaintenanceService.edit")((userId, id, changes) =>
      owned(maintenances.update(userId, id, changes)).pipe(
        Effect.catchTags({ MonitorNotFound: unknownMonitor, NothingCovered: nothingCovered }),
        Effect.map(viewOf),
      ),
    ),

    remove: Effect.fn("MaintenanceService.remove")((userId, id) => owned(maintenances.remove(userId, id))),

    end: Effect.fn("MaintenanceService.end")((userId, id) =>
      owned(maintenances.end(userId, id)).pipe(
        Effect.catchTag(
          "NoOpenWindow",
          () => new NotPossibleNow({ message: "No window of this maintenance is open now." }),
        ),
        Effect.map(viewOf),
      ),
    ),

    windows: Effect.fn("MaintenanceService.windows")(function* (userId, id, query) {
      const { plan } = yield* find(userId, id)
      const now = yield* Clock.currentTimeMillis
      const end = query.to === undefined ? null : DateTime.toEpochMillis(query.to)
      const from = query.from === undefined ? Math.min(now, end ?? now) : DateTime.toEpochMillis(query.from)
      const windows = windowsBetween(plan, from, end ?? from + defaultWindowDays * dayMs)
      return {
        items: windows.map(({ endsAt, startsAt }) => ({
          startsAt: DateTime.unsafeMake(startsAt),
          endsAt: endsAt === null ? null : DateTime.unsafeMake(endsAt),
        })),
      }
    }),
  })
})

const viewOf = ({ createdAt, updatedAt, ...maintenance }: Maintenance): MaintenanceView => ({
  ...maintenance,
  createdAt: DateTime.unsafeMake(createdAt),
  updatedAt: DateTime.unsafeMake(updatedAt),
})

/** Calls that name a maintenance. */
const owned = ownedCalls("MaintenanceNotFound", "maintenance")

const nothingCovered = () =>
  new ReferenceRefused({ message: "monitorIds: name a monitor, a tag or a group that the maintenance is over." })

/** Foreign and unknown monitors are said alike. */
const unknownMonitor = () =>
  new ReferenceRefused({ message: "monitorIds: you have no monitor with an id that is given here." })
