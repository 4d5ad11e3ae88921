import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "@effect/platform"
import { Conditions } from "@uptime/conditions/Condition"
import { AlertRules } from "@uptime/domain/AlertRules"
import { CheckKind } from "@uptime/domain/CheckKind"
import { kindOptions } from "@uptime/domain/CheckSpec"
import { Confirmation } from "@uptime/domain/Confirmation"
import { EscalationId, MonitorId } from "@uptime/domain/Ids"
import { IntervalSeconds } from "@uptime/domain/IntervalSeconds"
import { GroupName, Monitor, MonitorName, Parents, Tag, Tags, TimeoutMs } from "@uptime/domain/Monitor"
import { MonitorOverview } from "@uptime/domain/MonitorOverview"
import { MonitorStatus } from "@uptime/domain/MonitorStatus"
import { MonitorSummary } from "@uptime/domain/MonitorSummary"
import { MonitorUrl } from "@uptime/domain/MonitorUrl"
import { RecentChecks } from "@uptime/domain/RecentChecks"
import { SecretText } from "@uptime/domain/Secret"
import { Schema } from "effect"
import {
  MonitorLimitReached,
  MonitorNotFound,
  PayloadTooLarge,
  ReferenceRefused,
  SecretsUnavailable,
  TargetRefused,
  UnsupportedMediaType,
} from "./ApiErrors.ts"
import { Authentication } from "./Authentication.ts"
import { MonitorCursor } from "./Cursor.ts"
import { maxMonitorLimit, Page } from "./Page.ts"
import { QueryInt, QueryList } from "./Query.ts"
import { NoQuery, optional, StrictStruct } from "./StrictStruct.ts"

/** What may be set on a monitor besides its URL. Options under the name of a kind are for a URL of that kind alone. */
const settings = {
  name: optional(MonitorName),
  intervalSeconds: optional(IntervalSeconds),
  timeoutMs: optional(TimeoutMs),
  enabled: optional(Schema.Boolean),
  tags: optional(Tags),
  conditions: optional(Conditions),
  confirmation: optional(Schema.partialWith(Confirmation, { exact: true })),
  alerts: optional(Schema.partialWith(AlertRules, { exact: true })),
  group: optional(Schema.NullOr(GroupName)),
  parents: optional(Parents),
  ...kindOptions(SecretText()),
}

/** What creating a monitor takes: only `url` must be given; the rest has defaults. A heartbeat must say when it is expected. */
export const MonitorCreate = StrictStruct({ url: MonitorUrl, ...settings }).annotations({ identifier: "MonitorCreate" })
export type MonitorCreate = typeof MonitorCreate.Type

/**
 * What editing a monitor takes: what is named changes, all else stays, also within `confirmation` and `alerts`. The options of
 * a kind are replaced as a whole, but for secrets sent as their mask, which stay what they are.
 */
export const MonitorEdit = StrictStruct({ url: optional(MonitorUrl), ...settings }).annotations({
  identifier: "MonitorEdit",
})
export type MonitorEdit = typeof MonitorEdit.Type

/** The most operations of one bulk call. */
export const maxBulkOperations = 1000

/** One operation of a bulk call. */
export const BulkOperation = Schema.Union(
  StrictStruct({ action: Schema.Literal("create"), monitor: MonitorCreate }),
  StrictStruct({ action: Schema.Literal("edit"), id: MonitorId, monitor: MonitorEdit }),
  StrictStruct({ action: Schema.Literal("pause"), id: MonitorId }),
  StrictStruct({ action: Schema.Literal("resume"), id: MonitorId }),
  StrictStruct({ action: Schema.Literal("delete"), id: MonitorId }),
).annotations({ identifier: "BulkOperation" })
export type BulkOperation = typeof BulkOperation.Type

/** A bulk call: 1 to 1,000 operations, each monitor named at most once. All are done, or none. */
export const BulkRequest = StrictStruct({
  operations: Schema.Array(BulkOperation).pipe(Schema.minItems(1), Schema.maxItems(maxBulkOperations)),
}).annotations({ identifier: "BulkRequest" })
export type BulkRequest = typeof BulkRequest.Type

/** What one operation did: the monitor as it is now, null when it was deleted. */
export const BulkResult = Schema.Struct({
  action: Schema.Literal("create", "edit", "pause", "resume", "delete"),
  id: MonitorId,
  monitor: Schema.NullOr(Monitor),
}).annotations({ identifier: "BulkResult" })
export type BulkResult = typeof BulkResult.Type

/** What a bulk call did, in the order of its operations. */
export const BulkResponse = Schema.Struct({ results: Schema.Array(BulkResult) }).annotations({
  identifier: "BulkResponse",
})
export type BulkResponse = typeof BulkResponse.Type

