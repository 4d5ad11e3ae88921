import type { MonitorNotFound, ServiceUnavailable } from "@uptime/contract/ApiErrors"
import { defaultLimit } from "@uptime/contract/Page"
import type { LatestResults, ResultPage, ResultQuery, SeriesQuery } from "@uptime/contract/ResultsApi"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import type { RecentChecks } from "@uptime/domain/RecentChecks"
import type { DayUptime, Series } from "@uptime/domain/Series"
import { type Stats, type StatsWindow, windowMs } from "@uptime/domain/Stats"
import { Monitors } from "@uptime/persistence/Monitors"
import { Results } from "@uptime/persistence/Results"
import { traced } from "@uptime/runtime/Traced"
import { Clock, Context, DateTime, Duration, Effect, Layer } from "effect"
import { pageOf } from "../PageOf.ts"
import { ownedCall, storeCall } from "../StoreCall.ts"

/** How long a cleanup may take: it deletes what may be years of results. */
const cleanupLimit = Duration.seconds(30)

/** What the checks of a person's monitors found. Every method sees those of `userId` alone. */
export class ResultService extends Context.Tag("@uptime/api/ResultService")<
  ResultService,
  {
    /** A page of results, newest first. */
    readonly list: (
      userId: UserId,
      monitorId: MonitorId,
      query: ResultQuery,
    ) => Effect.Effect<ResultPage, MonitorNotFound | ServiceUnavailable>
    /** The latest result, per location and overall. */
    readonly latest: (
      userId: UserId,
      monitorId: MonitorId,
    ) => Effect.Effect<LatestResults, MonitorNotFound | ServiceUnavailable>
    /** The newest checks and the uptime of the person's monitors among `ids`. */
    readonly recent: (
      userId: UserId,
      ids: ReadonlyArray<MonitorId>,
    ) => Effect.Effect<ReadonlyArray<RecentChecks>, ServiceUnavailable>
    /** Statistics over a window that ends now. */
    readonly stats: (
      userId: UserId,
      monitorId: MonitorId,
      window: StatsWindow,
    ) => Effect.Effect<Stats, MonitorNotFound | ServiceUnavailable>
    /** Response times over a stretch: the 24 hours until `to`, which is now, unless the query says otherwise. */
    readonly series: (
      userId: UserId,
      monitorId: MonitorId,
      query: SeriesQuery,
    ) => Effect.Effect<Series, MonitorNotFound | ServiceUnavailable>
    /** The last `days` days. */
    readonly days: (
      userId: UserId,
      monitorId: MonitorId,
      days: number,
    ) => Effect.Effect<ReadonlyArray<DayUptime>, MonitorNotFound | ServiceUnavailable>
    /** Deletes results scheduled more than `days` days ago; how many. */
    readonly cleanup: (
      userId: UserId,
      monitorId: MonitorId,
      days: number,
    ) => Effect.Effect<number, MonitorNotFound | ServiceUnavailable>
  }
>() {
  static readonly layerNoDeps = Layer.effect(
    this,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const results = yield* Results
  const monitors = yield* Monitors

  return ResultService.of({
    list: traced(
      "ResultService.list",
      Effect.fnUntraced(function* (userId, monitorId, query) {
        const { cursor, from, limit = defaultLimit, location, status, to } = query
        const filter = {
          location,
          status,
          from: from === undefined ? undefined : DateTime.toEpochMillis(from),
          to: to === undefined ? undefined : DateTime.toEpochMillis(to),
        }
        // One more than is shown tells whether there is a next page.
        const found = yield* ownedCall(results.list(userId, monitorId, filter, limit + 1, cursor ?? null))
        return pageOf(found, limit, ({ location, scheduledAt }) => ({
          scheduledAt: DateTime.toEpochMillis(scheduledAt),
          location,
        }))
      }),
    ),

    latest: Effect.fn("ResultService.latest")(function* (userId, monitorId) {
      const { id, latest, locations, since, status } = yield* ownedCall(monitors.get(userId, monitorId))
      return { monitorId: id, status, since, latest, locations }
    }),

    recent: Effect.fn("ResultService.recent")((userId, ids) => storeCall(results.recent(userId, ids))),

    stats: traced("ResultService.stats", (userId, monitorId, window) =>
      ownedCall(results.stats(userId, monitorId, window)),
    ),

    series: Effect.fn("ResultService.series")(function* (userId, monitorId, { from, location, to }) {
      const until = to === undefined ? yield* Clock.currentTimeMillis : DateTime.toEpochMillis(to)
      const since = from === undefined ? until - windowMs["24h"] : DateTime.toEpochMillis(from)
      // One that begins after now has nothing in it.
      return yield* ownedCall(results.series(userId, monitorId, { from: since, to: Math.max(since, until), location }))
    }),

    days: Effect.fn("ResultService.days")((userId, monitorId, days) =>
      ownedCall(results.days(userId, monitorId, days)),
    ),

    cleanup: Effect.fn("ResultService.cleanup")((userId, monitorId, days) =>
      ownedCall(results.cleanup(userId, monitorId, days), cleanupLimit),
    ),
  })
})
