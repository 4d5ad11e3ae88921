import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "@effect/platform"
import { ChannelConfig } from "@uptime/alerting/ChannelConfig"
import { EmailAddress } from "@uptime/alerting/ChannelFields"
import { ShortName } from "@uptime/domain/Escalation"
import { ChannelId } from "@uptime/domain/Ids"
import { Delivery } from "@uptime/domain/Incident"
import { Recipient } from "@uptime/domain/Recipient"
import { QuietHours } from "@uptime/incidents/QuietHours"
import { Schema } from "effect"
import {
  LimitReached,
  NotFound,
  PayloadTooLarge,
  SecretsUnavailable,
  TooManyRequests,
  UnsupportedMediaType,
} from "./ApiErrors.ts"
import { Authentication } from "./Authentication.ts"
import { ChannelCursor, DeliveryCursor } from "./Cursor.ts"
import { maxMonitorLimit, Page } from "./Page.ts"
import { QueryInt } from "./Query.ts"
import { NoQuery, optional, StrictStruct } from "./StrictStruct.ts"

/** A way to reach people, as its owner sees it: its secrets can be written and never read. */
export const ChannelView = Schema.Struct({
  id: ChannelId,
  name: ShortName,
  config: ChannelConfig,
  enabled: Schema.Boolean,
  /** Whether it is told of monitors that name no channels of their own. */
  isDefault: Schema.Boolean,
  quietHours: Schema.NullOr(QuietHours),
  /** Of a channel that sends emails by the installation's server: whom, and whether they confirmed; empty for all others. */
  recipients: Schema.Array(Recipient),
  createdAt: Schema.DateTimeUtc,
  updatedAt: Schema.DateTimeUtc,
}).annotations({ identifier: "Channel" })
export type ChannelView = typeof ChannelView.Type

/** What creating a channel takes: it is on, and told by default, unless it says otherwise. */
export const ChannelCreate = StrictStruct({
  name: ShortName,
  config: ChannelConfig,
  enabled: optional(Schema.Boolean),
  isDefault: optional(Schema.Boolean),
  quietHours: optional(Schema.NullOr(QuietHours)),
}).annotations({ identifier: "ChannelCreate" })
export type ChannelCreate = typeof ChannelCreate.Type

/** What editing a channel takes: what is named changes, all else stays; a secret sent as its mask stays too while messages go where they did. */
export const ChannelEdit = StrictStruct({
  name: optional(ShortName),
  config: optional(ChannelConfig),
  enabled: optional(Schema.Boolean),
  isDefault: optional(Schema.Boolean),
  quietHours: optional(Schema.NullOr(QuietHours)),
}).annotations({ identifier: "ChannelEdit" })
export type ChannelEdit = typeof ChannelEdit.Type

/** Whether a message went out; `message` says why not, or what became of an alert that it opened, in words of ours. */
export const TestResult = Schema.Struct({
  delivered: Schema.Boolean,
  message: Schema.NullOr(Schema.String),
}).annotations({ identifier: "TestResult" })
export type TestResult = typeof TestResult.Type

/** Which recipient is asked again to confirm. */
export const RecipientAsk = StrictStruct({ address: EmailAddress }).annotations({ identifier: "RecipientAsk" })
export type RecipientAsk = typeof RecipientAsk.Type

/** Which channels a list shows. */
export const ChannelQuery = StrictStruct({
  limit: optional(QueryInt(1, maxMonitorLimit)),
  cursor: optional(ChannelCursor),
})
export type ChannelQuery = typeof ChannelQuery.Type

/** Which messages a list shows. */
export const DeliveryQuery = StrictStruct({
  limit: optional(QueryInt(1, maxMonitorLimit)),
  cursor: optional(DeliveryCursor),
})
export type DeliveryQuery = typeof DeliveryQuery.Type

