import { SubscriberId } from "@uptime/domain/Ids"
import { Schema } from "effect"
import { SubscriberCursor } from "./Cursor.ts"
import { maxMonitorLimit, Page } from "./Page.ts"
import { QueryInt } from "./Query.ts"
import { optional, StrictStruct } from "./StrictStruct.ts"

/** Somebody who is told by a page. Only addresses that were confirmed, and are not gone, are told anything. */
export const SubscriberView = Schema.Struct({
  id: SubscriberId,
  kind: Schema.Literal("email", "webhook"),
  address: Schema.String,
  confirmedAt: Schema.NullOr(Schema.DateTimeUtc),
  /** When the webhook answered 410 Gone, which ended its subscription for good; seen for 90 days. */
  goneAt: Schema.NullOr(Schema.DateTimeUtc),
  createdAt: Schema.DateTimeUtc,
}).annotations({ identifier: "Subscriber" })
export type SubscriberView = typeof SubscriberView.Type

/** Which subscribers a list shows. */
export const SubscriberQuery = StrictStruct({
  limit: optional(QueryInt(1, maxMonitorLimit)),
  cursor: optional(SubscriberCursor),
})
export type SubscriberQuery = typeof SubscriberQuery.Type

/** A page of subscribers, newest first. */
export const SubscriberPage = Page(SubscriberView, SubscriberCursor).annotations({ identifier: "SubscriberPage" })
export type SubscriberPage = typeof SubscriberPage.Type
