import { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import type { LabelCount, Outage, ReportBy, ReportRow } from "@uptime/domain/Report"
import { type StatsWindow, windowMs } from "@uptime/domain/Stats"
import { Context, Effect, Layer } from "effect"
import { readLabels } from "./LabelReads.ts"
import { type OutageCursor, type OutageFilter, readOutages } from "./OutageReads.ts"
import { knownFrom, type ReportPlace, reportRows } from "./ReportRows.ts"
import { failAs } from "./SqlFailure.ts"
import { pointMs } from "./StatsReads.ts"
import type { StoreError } from "./StoreError.ts"
import { readMonitorSums } from "./UptimeReads.ts"

/** Where a report goes on: after this row, over the window that ended at `to` (milliseconds since the epoch). */
export interface ReportCursor extends ReportPlace {
  readonly to: number
}

/** What a report is about: over which window, per what, and of one monitor alone where it is named. */
export interface ReportFilter {
  readonly window: StatsWindow
  readonly by: ReportBy
  readonly monitorId?: MonitorId | undefined
}

/** A report over a window that ended at `to`; instants in milliseconds since the epoch. */
export interface UptimeReport {
  readonly from: number
  readonly to: number
  /** The first hour or day of the window of which anything is known of any of the monitors; null without any. */
  readonly knownFrom: number | null
  readonly rows: ReadonlyArray<ReportRow>
}

/** How an account's monitors did. Every method sees those of its owner alone. */
export class Reports extends Context.Tag("@uptime/persistence/Reports")<
  Reports,
  {
    /**
     * Uptime, outages and how long they took to be noticed and to end, over a window that ends now, or where that of the
     * rows before did: per monitor, group or tag, the least uptime first, at most `limit` rows. From rollups, state
     * intervals and the log of changes.
     */
    readonly uptime: (
      userId: UserId,
      filter: ReportFilter,
      limit: number,
      after: ReportCursor | null,
    ) => Effect.Effect<UptimeReport, StoreError>
    /** Outages, the one that began last first, at most `limit`. */
    readonly outages: (
      userId: UserId,
      filter: OutageFilter,
      limit: number,
      after: OutageCursor | null,
    ) => Effect.Effect<ReadonlyArray<Outage>, StoreError>
    /** The tags in use, in alphabetical order, at most 1,000, with how many monitors of each status they have. */
    readonly tags: (userId: UserId) => Effect.Effect<ReadonlyArray<LabelCount>, StoreError>
    /** The groups in use, likewise. */
    readonly groups: (userId: UserId) => Effect.Effect<ReadonlyArray<LabelCount>, StoreError>
  }
>() {
  /** The reports of a database. */
  static readonly layer: Layer.Layer<Reports, never, SqlClient> = Layer.effect(
    Reports,
    Effect.map(SqlClient, (sql) =>
      Reports.of({
        uptime: Effect.fn("Reports.uptime")(function* (userId, { by, monitorId, window }, limit, after) {
          const { daily_to, hourly_to, now } = yield* clock(sql)
          const to = Math.min(now, after?.to ?? now)
          const from = to - windowMs[window]
          // The hour and the day that `to` lies in reach beyond it.
          const hourlyTo = Math.min(hourly_to, to - (to % pointMs.hour))
          const dailyTo = Math.min(daily_to, to - (to % pointMs.day))
          const sums = yield* readMonitorSums(sql, userId, { from, to, hourlyTo, dailyTo }, monitorId)
          return { from, to, knownFrom: knownFrom(sums), rows: reportRows(sums, by, limit, after) }
        }, failAs("Reports.uptime")),
        outages: Effect.fn("Reports.outages")(
          (userId, filter, limit, after) => readOutages(sql, userId, filter, limit, after),
          failAs("Reports.outages"),
        ),
        tags: Effect.fn("Reports.tags")((userId) => readLabels(sql, userId, "tag"), failAs("Reports.tags")),
        groups: Effect.fn("Reports.groups")((userId) => readLabels(sql, userId, "group"), failAs("Reports.groups")),
      }),
    ),
  )
}

const clock = (sql: SqlClient) =>
  Effect.flatMap(
    sql<{ readonly now: number; readonly hourly_to: number; readonly daily_to: number }>`
      SELECT floor(date_part('epoch', now()) * 1000) AS now,
        (SELECT date_part('epoch', up_to) * 1000 FROM rollup_watermarks WHERE name = 'hourly') AS hourly_to,
        (SELECT date_part('epoch', up_to) * 1000 FROM rollup_watermarks WHERE name = 'daily') AS daily_to`,
    ([row]) => (row === undefined ? Effect.dieMessage("the database has no clock") : Effect.succeed(row)),
  )
