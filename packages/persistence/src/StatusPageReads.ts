import type { SqlClient } from "@effect/sql/SqlClient"
import type { Fragment } from "@effect/sql/Statement"
import { domainState } from "@uptime/domain/DomainProof"
import type { MonitorId, StatusPageId, UserId } from "@uptime/domain/Ids"
import type { LogoType, PageLanguage, PageVisibility, PublicId } from "@uptime/domain/StatusPage"
import { Effect } from "effect"
import type { DomainProof, StatusPage, StatusPageCursor } from "./StatusPage.ts"

interface PageRow {
  readonly id: StatusPageId
  readonly slug: string
  readonly domain: string | null
  readonly domain_token: string | null
  readonly domain_asked_at: Date | null
  readonly domain_checked_at: Date | null
  readonly domain_proven_at: Date | null
  readonly now: Date
  readonly title: string
  readonly description: string
  readonly language: PageLanguage
  readonly time_zone: string
  readonly accent: string
  readonly custom_css: string
  readonly visibility: PageVisibility
  readonly password_hash: string | null
  readonly allowed_ranges: ReadonlyArray<string>
  readonly noindex: boolean
  readonly shows_response: boolean
  readonly shows_regions: boolean
  readonly sections: ReadonlyArray<string>
  readonly logo_type: LogoType | null
  readonly logo_hash: string | null
  readonly created_at: Date
  readonly updated_at: Date
}

interface ItemRow {
  readonly page_id: StatusPageId
  readonly monitor_id: MonitorId
  readonly public_id: PublicId
  readonly section: number
  readonly name: string | null
}

/** An owner's pages, newest first, with the monitors of theirs that still are. */
export const readStatusPages = Effect.fnUntraced(function* (
  sql: SqlClient,
  userId: UserId,
  { id }: { readonly id?: StatusPageId },
  limit: number,
  after: StatusPageCursor | null,
) {
  const conditions: Array<Fragment> = [sql`user_id = ${userId}`]
  if (id !== undefined) conditions.push(sql`id = ${id}`)
  if (after !== null) {
    conditions.push(sql`(created_at, id) < (to_timestamp(${after.createdAt}::float8 / 1000), ${after.id}::uuid)`)
  }
  const pages = yield* sql<PageRow>`
    SELECT id, slug, domain, domain_token, domain_asked_at, domain_checked_at, domain_proven_at, now() AS now, title, description, language, time_zone, accent, custom_css, visibility, password_hash,
      allowed_ranges, noindex, shows_response, shows_regions, sections, logo_type, logo_hash, created_at, updated_at
    FROM status_pages WHERE ${sql.and(conditions)} ORDER BY created_at DESC, id DESC LIMIT ${limit}`
  if (pages.length === 0) return []
  const items = yield* sql<ItemRow>`
    SELECT page_id, monitor_id, public_id, section, item.name FROM status_page_monitors AS item
    JOIN monitors ON monitors.id = monitor_id AND monitors.user_id = ${userId}
    WHERE page_id = ANY(${pages.map((page) => page.id)}::uuid[]) ORDER BY page_id, section, position`
  return pages.map((page) => pageOf(page, items))
})

const pageOf = (row: PageRow, items: ReadonlyArray<ItemRow>): StatusPage => ({
  id: row.id,
  slug: row.slug,
  domain: row.domain,
  domainProof: proofOf(row),
  title: row.title,
  description: row.description,
  language: row.language,
  timeZone: row.time_zone,
  accent: row.accent,
  customCss: row.custom_css,
  visibility: row.visibility,
  passwordHash: row.password_hash,
  allowedRanges: row.allowed_ranges,
  noindex: row.noindex,
  showsResponse: row.shows_response,
  showsRegions: row.shows_regions,
  sections: row.sections.map((name, i) => ({
    name,
    monitors: items
      .filter((item) => item.page_id === row.id && item.section === i + 1)
      .map((item) => ({ monitorId: item.monitor_id, publicId: item.public_id, name: item.name })),
  })),
  logo: row.logo_type === null || row.logo_hash === null ? null : { type: row.logo_type, hash: row.logo_hash },
  createdAt: row.created_at.getTime(),
  updatedAt: row.updated_at.getTime(),
})

const proofOf = (row: PageRow): DomainProof | null => {
  if (row.domain_token === null || row.domain_asked_at === null) return null
  const askedAt = row.domain_asked_at.getTime()
  const provenAt = row.domain_proven_at?.getTime() ?? null
  return {
    token: row.domain_token,
    askedAt,
    checkedAt: row.domain_checked_at?.getTime() ?? null,
    provenAt,
    state: domainState(askedAt, provenAt, row.now.getTime()),
  }
}
