import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "@effect/platform"
import { ShortName } from "@uptime/domain/Escalation"
import { MaintenanceId, MonitorId } from "@uptime/domain/Ids"
import { GroupName, Tag } from "@uptime/domain/Monitor"
import { linesOfText } from "@uptime/domain/Text"
import { MaintenancePlan } from "@uptime/incidents/MaintenancePlan"
import { Schema } from "effect"
import {
  LimitReached,
  NotFound,
  NotPossibleNow,
  PayloadTooLarge,
  ReferenceRefused,
  UnsupportedMediaType,
} from "./ApiErrors.ts"
import { Authentication } from "./Authentication.ts"
import { MaintenanceCursor } from "./Cursor.ts"
import { maxMonitorLimit, Page } from "./Page.ts"
import { inOrder, QueryInt, QueryTime } from "./Query.ts"
import { NoQuery, optional, StrictStruct } from "./StrictStruct.ts"

/** What a maintenance is about. */
const Description = linesOfText(0, 10_000)

const Monitors = Schema.Array(MonitorId).pipe(Schema.maxItems(500))
const Tags = Schema.Array(Tag).pipe(Schema.maxItems(50))
const Groups = Schema.Array(GroupName).pipe(Schema.maxItems(50))

/** A planned maintenance. It is over the monitors that are named, and all that have one of the tags or groups. */
export const MaintenanceView = Schema.Struct({
  id: MaintenanceId,
  title: ShortName,
  description: Description,
  plan: MaintenancePlan,
  monitorIds: Monitors,
  tags: Tags,
  groups: Groups,
  isPublic: Schema.Boolean,
  createdAt: Schema.DateTimeUtc,
  updatedAt: Schema.DateTimeUtc,
}).annotations({ identifier: "Maintenance" })
export type MaintenanceView = typeof MaintenanceView.Type

/** What planning a maintenance takes: at least one monitor, tag or group that it is over; it is private unless it says otherwise. */
export const MaintenanceCreate = StrictStruct({
  title: ShortName,
  description: optional(Description),
  plan: MaintenancePlan,
  monitorIds: optional(Monitors),
  tags: optional(Tags),
  groups: optional(Groups),
  isPublic: optional(Schema.Boolean),
})
  .pipe(
    Schema.filter(({ groups = [], monitorIds = [], tags = [] }) =>
      groups.length + monitorIds.length + tags.length === 0
        ? { path: ["monitorIds"], message: "name a monitor, a tag or a group that the maintenance is over" }
        : undefined,
    ),
  )
  .annotations({ identifier: "MaintenanceCreate" })
export type MaintenanceCreate = typeof MaintenanceCreate.Type

/** What editing a maintenance takes: what is named changes, all else stays, and it stays to be over something. */
export const MaintenanceEdit = StrictStruct({
  title: optional(ShortName),
  description: optional(Description),
  plan: optional(MaintenancePlan),
  monitorIds: optional(Monitors),
  tags: optional(Tags),
  groups: optional(Groups),
  isPublic: optional(Schema.Boolean),
}).annotations({ identifier: "MaintenanceEdit" })
export type MaintenanceEdit = typeof MaintenanceEdit.Type

/** Which maintenances a list shows. */
export const MaintenanceQuery = StrictStruct({
  limit: optional(QueryInt(1, maxMonitorLimit)),
  cursor: optional(MaintenanceCursor),
})
export type MaintenanceQuery = typeof MaintenanceQuery.Type

/** A page of maintenances, newest first. */
export const MaintenancePage = Page(MaintenanceView, MaintenanceCursor).annotations({ identifier: "MaintenancePage" })
export type MaintenancePage = typeof MaintenancePage.Type

/** Which windows are listed: those that share an instant with `from` (inclusive) to `to` (exclusive); the next 30 days. */
export const WindowQuery = StrictStruct({ from: optional(QueryTime), to: optional(QueryTime) }).pipe(
  Schema.filter(inOrder),
)
export type WindowQuery = typeof WindowQuery.Type

/** How far windows are listed when no end is given, in days. */
export const defaultWindowDays = 30

/** A time under maintenance, from `startsAt` until before `endsAt`; null: until it is ended. */
export const MaintenanceWindow = Schema.Struct({
  startsAt: Schema.DateTimeUtc,
  endsAt: Schema.NullOr(Schema.DateTimeUtc),
}).annotations({ identifier: "MaintenanceWindow" })
export type MaintenanceWindow = typeof MaintenanceWindow.Type

/** Windows in their order, at most 1,000. */
export const WindowList = Schema.Struct({ items: Schema.Array(MaintenanceWindow) }).annotations({
  identifier: "WindowList",
})
export type WindowList = typeof WindowList.Type

const MaintenancePath = Schema.Struct({ id: MaintenanceId })

/** When work is planned on what is checked. */
export class MaintenancesApi extends HttpApiGroup.make("maintenances")
  .add(
    HttpApiEndpoint.post("create", "/")
      .setPayload(MaintenanceCreate)
      .setUrlParams(NoQuery)
      .addSuccess(MaintenanceView, { status: 201 })
      .addError(LimitReached)
      .addError(ReferenceRefused)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .annotate(OpenApi.Summary, "Plan a maintenance: once, by a rule, or until somebody ends it"),
  )
  .add(
    HttpApiEndpoint.get("list", "/")
      .setUrlParams(MaintenanceQuery)
      .addSuccess(MaintenancePage)
      .annotate(OpenApi.Summary, "List maintenances, newest first"),
  )
  .add(
    HttpApiEndpoint.get("get", "/:id")
      .setPath(MaintenancePath)
      .setUrlParams(NoQuery)
      .addSuccess(MaintenanceView)
      .addError(NotFound)
      .annotate(OpenApi.Summary, "One maintenance"),
  )
  .add(
    HttpApiEndpoint.put("edit", "/:id")
      .setPath(MaintenancePath)
      .setPayload(MaintenanceEdit)
      .setUrlParams(NoQuery)
      .addSuccess(MaintenanceView)
      .addError(NotFound)
      .addError(ReferenceRefused)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .annotate(OpenApi.Summary, "Edit a maintenance: what the body names changes"),
  )
  .add(
    HttpApiEndpoint.del("remove", "/:id")
      .setPath(MaintenancePath)
      .setUrlParams(NoQuery)
      .addSuccess(HttpApiSchema.NoContent)
      .addError(NotFound)
      .annotate(OpenApi.Summary, "Delete a maintenance; a window of it that is open ends"),
  )
  .add(
    HttpApiEndpoint.post("end", "/:id/end")
      .setPath(MaintenancePath)
      .setUrlParams(NoQuery)
      .addSuccess(MaintenanceView)
      .addError(NotFound)
      .addError(NotPossibleNow)
      .annotate(OpenApi.Summary, "End the window that is open now"),
  )
  .add(
    HttpApiEndpoint.get("windows", "/:id/windows")
      .setPath(MaintenancePath)
      .setUrlParams(WindowQuery)
      .addSuccess(WindowList)
      .addError(NotFound)
      .annotate(OpenApi.Summary, "When it is: the windows between two instants, the next 30 days unless given"),
  )
  .middleware(Authentication)
  .prefix("/api/maintenances")
  .annotate(OpenApi.Description, "When work is planned") {}
