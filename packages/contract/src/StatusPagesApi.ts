import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "@effect/platform"
import { CustomCss } from "@uptime/domain/CustomCss"
import { TimeZoneName } from "@uptime/domain/checks/HeartbeatCheck"
import { ShortName } from "@uptime/domain/Escalation"
import { MonitorId, StatusPageId, SubscriberId } from "@uptime/domain/Ids"
import { MonitorName } from "@uptime/domain/Monitor"
import {
  AccentColour,
  AddressRange,
  LogoType,
  maxPageMonitors,
  maxSections,
  PageDomain,
  PageLanguage,
  PageSlug,
  PageVisibility,
  PublicId,
} from "@uptime/domain/StatusPage"
import { lineOfText, linesOfText } from "@uptime/domain/Text"
import { Schema } from "effect"
import {
  AddressTaken,
  LimitReached,
  NotFound,
  PayloadTooLarge,
  ReferenceRefused,
  UnsupportedMediaType,
} from "./ApiErrors.ts"
import { Authentication } from "./Authentication.ts"
import { StatusPageCursor, SubscriberCursor } from "./Cursor.ts"
import { maxMonitorLimit, Page } from "./Page.ts"
import { QueryInt } from "./Query.ts"
import { NoQuery, optional, StrictStruct } from "./StrictStruct.ts"

const Description = linesOfText(0, 2_000)
const Ranges = Schema.Array(AddressRange).pipe(Schema.maxItems(100))

/** What visitors give: 4 to 72 bytes in UTF-8, which is as far as bcrypt reads. */
const PagePassword = lineOfText(4, 72)
  .pipe(Schema.filter((text) => new TextEncoder().encode(text).length <= 72 || "a password has 72 bytes at most"))
  .annotations({ identifier: "PagePassword" })

const SectionView = Schema.Struct({
  name: Schema.String,
  monitors: Schema.Array(Schema.Struct({ monitorId: MonitorId, publicId: PublicId, name: Schema.NullOr(MonitorName) })),
})

const Section = Schema.Struct({
  /** The heading; empty for none. */
  name: lineOfText(0, 100),
  /** In the order in which they are shown; `name` is what the public knows it by, its own unless given. */
  monitors: Schema.Array(Schema.Struct({ monitorId: MonitorId, name: optional(Schema.NullOr(MonitorName)) })).pipe(
    Schema.maxItems(maxPageMonitors),
  ),
})

const Sections = Schema.Array(Section).pipe(
  Schema.maxItems(maxSections),
  Schema.filter((sections) => {
    const ids = sections.flatMap(({ monitors }) => monitors.map(({ monitorId }) => monitorId.toLowerCase()))
    if (ids.length > maxPageMonitors) return `a page shows at most ${maxPageMonitors} monitors`
    return new Set(ids).size === ids.length || "a page shows each monitor once"
  }),
)

/** A public status page, as its owner sees it. Its password can be written and never read. */
export const StatusPageView = Schema.Struct({
  id: StatusPageId,
  slug: PageSlug,
  domain: Schema.NullOr(PageDomain),
  title: ShortName,
  description: Description,
  language: PageLanguage,
  timeZone: TimeZoneName,
  accent: AccentColour,
  customCss: Schema.String,
  visibility: PageVisibility,
  hasPassword: Schema.Boolean,
  allowedRanges: Ranges,
  noindex: Schema.Boolean,
  /** Whether charts of response times are shown. */
  showsResponse: Schema.Boolean,
  sections: Schema.Array(SectionView),
  logo: Schema.NullOr(LogoType),
  createdAt: Schema.DateTimeUtc,
  updatedAt: Schema.DateTimeUtc,
}).annotations({ identifier: "StatusPage" })
export type StatusPageView = typeof StatusPageView.Type

const changeable = {
  domain: optional(Schema.NullOr(PageDomain)),
  description: optional(Description),
  language: optional(PageLanguage),
  timeZone: optional(TimeZoneName),
  accent: optional(AccentColour),
  customCss: optional(CustomCss),
  visibility: optional(PageVisibility),
  password: optional(Schema.NullOr(PagePassword)),
  allowedRanges: optional(Ranges),
  noindex: optional(Schema.Boolean),
  showsResponse: optional(Schema.Boolean),
  sections: optional(Sections),
}

/** What making a page takes: it is public, in English and without monitors unless it says otherwise. */
export const StatusPageCreate = StrictStruct({ slug: PageSlug, title: ShortName, ...changeable }).annotations({
  identifier: "StatusPageCreate",
})
export type StatusPageCreate = typeof StatusPageCreate.Type

/** What editing a page takes: what is named changes, all else stays; a password of null is taken away. */
export const StatusPageEdit = StrictStruct({
  slug: optional(PageSlug),
  title: optional(ShortName),
  ...changeable,
}).annotations({ identifier: "StatusPageEdit" })
export type StatusPageEdit = typeof StatusPageEdit.Type

