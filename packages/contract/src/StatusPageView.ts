import { CustomCss } from "@uptime/domain/CustomCss"
import { TimeZoneName } from "@uptime/domain/checks/HeartbeatCheck"
import { DomainState } from "@uptime/domain/DomainProof"
import { ShortName } from "@uptime/domain/Escalation"
import { MonitorId, StatusPageId } from "@uptime/domain/Ids"
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
import { StatusPageCursor } from "./Cursor.ts"
import { maxMonitorLimit, Page } from "./Page.ts"
import { QueryInt } from "./Query.ts"
import { optional, StrictStruct } from "./StrictStruct.ts"

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

/**
 * A host name of a page's own. Nothing is served there until its DNS holds `record`, which shows that it is the owner's; it is
 * looked up again and again, and must stay.
 */
export const CustomDomain = Schema.Struct({
  host: PageDomain,
  /** `pending`: looked up for 7 days; `expired`: not looked up any more, until it is asked for; `proven`: served. */
  state: DomainState,
  /** What the DNS of the host has to hold. */
  record: Schema.Struct({ type: Schema.Literal("TXT"), name: Schema.String, value: Schema.String }),
  /** When the record was looked up last. */
  checkedAt: Schema.NullOr(Schema.DateTimeUtc),
  /** When the record was seen last. */
  provenAt: Schema.NullOr(Schema.DateTimeUtc),
}).annotations({ identifier: "CustomDomain" })
export type CustomDomain = typeof CustomDomain.Type

/** A public status page, as its owner sees it. Its password can be written and never read. */
export const StatusPageView = Schema.Struct({
  id: StatusPageId,
  slug: PageSlug,
  domain: Schema.NullOr(PageDomain),
  customDomain: Schema.NullOr(CustomDomain),
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
  /** Whether each monitor says how it is from each of its regions. */
  showsRegions: Schema.Boolean,
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
  showsRegions: optional(Schema.Boolean),
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
