import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "@effect/platform"
import { CheckStatus } from "@uptime/domain/CheckStatus"
import { MonitorId } from "@uptime/domain/Ids"
import { LocationStatus } from "@uptime/domain/MonitorOverview"
import { MonitorStatus } from "@uptime/domain/MonitorStatus"
import { Region } from "@uptime/domain/Region"
import { Result, ResultDetail } from "@uptime/domain/Result"
import { DayUptime, Series } from "@uptime/domain/Series"
import { Stats, StatsWindow } from "@uptime/domain/Stats"
import { DateTime, Schema } from "effect"
import { MonitorNotFound } from "./ApiErrors.ts"
import { Authentication } from "./Authentication.ts"
import { ResultCursor } from "./Cursor.ts"
import { maxResultLimit, Page } from "./Page.ts"
import { inOrder, QueryInt, QueryTime } from "./Query.ts"
import { NoQuery, optional, StrictStruct } from "./StrictStruct.ts"

/** Which results a list shows; `from` (inclusive) and `to` (exclusive) bound `scheduledAt`. */
export const ResultQuery = StrictStruct({
  location: optional(Region),
  status: optional(CheckStatus),
  from: optional(QueryTime),
  to: optional(QueryTime),
  limit: optional(QueryInt(1, maxResultLimit)),
  cursor: optional(ResultCursor),
}).pipe(
  Schema.filter(({ from, to }) =>
    from !== undefined && to !== undefined && DateTime.greaterThan(from, to)
      ? { path: ["from"], message: "must not be after to" }
      : undefined,
  ),
)
export type ResultQuery = typeof ResultQuery.Type

/** A page of results with what was seen, newest first. */
export const ResultPage = Page(ResultDetail, ResultCursor).annotations({ identifier: "ResultPage" })
export type ResultPage = typeof ResultPage.Type

/** What is known of a monitor now: overall, and per location in alphabetical order; null and empty before a result. */
export const LatestResults = Schema.Struct({
  monitorId: MonitorId,
  status: MonitorStatus,
  since: Schema.NullOr(Schema.DateTimeUtc),
  latest: Schema.NullOr(Result),
  locations: Schema.Array(LocationStatus),
}).annotations({ identifier: "LatestResults" })
export type LatestResults = typeof LatestResults.Type

/** Which window statistics are given for; the last 24 hours when none is named. */
export const StatsQuery = StrictStruct({ window: optional(StatsWindow) })

/** Over which stretch a series is given: the 24 hours until `to`, which is now, unless it says otherwise. */
export const SeriesQuery = StrictStruct({
  from: optional(QueryTime),
  to: optional(QueryTime),
  location: optional(Region),
}).pipe(Schema.filter(inOrder))
export type SeriesQuery = typeof SeriesQuery.Type

/** The most days, and how many when nothing is said. */
export const maxDays = 366
export const defaultDays = 365

/** How many days are shown, today among them. */
export const DaysQuery = StrictStruct({ days: optional(QueryInt(1, maxDays)) })

/** Days (UTC), oldest first. */
export const DayList = Schema.Struct({ items: Schema.Array(DayUptime) }).annotations({ identifier: "DayList" })
export type DayList = typeof DayList.Type

/** How old results must be to be deleted, in days: 1 to 3,650, 90 when nothing is said. */
export const CleanupQuery = StrictStruct({ days: optional(QueryInt(1, 3650)) })

/** The age of results that a cleanup deletes when nothing is said, in days. */
export const defaultCleanupDays = 90

/** How many results a cleanup deleted. */
export const CleanupResponse = Schema.Struct({ deleted: Schema.Int }).annotations({ identifier: "CleanupResponse" })

const MonitorPath = Schema.Struct({ monitorId: MonitorId })

/** What checks of the person's monitors found. */
export class ResultsApi extends HttpApiGroup.make("results")
  .add(
    HttpApiEndpoint.get("list", "/checks")
      .setPath(MonitorPath)
      .setUrlParams(ResultQuery)
      .addSuccess(ResultPage)
      .annotate(OpenApi.Summary, "List results, newest first"),
  )
  .add(
    HttpApiEndpoint.get("latest", "/latest")
      .setPath(MonitorPath)
      .setUrlParams(NoQuery)
      .addSuccess(LatestResults)
      .annotate(OpenApi.Summary, "The latest result, per location and overall"),
  )
  .add(
    HttpApiEndpoint.get("stats", "/stats")
      .setPath(MonitorPath)
      .setUrlParams(StatsQuery)
      .addSuccess(Stats)
      .annotate(OpenApi.Summary, "Uptime, response times and a series for a chart"),
  )
  .add(
    HttpApiEndpoint.get("series", "/series")
      .setPath(MonitorPath)
      .setUrlParams(SeriesQuery)
      .addSuccess(Series)
      .annotate(OpenApi.Summary, "Response times by region over any stretch, in at most about 300 buckets"),
  )
  .add(
    HttpApiEndpoint.get("days", "/days")
      .setPath(MonitorPath)
      .setUrlParams(DaysQuery)
      .addSuccess(DayList)
      .annotate(OpenApi.Summary, "Uptime day by day"),
  )
  .add(
    HttpApiEndpoint.del("cleanup", "/cleanup")
      .setPath(MonitorPath)
      .setUrlParams(CleanupQuery)
      .addSuccess(CleanupResponse)
      .annotate(OpenApi.Summary, "Delete old results"),
  )
  .addError(MonitorNotFound)
  .middleware(Authentication)
  .prefix("/api/results/:monitorId")
  .annotate(OpenApi.Description, "What the checks found") {}
