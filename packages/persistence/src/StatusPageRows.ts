import { createHash, randomBytes, randomUUID } from "node:crypto"
import type { SqlClient } from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import { MonitorNotFound } from "@uptime/domain/Errors"
import { type MonitorId, StatusPageId, type UserId } from "@uptime/domain/Ids"
import { Effect } from "effect"
import { plainArray, textArray } from "./PgArray.ts"
import { constraintOf } from "./SqlState.ts"
import { type Logo, PageAddressTaken, type StatusPageSettings } from "./StatusPage.ts"

/** A new token for the record of a host name. */
const newToken = (domain: string | null): string | null =>
  domain === null ? null : randomBytes(24).toString("base64url")

/** Fails where another page is served at a host name: it is proven to be somebody else's. */
const ensureFree = (sql: SqlClient, domain: string | null, id: StatusPageId) =>
  Effect.flatMap(
    sql`SELECT FROM status_pages WHERE domain = ${domain} AND domain_proven_at IS NOT NULL AND id <> ${id}`,
    (others) => (others.length === 0 ? Effect.void : new PageAddressTaken({ field: "domain" })),
  )

/** Makes a page; its monitors are written by `writeItems`. */
export const insertStatusPage = Effect.fnUntraced(function* (sql: SqlClient, userId: UserId, page: StatusPageSettings) {
  const id = StatusPageId.make(randomUUID())
  yield* ensureFree(sql, page.domain, id)
  yield* sql`
    INSERT INTO status_pages (id, user_id, slug, domain, domain_token, domain_asked_at, title, description, language,
      time_zone, accent, custom_css, visibility, password_hash, allowed_ranges, noindex, shows_response, shows_regions, sections,
      created_at, updated_at)
    SELECT ${id}, ${userId}, ${page.slug}, ${page.domain}, ${newToken(page.domain)},
      CASE WHEN ${page.domain}::text IS NOT NULL THEN now END, ${page.title}, ${page.description}, ${page.language},
      ${page.timeZone}, ${page.accent}, ${page.customCss}, ${page.visibility}, ${page.passwordHash},
      ${page.allowedRanges}::text[], ${page.noindex}, ${page.showsResponse}, ${page.showsRegions},
      ${page.sections.map(({ name }) => name)}::text[], now, now
    FROM date_trunc('milliseconds', clock_timestamp()) AS now`.pipe(addressTaken)
  return id
})

/** Gives a page that is locked its new settings; its monitors are written by `writeItems`. */
export const updateStatusPage = Effect.fnUntraced(function* (
  sql: SqlClient,
  id: StatusPageId,
  page: StatusPageSettings,
) {
  yield* ensureFree(sql, page.domain, id)
  const isSame = sql`domain IS NOT DISTINCT FROM ${page.domain}::text`
  yield* sql`
    UPDATE status_pages SET slug = ${page.slug}, domain = ${page.domain},
      domain_token = CASE WHEN ${isSame} THEN domain_token ELSE ${newToken(page.domain)} END,
      domain_asked_at = CASE WHEN ${isSame} THEN domain_asked_at WHEN ${page.domain}::text IS NOT NULL THEN now() END,
      domain_checked_at = CASE WHEN ${isSame} THEN domain_checked_at END,
      domain_proven_at = CASE WHEN ${isSame} THEN domain_proven_at END,
      title = ${page.title}, description = ${page.description}, language = ${page.language},
      time_zone = ${page.timeZone}, accent = ${page.accent}, custom_css = ${page.customCss},
      visibility = ${page.visibility}, password_hash = ${page.passwordHash},
      allowed_ranges = ${page.allowedRanges}::text[], noindex = ${page.noindex}, shows_response = ${page.showsResponse},
      shows_regions = ${page.showsRegions},
      sections = ${page.sections.map(({ name }) => name)}::text[],
      updated_at = date_trunc('milliseconds', clock_timestamp())
    WHERE id = ${id}`.pipe(addressTaken)
})

const addressTaken = <A, R>(effect: Effect.Effect<A, SqlError, R>) =>
  Effect.catchAll(effect, (error): Effect.Effect<never, SqlError | PageAddressTaken> => {
    const constraint = constraintOf(error)
    return constraint === "status_pages_slug" ? new PageAddressTaken({ field: "slug" }) : Effect.fail(error)
  })

/**
 * Writes which monitors a page shows, and in which order. Those that it showed before keep the id that the public knows them
 * by. Fails where one is not the owner's.
 */
export const writeItems = Effect.fnUntraced(function* (
  sql: SqlClient,
  userId: UserId,
  id: StatusPageId,
  page: StatusPageSettings,
) {
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
