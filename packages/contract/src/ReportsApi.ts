import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "@effect/platform"
import { MonitorId } from "@uptime/domain/Ids"
import { GroupName, Tag } from "@uptime/domain/Monitor"
import { LabelCount, Outage, ReportBy, ReportRow } from "@uptime/domain/Report"
import { StatsWindow } from "@uptime/domain/Stats"
import { Schema } from "effect"
import { Authentication } from "./Authentication.ts"
import { OutageCursor, ReportCursor } from "./Cursor.ts"
import { maxMonitorLimit, maxReportLimit, Page } from "./Page.ts"
import { inOrder, QueryInt, QueryTime } from "./Query.ts"
import { NoQuery, optional, StrictStruct } from "./StrictStruct.ts"

/**
 * Over which window, and per what, a report is given: the last 30 days per monitor unless it says otherwise; of `monitorId`
 * alone where it is given. `limit` is 1,000 unless it is.
 */
export const UptimeQuery = StrictStruct({
  window: optional(StatsWindow),
  by: optional(ReportBy),
  monitorId: optional(MonitorId),
  limit: optional(QueryInt(1, maxReportLimit)),
  cursor: optional(ReportCursor),
})
export type UptimeQuery = typeof UptimeQuery.Type

/**
 * A page of a report, the least uptime first. The window ends now, and on the pages that follow where it did on the first.
 * `dataFrom` is when the first hour or day of it begins of which anything is known, of any of the monitors: later than
 * `from` where the window reaches back further than they, or than what is kept of them; null where nothing is known.
 */
export const UptimeReport = Schema.Struct({
  window: StatsWindow,
  from: Schema.DateTimeUtc,
  to: Schema.DateTimeUtc,
  dataFrom: Schema.NullOr(Schema.DateTimeUtc),
  ...Page(ReportRow, ReportCursor).fields,
}).annotations({ identifier: "UptimeReport" })
export type UptimeReport = typeof UptimeReport.Type

/** Which outages a list shows; `from` (inclusive) and `to` (exclusive) bound when they began. */
export const OutageQuery = StrictStruct({
  monitorId: optional(MonitorId),
  group: optional(GroupName),
  tag: optional(Tag),
  from: optional(QueryTime),
  to: optional(QueryTime),
  limit: optional(QueryInt(1, maxMonitorLimit)),
  cursor: optional(OutageCursor),
}).pipe(Schema.filter(inOrder))
export type OutageQuery = typeof OutageQuery.Type

/** A page of outages, the one that began last first. */
export const OutagePage = Page(Outage, OutageCursor).annotations({ identifier: "OutagePage" })
export type OutagePage = typeof OutagePage.Type

/** Names with how many monitors of each status or overlay they have, in alphabetical order; at most 1,000. */
export const LabelList = Schema.Struct({ items: Schema.Array(LabelCount) }).annotations({ identifier: "LabelList" })
export type LabelList = typeof LabelList.Type

/** How the person's monitors did. */
export class ReportsApi extends HttpApiGroup.make("reports")
  .add(
    HttpApiEndpoint.get("uptime", "/reports/uptime")
      .setUrlParams(UptimeQuery)
      .addSuccess(UptimeReport)
      .annotate(OpenApi.Summary, "Uptime, mean time to detect and to recover, per monitor, group or tag"),
  )
  .add(
    HttpApiEndpoint.get("outages", "/reports/outages")
      .setUrlParams(OutageQuery)
      .addSuccess(OutagePage)
      .annotate(OpenApi.Summary, "List outages, the one that began last first"),
  )
  .add(
    HttpApiEndpoint.get("tags", "/tags")
      .setUrlParams(NoQuery)
      .addSuccess(LabelList)
      .annotate(OpenApi.Summary, "The tags in use, with their monitors by status"),
  )
  .add(
    HttpApiEndpoint.get("groups", "/groups")
      .setUrlParams(NoQuery)
      .addSuccess(LabelList)
      .annotate(OpenApi.Summary, "The groups in use, with their monitors by status"),
  )
  .middleware(Authentication)
  .prefix("/api")
  .annotate(OpenApi.Description, "How it went") {}