/** Which monitors a list shows: `text` is looked for in name and URL, in any case; `escalationId` is that of their policy. */
export const MonitorQuery = StrictStruct({
  status: optional(MonitorStatus),
  kind: optional(CheckKind),
  text: optional(MonitorName),
  tag: optional(Tag),
  group: optional(GroupName),
  escalationId: optional(EscalationId),
  limit: optional(QueryInt(1, maxMonitorLimit)),
  cursor: optional(MonitorCursor),
})
export type MonitorQuery = typeof MonitorQuery.Type

/** A page of monitors, newest first. */
export const MonitorPage = Page(MonitorOverview, MonitorCursor).annotations({ identifier: "MonitorPage" })
export type MonitorPage = typeof MonitorPage.Type

/** All monitors of a person, newest first. */
export const MonitorSummaries = Schema.Struct({ items: Schema.Array(MonitorSummary) }).annotations({
  identifier: "MonitorSummaries",
})
export type MonitorSummaries = typeof MonitorSummaries.Type

/** The most monitors whose recent checks are asked for at once. */
export const maxRecentMonitors = 100

/** Which monitors' recent checks are shown: 1 to 100 ids with commas between; those of others' monitors are not there. */
export const RecentQuery = StrictStruct({ ids: QueryList(MonitorId, maxRecentMonitors) })

/** The recent checks of monitors, in the order in which they were asked for. */
export const RecentList = Schema.Struct({ items: Schema.Array(RecentChecks) }).annotations({ identifier: "RecentList" })
export type RecentList = typeof RecentList.Type

const MonitorPath = Schema.Struct({ id: MonitorId })

/** The monitors of the person who asks. */
export class MonitorsApi extends HttpApiGroup.make("monitors")
  .add(
    HttpApiEndpoint.post("create", "/")
      .setPayload(MonitorCreate)
      .setUrlParams(NoQuery)
      .addSuccess(Monitor, { status: 201 })
      .addError(TargetRefused)
      .addError(ReferenceRefused)
      .addError(SecretsUnavailable)
      .addError(MonitorLimitReached)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .annotate(OpenApi.Summary, "Add a monitor; its first check starts at once"),
  )
  .add(
    HttpApiEndpoint.get("list", "/")
      .setUrlParams(MonitorQuery)
      .addSuccess(MonitorPage)
      .annotate(OpenApi.Summary, "List monitors, newest first, with status and latest result"),
  )
  .add(
    HttpApiEndpoint.get("summaries", "/summaries")
      .setUrlParams(NoQuery)
      .addSuccess(MonitorSummaries)
      .annotate(OpenApi.Summary, "All monitors, newest first, each with the few things that a list shows"),
  )
  .add(
    HttpApiEndpoint.get("recent", "/recent")
      .setUrlParams(RecentQuery)
      .addSuccess(RecentList)
      .annotate(OpenApi.Summary, "The newest 40 checks and the uptime of up to 100 monitors"),
  )
  .add(
    HttpApiEndpoint.post("bulk", "/bulk")
      .setPayload(BulkRequest)
      .setUrlParams(NoQuery)
      .addSuccess(BulkResponse)
      .addError(SecretsUnavailable)
      .addError(MonitorLimitReached)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .annotate(OpenApi.Summary, "Create, edit, pause, resume and delete many: all or none, errors by index"),
  )
  .add(
    HttpApiEndpoint.get("get", "/:id")
      .setPath(MonitorPath)
      .setUrlParams(NoQuery)
      .addSuccess(MonitorOverview)
      .addError(MonitorNotFound)
      .annotate(OpenApi.Summary, "One monitor with status and latest result"),
  )
  .add(
    HttpApiEndpoint.put("edit", "/:id")
      .setPath(MonitorPath)
      .setPayload(MonitorEdit)
      .setUrlParams(NoQuery)
      .addSuccess(Monitor)
      .addError(MonitorNotFound)
      .addError(TargetRefused)
      .addError(ReferenceRefused)
      .addError(SecretsUnavailable)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .annotate(OpenApi.Summary, "Edit a monitor: what the body names changes"),
  )
  .add(
    HttpApiEndpoint.del("remove", "/:id")
      .setPath(MonitorPath)
      .setUrlParams(NoQuery)
      .addSuccess(HttpApiSchema.NoContent)
      .addError(MonitorNotFound)
      .annotate(OpenApi.Summary, "Delete a monitor and its results"),
  )
  .middleware(Authentication)
  .prefix("/api/monitor")
  .annotate(OpenApi.Description, "What is checked") {}
