import type { SqlClient } from "@effect/sql/SqlClient"
import type { StatusPageId } from "@uptime/domain/Ids"
import type { PublicId } from "@uptime/domain/StatusPage"
import { namesOf } from "@uptime/statuspage/IncidentWords"
import { PublicNotice } from "@uptime/statuspage/PublicNotice"
import type { PublicIncident, PublicPage } from "@uptime/statuspage/PublicPage"
import { Effect, Schema } from "effect"
import { announcing } from "./CalledOffMaintenances.ts"
import { plainArray, textArray } from "./PgArray.ts"

const hourMs = 3_600_000

/** How long ago something may have happened that subscribers are told of: what is published later is no news. */
const newsMs = 24 * hourMs

/** How long before it begins subscribers are told of a maintenance. */
const aheadMs = 72 * hourMs

/** The most items that a notice names. */
const maxNames = 20

/** Something to tell, under a name that it has once on a page. */
export interface NewNotice {
  readonly subjectId: string
  readonly change: string
  readonly notice: PublicNotice
  /** When it happened, in milliseconds since the epoch. */
  readonly at: number
}

/** What a page shows that its subscribers are to be told, in the order in which it happened; most of it they were told before. */
export const noticesOf = (page: PublicPage): ReadonlyArray<NewNotice> => {
  const named = (items: ReadonlyArray<PublicId>) => namesOf(page, items).slice(0, maxNames)
  const ofIncident = (incident: PublicIncident): ReadonlyArray<NewNotice> => {
    const told = (
      change: "opened" | "updated" | "resolved",
      key: string,
      at: number,
      updates: PublicIncident["updates"],
    ) => ({
      subjectId: incident.id,
      change: key,
      notice: { change, incident: { ...incident, updates }, names: named(incident.items) },
      at,
    })
    const { resolvedAt } = incident
    return [
      ...(resolvedAt === null ? [told("opened", "opened", incident.startedAt, [])] : []),
      ...incident.updates.map((update) => told("updated", `update:${update.id}`, update.at, [update])),
      ...(resolvedAt === null ? [] : [told("resolved", "resolved", resolvedAt, [])]),
    ]
  }
  const notices = [
    ...[...page.incidents, ...page.pastIncidents].flatMap(ofIncident),
    ...page.maintenances
      .filter(({ startsAt }) => startsAt <= page.builtAt + aheadMs && startsAt > page.builtAt - newsMs)
      .map((maintenance) => ({
        subjectId: maintenance.id,
        change: `${announcing}${maintenance.startsAt}`,
        notice: { change: "maintenance" as const, maintenance, names: named(maintenance.items) },
        at: page.builtAt,
      })),
  ]
  return notices.filter(({ at }) => at > page.builtAt - newsMs).sort((one, other) => one.at - other.at)
}

const encode = Schema.encodeSync(Schema.parseJson(PublicNotice))

/**
 * Puts what subscribers were not told yet into the outbox, for whoever is one by now: in the transaction that keeps the page
 * it is from, so that nothing is told twice and nothing is lost.
 *
 * @returns what was not told before
 */
export const fanOut = Effect.fnUntraced(function* (
  sql: SqlClient,
  pageId: StatusPageId,
  notices: ReadonlyArray<NewNotice>,
) {
  if (notices.length === 0) return []
  const known = yield* sql<{ readonly key: string }>`
    SELECT subject_id || change AS key FROM page_notices
    WHERE page_id = ${pageId} AND subject_id = ANY(${notices.map(({ subjectId }) => subjectId)}::uuid[])`
  const told = new Set(known.map(({ key }) => key))
  const fresh = notices.filter(({ change, subjectId }) => !told.has(`${subjectId}${change}`))
  if (fresh.length === 0) return []
  yield* sql`
    WITH noticed AS (
      INSERT INTO page_notices (page_id, subject_id, change, notice, at)
      SELECT ${pageId}, subject_id, change, notice, to_timestamp(at / 1000)
      FROM unnest(${plainArray(fresh, ({ subjectId }) => subjectId)}::uuid[],
        ${textArray(fresh, ({ change }) => change)}::text[], ${textArray(fresh, ({ notice }) => encode(notice))}::text[],
        ${plainArray(fresh, ({ at }) => at)}::float8[]) WITH ORDINALITY AS fresh (subject_id, change, notice, at, ord)
      ORDER BY ord
      RETURNING id
    )
    INSERT INTO page_outbox (notice_id, subscriber_id)
    SELECT noticed.id, subscriber.id FROM noticed CROSS JOIN page_subscribers AS subscriber
    WHERE subscriber.page_id = ${pageId} AND confirmed_at IS NOT NULL AND gone_at IS NULL
    ORDER BY noticed.id, subscriber.id`
  return fresh
})
