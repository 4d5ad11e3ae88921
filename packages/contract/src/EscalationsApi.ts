import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "@effect/platform"
import { Escalation, EscalationSteps, ShortName } from "@uptime/domain/Escalation"
import { EscalationId } from "@uptime/domain/Ids"
import { Schema } from "effect"
import { LimitReached, NotFound, PayloadTooLarge, ReferenceRefused, UnsupportedMediaType } from "./ApiErrors.ts"
import { Authentication } from "./Authentication.ts"
import { EscalationCursor } from "./Cursor.ts"
import { maxMonitorLimit, Page } from "./Page.ts"
import { QueryInt } from "./Query.ts"
import { NoQuery, optional, StrictStruct } from "./StrictStruct.ts"

/** What creating an escalation policy takes. */
export const EscalationCreate = StrictStruct({ name: ShortName, steps: EscalationSteps }).annotations({
  identifier: "EscalationCreate",
})
export type EscalationCreate = typeof EscalationCreate.Type

/** What editing an escalation policy takes: what is named changes, all else stays. */
export const EscalationEdit = StrictStruct({
  name: optional(ShortName),
  steps: optional(EscalationSteps),
}).annotations({ identifier: "EscalationEdit" })
export type EscalationEdit = typeof EscalationEdit.Type

/** Which policies a list shows. */
export const EscalationQuery = StrictStruct({
  limit: optional(QueryInt(1, maxMonitorLimit)),
  cursor: optional(EscalationCursor),
})
export type EscalationQuery = typeof EscalationQuery.Type

/** A page of escalation policies, newest first. */
export const EscalationPage = Page(Escalation, EscalationCursor).annotations({ identifier: "EscalationPage" })
export type EscalationPage = typeof EscalationPage.Type

const EscalationPath = Schema.Struct({ id: EscalationId })

/** Who else is told, and when, while nobody acknowledges. */
export class EscalationsApi extends HttpApiGroup.make("escalations")
  .add(
    HttpApiEndpoint.post("create", "/")
      .setPayload(EscalationCreate)
      .setUrlParams(NoQuery)
      .addSuccess(Escalation, { status: 201 })
      .addError(LimitReached)
      .addError(ReferenceRefused)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .annotate(OpenApi.Summary, "Add an escalation policy"),
  )
  .add(
    HttpApiEndpoint.get("list", "/")
      .setUrlParams(EscalationQuery)
      .addSuccess(EscalationPage)
      .annotate(OpenApi.Summary, "List escalation policies, newest first"),
  )
  .add(
    HttpApiEndpoint.get("get", "/:id")
      .setPath(EscalationPath)
      .setUrlParams(NoQuery)
      .addSuccess(Escalation)
      .addError(NotFound)
      .annotate(OpenApi.Summary, "One escalation policy"),
  )
  .add(
    HttpApiEndpoint.put("edit", "/:id")
      .setPath(EscalationPath)
      .setPayload(EscalationEdit)
      .setUrlParams(NoQuery)
      .addSuccess(Escalation)
      .addError(NotFound)
      .addError(ReferenceRefused)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .annotate(OpenApi.Summary, "Edit an escalation policy: what the body names changes"),
  )
  .add(
    HttpApiEndpoint.del("remove", "/:id")
      .setPath(EscalationPath)
      .setUrlParams(NoQuery)
      .addSuccess(HttpApiSchema.NoContent)
      .addError(NotFound)
      .annotate(OpenApi.Summary, "Delete an escalation policy; monitors that name it escalate no more"),
  )
  .middleware(Authentication)
  .prefix("/api/escalations")
  .annotate(OpenApi.Description, "Who else is told, and when") {}
