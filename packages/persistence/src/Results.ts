import { SqlClient } from "@effect/sql/SqlClient"
import type { CheckStatus } from "@uptime/domain/CheckStatus"
import { MonitorNotFound } from "@uptime/domain/Errors"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import type { RecentChecks } from "@uptime/domain/RecentChecks"
import type { Region } from "@uptime/domain/Region"
import type { ResultDetail } from "@uptime/domain/Result"
import { type DayUptime, type Series, seriesGrid } from "@uptime/domain/Series"
import { type Stats, type StatsWindow, windowMs } from "@uptime/domain/Stats"
import { traced } from "@uptime/runtime/Traced"
import { Context, Effect, Layer } from "effect"
import { readDays } from "./DayReads.ts"
import { resultOf } from "./MonitorRows.ts"
import { readRecent } from "./RecentReads.ts"
import { deleteResults } from "./ResultDeletion.ts"
import { readResults } from "./ResultReads.ts"
import { readSeries } from "./SeriesReads.ts"
import { failAs } from "./SqlFailure.ts"
import { mergeStats } from "./StatsMerge.ts"
import { readSums } from "./StatsReads.ts"
import type { StoreError } from "./StoreError.ts"

/** Where a list of results goes on: after this one, newest first. `scheduledAt` in milliseconds since the epoch. */
export interface ResultCursor {
  readonly scheduledAt: number
  readonly location: Region
}

/** Which results a list shows; `from` (inclusive) and `to` (exclusive) bound `scheduledAt`, milliseconds since the epoch. */
export interface ResultFilter {
  readonly location?: Region | undefined
  readonly status?: CheckStatus | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** Reading results back, for their owner only: a foreign monitor answers exactly like an unknown one. */
export class Results extends Context.Tag("@uptime/persistence/Results")<
  Results,
  {
    /** Results, newest slot first (then by location), at most `limit`. */
    readonly list: (
      userId: UserId,
      monitorId: MonitorId,
      filter: ResultFilter,
      limit: number,
      after: ResultCursor | null,
    ) => Effect.Effect<ReadonlyArray<ResultDetail>, MonitorNotFound | StoreError>
    /** The newest checks and the uptime of the owner's monitors among `ids` (at most 100), in that order. */
    readonly recent: (
      userId: UserId,
      ids: ReadonlyArray<MonitorId>,
    ) => Effect.Effect<ReadonlyArray<RecentChecks>, StoreError>
    /** Statistics over a window that ends now, from state intervals and rollups, whatever the history's length. */
    readonly stats: (
      userId: UserId,
      monitorId: MonitorId,
      window: StatsWindow,
    ) => Effect.Effect<Stats, MonitorNotFound | StoreError>
    /** Response times over a stretch, by region and bucket (`domain/Series`); milliseconds since the epoch. */
    readonly series: (
      userId: UserId,
      monitorId: MonitorId,
      range: { readonly from: number; readonly to: number; readonly location: Region | undefined },
    ) => Effect.Effect<Series, MonitorNotFound | StoreError>
    /** The last `days` days (UTC), today among them, oldest first. */
    readonly days: (
      userId: UserId,
      monitorId: MonitorId,
      days: number,
    ) => Effect.Effect<ReadonlyArray<DayUptime>, MonitorNotFound | StoreError>
    /** Deletes results scheduled more than `days` days ago; how many. */
    readonly cleanup: (
      userId: UserId,
      monitorId: MonitorId,
      days: number,
    ) => Effect.Effect<number, MonitorNotFound | StoreError>
  }
>() {
  /** The results of a database. */
  static readonly layer: Layer.Layer<Results, never, SqlClient> = Layer.effect(
    Results,
    Effect.map(SqlClient, (sql) =>
      Results.of({
        list: traced(
          "Results.list",
          Effect.fnUntraced(function* (userId, monitorId, filter, limit, after) {
            const rows = yield* readResults(sql, userId, monitorId, filter, limit, after)
            if (rows.length === 0) yield* clockOf(sql, userId, monitorId)
            return rows.map(
              (row): ResultDetail => ({
                ...resultOf(row),
                attempts: row.attempts,
                maintenance: row.maintenance ?? false,
                evidence: row.evidence,
              }),
            )
          }, failAs("Results.list")),
        ),

        recent: Effect.fn("Results.recent")((userId, ids) => readRecent(sql, userId, ids), failAs("Results.recent")),

        stats: traced(
          "Results.stats",
          Effect.fnUntraced(function* (userId, monitorId, window) {
            const clock = yield* clockOf(sql, userId, monitorId)
            const point = window === "24h" || window === "7d" ? "hour" : "day"
            const bounds = {
              from: clock.now - windowMs[window],
              to: clock.now,
              hourlyTo: clock.hourly_to,
              dailyTo: clock.daily_to,
            }
            return mergeStats(monitorId, window, point, bounds, yield* readSums(sql, monitorId, point, bounds))
          }, failAs("Results.stats")),
        ),

        series: Effect.fn("Results.series")(function* (userId, monitorId, range) {
          const clock = yield* clockOf(sql, userId, monitorId)
          return yield* readSeries(sql, monitorId, {
            ...range,
            ...seriesGrid(range.from, range.to),
            hourlyTo: clock.hourly_to,
            dailyTo: clock.daily_to,
          })
        }, failAs("Results.series")),

        days: Effect.fn("Results.days")(function* (userId, monitorId, days) {
          const clock = yield* clockOf(sql, userId, monitorId)
          return yield* readDays(sql, monitorId, days, {
            now: clock.now,
            hourlyTo: clock.hourly_to,
            dailyTo: clock.daily_to,
          })
        }, failAs("Results.days")),

        cleanup: Effect.fn("Results.cleanup")(function* (userId, monitorId, days) {
          const { now } = yield* clockOf(sql, userId, monitorId)
          const { deleted } = yield* deleteResults(sql, monitorId, now - days * 86_400_000, Number.POSITIVE_INFINITY)
          return deleted
        }, failAs("Results.cleanup")),
      }),
    ),
  )
}

interface ClockRow {
  /** The database's time, and up to where hours and days are rolled up, in milliseconds since the epoch. */
  readonly now: number
  readonly hourly_to: number
  readonly daily_to: number
}

/** What the database's clocks say, for the owner of a monitor; fails for everybody else. */
const clockOf = (sql: SqlClient, userId: UserId, monitorId: MonitorId) =>
  Effect.flatMap(
    sql<ClockRow>`
      SELECT floor(date_part('epoch', now()) * 1000) AS now,
        (SELECT date_part('epoch', up_to) * 1000 FROM rollup_watermarks WHERE name = 'hourly') AS hourly_to,
        (SELECT date_part('epoch', up_to) * 1000 FROM rollup_watermarks WHERE name = 'daily') AS daily_to
      FROM monitors WHERE id = ${monitorId} AND user_id = ${userId}`,
    ([row]): Effect.Effect<ClockRow, MonitorNotFound> =>
      row === undefined ? Effect.fail(MonitorNotFound.for(monitorId)) : Effect.succeed(row),
  )
