import { createHash, randomBytes, randomUUID } from "node:crypto"
import type { SqlClient } from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import type { Fragment } from "@effect/sql/Statement"
import { MonitorNotFound } from "@uptime/domain/Errors"
import { type MonitorId, StatusPageId, type UserId } from "@uptime/domain/Ids"
import type { LogoType, PageLanguage, PageVisibility, PublicId } from "@uptime/domain/StatusPage"
import { Effect, Predicate } from "effect"
import { plainArray, textArray } from "./PgArray.ts"
import {
  type Logo,
  PageAddressTaken,
  type StatusPage,
  type StatusPageCursor,
  type StatusPageSettings,
} from "./StatusPage.ts"

interface PageRow {
  readonly id: StatusPageId
  readonly slug: string
  readonly domain: string | null
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
export const readStatusPages = (
  sql: SqlClient,
  userId: UserId,
  { id }: { readonly id?: StatusPageId },
  limit: number,
  after: StatusPageCursor | null,
) =>
  Effect.gen(function* () {
    const conditions: Array<Fragment> = [sql`user_id = ${userId}`]
    if (id !== undefined) conditions.push(sql`id = ${id}`)
    if (after !== null) {
      conditions.push(sql`(created_at, id) < (to_timestamp(${after.createdAt}::float8 / 1000), ${after.id}::uuid)`)
    }
    const pages = yield* sql<PageRow>`
      SELECT id, slug, domain, title, description, language, time_zone, accent, custom_css, visibility, password_hash,
        allowed_ranges, noindex, shows_response, sections, logo_type, logo_hash, created_at, updated_at
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

/** Makes a page; its monitors are written by `writeItems`. */
export const insertStatusPage = (sql: SqlClient, userId: UserId, page: StatusPageSettings) => {
  const id = StatusPageId.make(randomUUID())
  return sql`
    INSERT INTO status_pages (id, user_id, slug, domain, title, description, language, time_zone, accent, custom_css,
      visibility, password_hash, allowed_ranges, noindex, shows_response, sections, created_at, updated_at)
    SELECT ${id}, ${userId}, ${page.slug}, ${page.domain}, ${page.title}, ${page.description}, ${page.language},
      ${page.timeZone}, ${page.accent}, ${page.customCss}, ${page.visibility}, ${page.passwordHash},
      ${page.allowedRanges}::text[], ${page.noindex}, ${page.showsResponse},
      ${page.sections.map(({ name }) => name)}::text[], now, now
    FROM date_trunc('milliseconds', clock_timestamp()) AS now`.pipe(addressTaken, Effect.as(id))
}

/** Gives a page that is locked its new settings; its monitors are written by `writeItems`. */
export const updateStatusPage = (sql: SqlClient, id: StatusPageId, page: StatusPageSettings) =>
  sql`
    UPDATE status_pages SET slug = ${page.slug}, domain = ${page.domain}, title = ${page.title},
      description = ${page.description}, language = ${page.language}, time_zone = ${page.timeZone},
      accent = ${page.accent}, custom_css = ${page.customCss}, visibility = ${page.visibility},
      password_hash = ${page.passwordHash}, allowed_ranges = ${page.allowedRanges}::text[], noindex = ${page.noindex},
      shows_response = ${page.showsResponse}, sections = ${page.sections.map(({ name }) => name)}::text[],
      updated_at = date_trunc('milliseconds', clock_timestamp())
    WHERE id = ${id}`.pipe(addressTaken, Effect.asVoid)

const addressTaken = <A, R>(effect: Effect.Effect<A, SqlError, R>) =>
  Effect.catchAll(effect, (error): Effect.Effect<never, SqlError | PageAddressTaken> => {
    const constraint = constraintOf(error)
    if (constraint === "status_pages_slug") return new PageAddressTaken({ field: "slug" })
    return constraint === "status_pages_domain" ? new PageAddressTaken({ field: "domain" }) : Effect.fail(error)
  })

const constraintOf = (error: SqlError): unknown =>
  Predicate.hasProperty(error.cause, "constraint") ? error.cause.constraint : undefined

/**
 * Writes which monitors a page shows, and in which order. Those that it showed before keep the id that the public knows them
 * by. Fails where one is not the owner's.
 */
export const writeItems = (sql: SqlClient, userId: UserId, id: StatusPageId, page: StatusPageSettings) =>
  Effect.gen(function* () {
    const items = page.sections.flatMap(({ monitors }, section) =>
      monitors.map((monitor, position) => ({ ...monitor, section: section + 1, position })),
    )
    const ids = items.map(({ monitorId }) => monitorId)
    const owned = yield* sql<{ readonly id: MonitorId }>`
      SELECT id FROM monitors WHERE user_id = ${userId} AND id = ANY(${ids}::uuid[])`
    const known = new Set<string>(owned.map((monitor) => monitor.id))
    const missing = ids.find((monitorId) => !known.has(monitorId.toLowerCase()))
    if (missing !== undefined) yield* MonitorNotFound.for(missing)
    yield* sql`DELETE FROM status_page_monitors WHERE page_id = ${id} AND monitor_id <> ALL(${ids}::uuid[])`
    yield* sql`
      INSERT INTO status_page_monitors (page_id, monitor_id, public_id, section, position, name)
      SELECT ${id}, item.* FROM unnest(${plainArray(items, ({ monitorId }) => monitorId)}::uuid[],
        ${textArray(items, () => randomBytes(9).toString("base64url"))}::text[],
        ${plainArray(items, ({ section }) => section)}::smallint[],
        ${plainArray(items, ({ position }) => position)}::smallint[], ${textArray(items, ({ name }) => name)}::text[])
        AS item
      ON CONFLICT (page_id, monitor_id) DO UPDATE
        SET section = excluded.section, position = excluded.position, name = excluded.name`
  })

/** Gives a page a logo, or takes it away; whether the owner has such a page. */
export const writeLogo = (sql: SqlClient, userId: UserId, id: StatusPageId, logo: Logo | null) => {
  const hash = logo === null ? null : createHash("sha256").update(logo.bytes).digest("hex").slice(0, 16)
  return Effect.map(
    sql`
      UPDATE status_pages SET logo = ${logo === null ? null : Buffer.from(logo.bytes)}::bytea,
        logo_type = ${logo?.type ?? null}, logo_hash = ${hash},
        updated_at = date_trunc('milliseconds', clock_timestamp())
      WHERE id = ${id} AND user_id = ${userId} RETURNING id`,
    (rows) => rows.length > 0,
  )
}
