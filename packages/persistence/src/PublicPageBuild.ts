import { createHash } from "node:crypto"
import type { SqlClient } from "@effect/sql/SqlClient"
import type { StatusPageId, UserId } from "@uptime/domain/Ids"
import { type PublicItem, PublicPage, type PublicStatus } from "@uptime/statuspage/PublicPage"
import { Effect, Schema } from "effect"
import type { BuildClock } from "./BuildClock.ts"
import { forgetCalledOff, tellCalledOff } from "./CalledOffMaintenances.ts"
import { fanOut, noticesOf } from "./PageNotices.ts"
import { readPublicIncidents } from "./PublicIncidents.ts"
import { readItems } from "./PublicItems.ts"
import { readPublicMaintenances } from "./PublicMaintenances.ts"

interface PageRow
  extends Pick<
      PublicPage,
      "slug" | "domain" | "title" | "description" | "language" | "timeZone" | "accent" | "noindex"
    >,
    BuildClock {
  readonly userId: UserId
  readonly customCss: string
  readonly showsResponse: boolean
  readonly showsRegions: boolean
  readonly sections: ReadonlyArray<string>
  readonly logo: PublicPage["logo"]
}

/** Checks what is built against the schema, so that no field is stored that is not one of the public's. */
const encode = Schema.encode(Schema.parseJson(PublicPage))

/**
 * Builds what the public is shown of a page, and keeps it. In a transaction that has locked the page, so that an edit comes
 * before or after it.
 */
export const buildPublicPage = Effect.fnUntraced(function* (sql: SqlClient, id: StatusPageId) {
  const [page] = yield* sql<PageRow>`
    SELECT user_id AS "userId", slug, CASE WHEN domain_proven_at IS NOT NULL THEN domain END AS domain, title, description, language, time_zone AS "timeZone", accent,
      custom_css AS "customCss", noindex, shows_response AS "showsResponse", shows_regions AS "showsRegions", sections,
      CASE WHEN logo_hash IS NOT NULL THEN json_build_object('type', logo_type, 'hash', logo_hash) END AS logo,
      floor(date_part('epoch', now()) * 1000) AS now,
      (SELECT date_part('epoch', up_to) * 1000 FROM rollup_watermarks WHERE name = 'hourly') AS "hourlyTo",
      (SELECT date_part('epoch', up_to) * 1000 FROM rollup_watermarks WHERE name = 'daily') AS "dailyTo"
    FROM status_pages WHERE id = ${id}`
  if (page === undefined) return
  const { customCss, dailyTo, hourlyTo, now, sections, showsRegions, showsResponse, userId, ...shown } = page
  const built = yield* readItems(sql, id, { showsResponse, showsRegions }, { now, hourlyTo, dailyTo })
  const publicIds = new Map(built.map(({ item, monitorId }) => [monitorId, item.publicId]))
  const view: PublicPage = {
    ...shown,
    customCss: customCss === "" ? null : cssHash(customCss),
    status: overall(built.map(({ item }) => item)),
    sections: sections.map((name, i) => ({
      name,
      items: built.filter(({ section }) => section === i + 1).map(({ item }) => item),
    })),
    ...(yield* readPublicIncidents(sql, userId, publicIds)),
    maintenances: yield* readPublicMaintenances(sql, userId, publicIds, now),
    builtAt: now,
  }
  const text = yield* encode(view)
  const version = createHash("sha256")
    .update(JSON.stringify({ ...view, builtAt: 0 }))
    .digest("base64url")
    .slice(0, 22)
  // What has not changed is not written again: it may be large.
  yield* sql`
    INSERT INTO public_pages AS kept (page_id, view, version, built_at) 
    VALUES (${id}, ${text}, ${version}, date_trunc('milliseconds', now()))
    ON CONFLICT (page_id) DO UPDATE SET built_at = excluded.built_at, version = excluded.version,
      view = CASE WHEN kept.version = excluded.version THEN kept.view ELSE excluded.view END`
  const notices = noticesOf(view)
  yield* forgetCalledOff(sql, id, notices)
  yield* tellCalledOff(sql, userId, id, yield* fanOut(sql, id, notices), now)
})

/** What tells a style sheet from the one before it. */
const cssHash = (css: string): string => createHash("sha256").update(css).digest("hex").slice(0, 16)

/** From worst to best; what is not known counts only where nothing is. */
const ranks: ReadonlyArray<PublicStatus> = ["Down", "Partial", "Degraded", "Maintenance", "Up"]

const overall = (items: ReadonlyArray<PublicItem>): PublicStatus =>
  ranks.find((rank) => items.some(({ status }) => status === rank)) ?? "Unknown"