/** A page of channels, newest first. */
export const ChannelPage = Page(ChannelView, ChannelCursor).annotations({ identifier: "ChannelPage" })
export type ChannelPage = typeof ChannelPage.Type

/** A page of messages, newest first. */
export const DeliveryPage = Page(Delivery, DeliveryCursor).annotations({ identifier: "DeliveryPage" })
export type DeliveryPage = typeof DeliveryPage.Type

/** The newest message to each channel that had any, in no order. */
export const LatestDeliveries = Schema.Struct({ items: Schema.Array(Delivery) }).annotations({
  identifier: "LatestDeliveries",
})
export type LatestDeliveries = typeof LatestDeliveries.Type

const ChannelPath = Schema.Struct({ id: ChannelId })

/** Where the person who asks is told of incidents. */
export class ChannelsApi extends HttpApiGroup.make("channels")
  .add(
    HttpApiEndpoint.post("create", "/")
      .setPayload(ChannelCreate)
      .setUrlParams(NoQuery)
      .addSuccess(ChannelView, { status: 201 })
      .addError(LimitReached)
      .addError(TooManyRequests)
      .addError(SecretsUnavailable)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .annotate(OpenApi.Summary, "Add a channel"),
  )
  .add(
    HttpApiEndpoint.get("list", "/")
      .setUrlParams(ChannelQuery)
      .addSuccess(ChannelPage)
      .annotate(OpenApi.Summary, "List channels, newest first"),
  )
  .add(
    HttpApiEndpoint.get("latestDeliveries", "/latest-deliveries")
      .setUrlParams(NoQuery)
      .addSuccess(LatestDeliveries)
      .annotate(OpenApi.Summary, "The newest message to each channel: how well it was reached last"),
  )
  .add(
    HttpApiEndpoint.get("get", "/:id")
      .setPath(ChannelPath)
      .setUrlParams(NoQuery)
      .addSuccess(ChannelView)
      .addError(NotFound)
      .annotate(OpenApi.Summary, "One channel"),
  )
  .add(
    HttpApiEndpoint.put("edit", "/:id")
      .setPath(ChannelPath)
      .setPayload(ChannelEdit)
      .setUrlParams(NoQuery)
      .addSuccess(ChannelView)
      .addError(NotFound)
      .addError(TooManyRequests)
      .addError(SecretsUnavailable)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .annotate(OpenApi.Summary, "Edit a channel: what the body names changes"),
  )
  .add(
    HttpApiEndpoint.del("remove", "/:id")
      .setPath(ChannelPath)
      .setUrlParams(NoQuery)
      .addSuccess(HttpApiSchema.NoContent)
      .addError(NotFound)
      .annotate(OpenApi.Summary, "Delete a channel; messages that wait for it are not sent"),
  )
  .add(
    HttpApiEndpoint.post("test", "/:id/test")
      .setPath(ChannelPath)
      .setUrlParams(NoQuery)
      .addSuccess(TestResult)
      .addError(NotFound)
      .addError(TooManyRequests)
      .annotate(OpenApi.Summary, "Send a test message now, and end what it opens at an on-call service"),
  )
  .add(
    HttpApiEndpoint.post("askRecipient", "/:id/recipients/ask")
      .setPath(ChannelPath)
      .setPayload(RecipientAsk)
      .setUrlParams(NoQuery)
      .addSuccess(TestResult)
      .addError(NotFound)
      .addError(TooManyRequests)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .annotate(OpenApi.Summary, "Ask a recipient of an email channel again to confirm"),
  )
  .add(
    HttpApiEndpoint.get("deliveries", "/:id/deliveries")
      .setPath(ChannelPath)
      .setUrlParams(DeliveryQuery)
      .addSuccess(DeliveryPage)
      .addError(NotFound)
      .annotate(OpenApi.Summary, "What was sent here, waits, or could not be delivered; newest first"),
  )
  .middleware(Authentication)
  .prefix("/api/channels")
  .annotate(OpenApi.Description, "Where people are told") {}