/** The longest base64 of a logo of 200 KB. */
const maxLogoText = 273_068

/** A logo: a PNG, JPEG or WebP image of at most 200 KB, in base64. What it is, its bytes say. */
export const LogoUpload = StrictStruct({
  data: Schema.String.pipe(
    Schema.minLength(16),
    Schema.maxLength(maxLogoText),
    Schema.filter((text) => /^[A-Za-z0-9+/]+={0,2}$/.test(text) || "must be an image in base64", {
      arbitrary: () => (fc) =>
        fc.constant("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="),
    }),
  ),
}).annotations({ identifier: "LogoUpload" })
export type LogoUpload = typeof LogoUpload.Type

/** Which pages a list shows. */
export const StatusPageQuery = StrictStruct({
  limit: optional(QueryInt(1, maxMonitorLimit)),
  cursor: optional(StatusPageCursor),
})
export type StatusPageQuery = typeof StatusPageQuery.Type

/** A page of status pages, newest first. */
export const StatusPagePage = Page(StatusPageView, StatusPageCursor).annotations({ identifier: "StatusPagePage" })
export type StatusPagePage = typeof StatusPagePage.Type

/** Somebody who is told by a page. Only addresses that were confirmed are told anything. */
export const SubscriberView = Schema.Struct({
  id: SubscriberId,
  kind: Schema.Literal("email", "webhook"),
  address: Schema.String,
  confirmedAt: Schema.NullOr(Schema.DateTimeUtc),
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

const PagePath = Schema.Struct({ id: StatusPageId })
const SubscriberPath = Schema.Struct({ id: StatusPageId, subscriberId: SubscriberId })

/** What the public is shown. The pages themselves are at `/status/:slug`. */
export class StatusPagesApi extends HttpApiGroup.make("statusPages")
  .add(
    HttpApiEndpoint.post("create", "/")
      .setPayload(StatusPageCreate)
      .setUrlParams(NoQuery)
      .addSuccess(StatusPageView, { status: 201 })
      .addError(LimitReached)
      .addError(AddressTaken)
      .addError(ReferenceRefused)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .annotate(OpenApi.Summary, "Make a public status page"),
  )
  .add(
    HttpApiEndpoint.get("list", "/")
      .setUrlParams(StatusPageQuery)
      .addSuccess(StatusPagePage)
      .annotate(OpenApi.Summary, "List status pages, newest first"),
  )
  .add(
    HttpApiEndpoint.get("get", "/:id")
      .setPath(PagePath)
      .setUrlParams(NoQuery)
      .addSuccess(StatusPageView)
      .addError(NotFound)
      .annotate(OpenApi.Summary, "One status page"),
  )
  .add(
    HttpApiEndpoint.put("edit", "/:id")
      .setPath(PagePath)
      .setPayload(StatusPageEdit)
      .setUrlParams(NoQuery)
      .addSuccess(StatusPageView)
      .addError(NotFound)
      .addError(AddressTaken)
      .addError(ReferenceRefused)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .annotate(OpenApi.Summary, "Edit a status page: what the body names changes"),
  )
  .add(
    HttpApiEndpoint.del("remove", "/:id")
      .setPath(PagePath)
      .setUrlParams(NoQuery)
      .addSuccess(HttpApiSchema.NoContent)
      .addError(NotFound)
      .annotate(OpenApi.Summary, "Delete a status page with its subscribers"),
  )
  .add(
    HttpApiEndpoint.put("setLogo", "/:id/logo")
      .setPath(PagePath)
      .setPayload(LogoUpload)
      .setUrlParams(NoQuery)
      .addSuccess(StatusPageView)
      .addError(NotFound)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .annotate(OpenApi.Summary, "Give a status page a logo: PNG, JPEG or WebP, at most 200 KB"),
  )
  .add(
    HttpApiEndpoint.del("removeLogo", "/:id/logo")
      .setPath(PagePath)
      .setUrlParams(NoQuery)
      .addSuccess(StatusPageView)
      .addError(NotFound)
      .annotate(OpenApi.Summary, "Take the logo away"),
  )
  .add(
    HttpApiEndpoint.get("subscribers", "/:id/subscribers")
      .setPath(PagePath)
      .setUrlParams(SubscriberQuery)
      .addSuccess(SubscriberPage)
      .addError(NotFound)
      .annotate(OpenApi.Summary, "Who is told by a status page, newest first"),
  )
  .add(
    HttpApiEndpoint.del("removeSubscriber", "/:id/subscribers/:subscriberId")
      .setPath(SubscriberPath)
      .setUrlParams(NoQuery)
      .addSuccess(HttpApiSchema.NoContent)
      .addError(NotFound)
      .annotate(OpenApi.Summary, "Remove a subscriber: nothing more is sent there"),
  )
  .middleware(Authentication)
  .prefix("/api/status-pages")
  .annotate(OpenApi.Description, "What the public is shown") {}
