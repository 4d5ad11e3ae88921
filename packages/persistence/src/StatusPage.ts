import type { DomainState } from "@uptime/domain/DomainProof"
import type { MonitorId, StatusPageId } from "@uptime/domain/Ids"
import type { LogoType, PageLanguage, PageVisibility, PublicId } from "@uptime/domain/StatusPage"
import { Data } from "effect"

/** There is no such page among those of the person who asks; a foreign one answers exactly so. */
export class StatusPageNotFound extends Data.TaggedError("StatusPageNotFound")<{ readonly id: StatusPageId }> {}

/** Another page has this slug or domain already. */
export class PageAddressTaken extends Data.TaggedError("PageAddressTaken")<{ readonly field: "slug" | "domain" }> {}

/** The account has as many pages as one account may have. */
export class TooManyStatusPages extends Data.TaggedError("TooManyStatusPages")<{ readonly limit: number }> {}

/** The most pages of one account. */
export const maxStatusPages = 50

/** A section of a page: monitors under a heading, each with the name that the public knows it by (null: its own). */
export interface PageSection {
  readonly name: string
  readonly monitors: ReadonlyArray<{ readonly monitorId: MonitorId; readonly name: string | null }>
}

/** What may be set on a page. */
export interface StatusPageSettings {
  readonly slug: string
  readonly domain: string | null
  readonly title: string
  readonly description: string
  readonly language: PageLanguage
  readonly timeZone: string
  readonly accent: string
  readonly customCss: string
  readonly visibility: PageVisibility
  /** What the password of visitors was hashed to; null while there is none. */
  readonly passwordHash: string | null
  readonly allowedRanges: ReadonlyArray<string>
  readonly noindex: boolean
  readonly showsResponse: boolean
  /** Whether each monitor says how it is from each of its regions. */
  readonly showsRegions: boolean
  readonly sections: ReadonlyArray<PageSection>
}

/** How a page's own host name is proven to be its owner's; instants in milliseconds since the epoch. */
export interface DomainProof {
  /** What the record of the host has to hold. */
  readonly token: string
  /** When the proof was asked for last. */
  readonly askedAt: number
  /** When the record was looked up last. */
  readonly checkedAt: number | null
  /** When the record was seen last; null where the page is not served at the host. */
  readonly provenAt: number | null
  readonly state: DomainState
}

/** A page as its owner's account has it; instants in milliseconds since the epoch. */
export interface StatusPage extends Omit<StatusPageSettings, "sections"> {
  readonly id: StatusPageId
  /** Null where the page has no host name of its own. */
  readonly domainProof: DomainProof | null
  readonly sections: ReadonlyArray<{
    readonly name: string
    readonly monitors: ReadonlyArray<{
      readonly monitorId: MonitorId
      readonly publicId: PublicId
      readonly name: string | null
    }>
  }>
  readonly logo: { readonly type: LogoType; readonly hash: string } | null
  readonly createdAt: number
  readonly updatedAt: number
}

/** An image that a page is shown with. */
export interface Logo {
  readonly type: LogoType
  readonly bytes: Uint8Array
}

/** Where a list of pages goes on: after this one, newest first. Milliseconds since the epoch. */
export interface StatusPageCursor {
  readonly createdAt: number
  readonly id: StatusPageId
}
