import {
  MonitorLimitReached,
  MonitorNotFound,
  type ReferenceRefused,
  type SecretsUnavailable,
  type ServiceUnavailable,
  type TargetRefused,
  ValidationFailed,
} from "@uptime/contract/ApiErrors"
import { MonitorCursor } from "@uptime/contract/Cursor"
import type { MonitorCreate, MonitorEdit, MonitorQuery } from "@uptime/contract/MonitorsApi"
import { defaultLimit } from "@uptime/contract/Page"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import type { Monitor } from "@uptime/domain/Monitor"
import type { MonitorOverview } from "@uptime/domain/MonitorOverview"
import type { ListedMonitor } from "@uptime/persistence/MonitorListing"
import { Monitors } from "@uptime/persistence/Monitors"
import { SecretBox } from "@uptime/runtime/SecretBox"
import { traced } from "@uptime/runtime/Traced"
import { Events } from "@uptime/stream/Events"
import { Context, Duration, Effect, Layer } from "effect"
import { ApiSettings } from "../ApiSettings.ts"
import { writtenPage } from "../http/PageJson.ts"
import { pageOf } from "../PageOf.ts"
import { ownedCall, storeCall } from "../StoreCall.ts"
import { assertTargets } from "./AllowedTarget.ts"
import { regionIssues } from "./EnoughRegions.ts"
import { FirstChecks } from "./FirstChecks.ts"
import { newMonitor } from "./NewMonitor.ts"
import { referenceRefused } from "./RefusedSettings.ts"
import { sealSecrets, secretIssues } from "./SealedSecrets.ts"

/** How long all monitors of an account, up to 200,000, may take. */
const summariesLimit = Duration.seconds(10)

const monitorPage = writtenPage(MonitorCursor)

/** Why settings are not taken. */
type SettingsError = ValidationFailed | TargetRefused | ReferenceRefused | SecretsUnavailable

/** A person's monitors. Every method sees those of `userId` alone. */
export class MonitorService extends Context.Tag("@uptime/api/MonitorService")<
  MonitorService,
  {
    /** Adds a monitor, with what was left out filled in, and starts its first check. */
    readonly create: (
      userId: UserId,
      input: MonitorCreate,
    ) => Effect.Effect<Monitor, SettingsError | MonitorLimitReached | ServiceUnavailable>
    /** A page of monitors, newest first, as JSON in UTF-8: `items`, each a `MonitorOverview`, and `nextCursor`. */
    readonly list: (userId: UserId, query: MonitorQuery) => Effect.Effect<Uint8Array, ServiceUnavailable>
    /** All monitors, newest first, as the JSON text of a list of `MonitorSummary`. */
    readonly summaries: (userId: UserId) => Effect.Effect<string, ServiceUnavailable>
    /** One monitor with what is known of it. */
    readonly get: (
      userId: UserId,
      id: MonitorId,
    ) => Effect.Effect<MonitorOverview, MonitorNotFound | ServiceUnavailable>
    /** Changes what `changes` names. Whoever does not have the monitor learns nothing but that. */
    readonly edit: (
      userId: UserId,
      id: MonitorId,
      changes: MonitorEdit,
    ) => Effect.Effect<Monitor, SettingsError | MonitorNotFound | ServiceUnavailable>
    /** Deletes a monitor and its results. */
    readonly remove: (userId: UserId, id: MonitorId) => Effect.Effect<void, MonitorNotFound | ServiceUnavailable>
  }
>() {
  static readonly layerNoDeps = Layer.effect(
    this,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const settings = yield* ApiSettings
  const monitors = yield* Monitors
  const firstChecks = yield* FirstChecks
  const secrets = yield* SecretBox
  const events = yield* Events
  // The store answers the same array while nothing has changed, and forgets it in the end. A hundred kilobytes that are new
  // for every request make the collector go through the whole heap each second.
  const pages = new WeakMap<ReadonlyArray<ListedMonitor>, Uint8Array>()
  const tell = (userId: UserId, id: MonitorId) =>
    events.publish({ _tag: "Changed", userId, monitorIds: [id], incidentIds: [] })

  const sealed = Effect.fnUntraced(function* (input: MonitorEdit) {
    yield* assertTargets(settings.targetPolicy, input)
    const issues = [...regionIssues(settings.regions, input), ...secretIssues(input)]
    if (issues.length > 0) return yield* ValidationFailed.of(issues)
    return yield* sealSecrets(secrets, input)
  })

  return MonitorService.of({
    create: Effect.fn("MonitorService.create")(function* (userId, input) {
      const monitor = yield* Effect.mapError(
        newMonitor(input.url, yield* sealed(input), settings.defaultInterval),
        ValidationFailed.of,
      )
      const created = yield* storeCall(monitors.create(userId, [monitor])).pipe(
        Effect.catchTags({
          TooManyMonitors: ({ limit }) => MonitorLimitReached.of(limit),
          ReferenceNotFound: referenceRefused,
        }),
      )
      yield* firstChecks.start(created)
      const only = yield* onlyOne(created.map(({ monitor }) => monitor))
      yield* tell(userId, only.id)
      return only
    }),

    list: traced(
      "MonitorService.list",
      Effect.fnUntraced(function* (userId, { cursor, limit = defaultLimit, ...filter }) {
        // One more than is shown tells whether there is a next page.
        const found = yield* storeCall(monitors.list(userId, filter, limit + 1, cursor ?? null))
        const known = pages.get(found)
        if (known !== undefined) return known
        const { items, nextCursor } = pageOf(found, limit, ({ createdAt, id }) => ({ createdAt, id }))
        const page = monitorPage({ items: items.map(({ json }) => json), nextCursor })
        pages.set(found, page)
        return page
      }),
    ),

    summaries: Effect.fn("MonitorService.summaries")((userId) => storeCall(monitors.summaries(userId), summariesLimit)),

    get: Effect.fn("MonitorService.get")((userId, id) => ownedCall(monitors.get(userId, id))),

    edit: Effect.fn("MonitorService.edit")(function* (userId, id, changes) {
      yield* ownedCall(monitors.assertOwned(userId, id))
      const settings = yield* sealed(changes)
      return yield* storeCall(monitors.update(userId, [{ id, settings }])).pipe(
        Effect.catchTags({
          MonitorNotFound: () => MonitorNotFound.create(),
          ChangesRefused: ({ refused }) => ValidationFailed.of(refused.flatMap(({ issues }) => issues)),
          ReferenceNotFound: referenceRefused,
          ParentCycle: referenceRefused,
        }),
        Effect.flatMap(onlyOne),
        Effect.tap(tell(userId, id)),
      )
    }),

    remove: Effect.fn("MonitorService.remove")((userId, id) =>
      Effect.zipLeft(ownedCall(monitors.remove(userId, [id])), tell(userId, id)),
    ),
  })
})

const onlyOne = (found: ReadonlyArray<Monitor>): Effect.Effect<Monitor> => {
  const [monitor] = found
  return monitor === undefined ? Effect.dieMessage("the store gave no monitor back") : Effect.succeed(monitor)
}
