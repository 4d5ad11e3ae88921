import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "@effect/platform"
import { IncidentId, MonitorId } from "@uptime/domain/Ids"
import { Incident, IncidentDetail, IncidentSeverity, IncidentText, IncidentTitle } from "@uptime/domain/Incident"
import { lineOfText } from "@uptime/domain/Text"
import { Schema } from "effect"
import { NotFound, NotPossibleNow, PayloadTooLarge, UnsupportedMediaType } from "./ApiErrors.ts"
import { Authentication } from "./Authentication.ts"
import { IncidentCursor } from "./Cursor.ts"
import { maxMonitorLimit, Page } from "./Page.ts"
import { inOrder, QueryBoolean, QueryInt, QueryTime } from "./Query.ts"
import { NoQuery, optional, StrictStruct } from "./StrictStruct.ts"

/**
 * Which incidents a list shows; `text` is looked for in titles and in names and URLs of monitors, in any case; `from`
 * (inclusive) and `to` (exclusive) bound when they began.
 */
export const IncidentQuery = StrictStruct({
  open: optional(QueryBoolean),
  severity: optional(IncidentSeverity),
  monitorId: optional(MonitorId),
  text: optional(lineOfText(1, 200)),
  from: optional(QueryTime),
  to: optional(QueryTime),
  limit: optional(QueryInt(1, maxMonitorLimit)),
  cursor: optional(IncidentCursor),
}).pipe(Schema.filter(inOrder))
export type IncidentQuery = typeof IncidentQuery.Type

/** A page of incidents, the one that began last first. */
export const IncidentPage = Page(Incident, IncidentCursor).annotations({ identifier: "IncidentPage" })
export type IncidentPage = typeof IncidentPage.Type

/** A comment for oneself, or, public, an update for everybody who is told. */
export const IncidentComment = StrictStruct({ body: IncidentText, public: optional(Schema.Boolean) }).annotations({
  identifier: "IncidentComment",
})
export type IncidentComment = typeof IncidentComment.Type

/** Why an incident is over, when somebody says so. */
export const IncidentResolve = StrictStruct({ note: optional(IncidentText) }).annotations({
  identifier: "IncidentResolve",
})
export type IncidentResolve = typeof IncidentResolve.Type

/** What editing an incident takes: what is named changes. */
export const IncidentEdit = StrictStruct({
  title: optional(IncidentTitle),
  isPublic: optional(Schema.Boolean),
}).annotations({ identifier: "IncidentEdit" })
export type IncidentEdit = typeof IncidentEdit.Type

/** What was learnt from an incident. */
export const PostmortemText = StrictStruct({ body: IncidentText }).annotations({ identifier: "PostmortemText" })
export type PostmortemText = typeof PostmortemText.Type

const IncidentPath = Schema.Struct({ id: IncidentId })

/** What went wrong, and what was done about it. */
export class IncidentsApi extends HttpApiGroup.make("incidents")
  .add(
    HttpApiEndpoint.get("list", "/")
      .setUrlParams(IncidentQuery)
      .addSuccess(IncidentPage)
      .annotate(OpenApi.Summary, "List incidents, the one that began last first"),
  )
  .add(
    HttpApiEndpoint.get("get", "/:id")
      .setPath(IncidentPath)
      .setUrlParams(NoQuery)
      .addSuccess(IncidentDetail)
      .addError(NotFound)
      .annotate(OpenApi.Summary, "One incident: its monitors with what was seen, its timeline and its messages"),
  )
  .add(
    HttpApiEndpoint.put("edit", "/:id")
      .setPath(IncidentPath)
      .setPayload(IncidentEdit)
      .setUrlParams(NoQuery)
      .addSuccess(IncidentDetail)
      .addError(NotFound)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .annotate(OpenApi.Summary, "Give an incident another title, publish it, or take it back"),
  )
  .add(
    HttpApiEndpoint.post("acknowledge", "/:id/acknowledge")
      .setPath(IncidentPath)
      .setUrlParams(NoQuery)
      .addSuccess(IncidentDetail)
      .addError(NotFound)
      .addError(NotPossibleNow)
      .annotate(OpenApi.Summary, "Say that somebody is at it: reminders and escalation end"),
  )
  .add(
    HttpApiEndpoint.post("comment", "/:id/comment")
      .setPath(IncidentPath)
      .setPayload(IncidentComment)
      .setUrlParams(NoQuery)
      .addSuccess(IncidentDetail)
      .addError(NotFound)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .annotate(OpenApi.Summary, "Add to the timeline, privately or publicly"),
  )
  .add(
    HttpApiEndpoint.post("resolve", "/:id/resolve")
      .setPath(IncidentPath)
      .setPayload(IncidentResolve)
      .setUrlParams(NoQuery)
      .addSuccess(IncidentDetail)
      .addError(NotFound)
      .addError(NotPossibleNow)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .annotate(OpenApi.Summary, "Say that it is over; what fails again later is another incident"),
  )
  .add(
    HttpApiEndpoint.put("postmortem", "/:id/postmortem")
      .setPath(IncidentPath)
      .setPayload(PostmortemText)
      .setUrlParams(NoQuery)
      .addSuccess(IncidentDetail)
      .addError(NotFound)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .annotate(OpenApi.Summary, "Write down what was learnt"),
  )
  .middleware(Authentication)
  .prefix("/api/incidents")
  .annotate(OpenApi.Description, "What went wrong, and what was done about it") {}
