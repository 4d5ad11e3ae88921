import type { SqlClient } from "@effect/sql/SqlClient"
import type { MaintenanceId, StatusPageId, UserId } from "@uptime/domain/Ids"
import type { MaintenancePlan } from "@uptime/incidents/MaintenancePlan"
import { windowsBetween } from "@uptime/incidents/MaintenanceSchedule"
import { PublicNotice } from "@uptime/statuspage/PublicNotice"
import { Effect, Schema } from "effect"
import { planOf } from "./MaintenanceWrites.ts"
import type { NewNotice } from "./PageNotices.ts"
import { plainArray } from "./PgArray.ts"

/** How a notice is named that announces a window, followed by when it begins, in milliseconds since the epoch. */
export const announcing = "maintenance:"

const calledOff = "cancelled:"

/** What names a window that was moved: its new time was told, and that is all that is told of it. */
const movedAway = "moved:"

interface AnnouncedRow {
  readonly id: number
  readonly subjectId: MaintenanceId
  readonly change: string
  readonly notice: string
  /** Null where the maintenance was deleted. */
  readonly plan: unknown
}

/**
 * Tells subscribers who were told of a window of a maintenance that is still to come that it does not take place: the
 * maintenance was deleted, or has no such window any more. Whoever was not told of it yet is told nothing of either. Where a
 * window of the same maintenance is announced in its place, that says enough. In the transaction that keeps the page.
 *
 * @param fresh what the page tells for the first time now
 * @param now milliseconds since the epoch
 */
export const tellCalledOff = Effect.fnUntraced(function* (
  sql: SqlClient,
  userId: UserId,
  pageId: StatusPageId,
  fresh: ReadonlyArray<NewNotice>,
  now: number,
) {
  const announced = yield* sql<AnnouncedRow>`
    SELECT told.id, subject_id AS "subjectId", change, notice, plan
    FROM page_notices AS told LEFT JOIN maintenances ON maintenances.id = subject_id AND user_id = ${userId}
    WHERE page_id = ${pageId} AND starts_with(change, ${announcing}) AND NOT EXISTS (
      SELECT FROM page_notices AS over
      WHERE over.page_id = told.page_id AND over.subject_id = told.subject_id
        AND over.change IN (replace(told.change, ${announcing}, ${calledOff}), replace(told.change, ${announcing}, ${movedAway}))
    )`
  const vanished = announced.filter(({ change, plan }) => {
    const startsAt = Number(change.slice(announcing.length))
    return startsAt > now && (plan === null || !hasWindow(planOf(plan), startsAt))
  })
  for (const { change, id, notice, subjectId } of vanished) {
    const startsAt = change.slice(announcing.length)
    const isMoved = fresh.some((one) => one.subjectId === subjectId && one.change.startsWith(announcing))
    const told = isMoved ? notice : cancelledNotice(notice)
    yield* sql`
      INSERT INTO page_notices (page_id, subject_id, change, notice, at)
      VALUES (${pageId}, ${subjectId}, ${`${isMoved ? movedAway : calledOff}${startsAt}`}, ${told},
        to_timestamp(${now}::float8 / 1000))`
    yield* sql`
      DELETE FROM page_outbox WHERE notice_id = ${id} AND state = 'pending' AND attempts = 0 AND leased_until IS NULL`
    if (isMoved) continue
    yield* sql`
      INSERT INTO page_outbox (notice_id, subscriber_id)
      SELECT over.id, told.subscriber_id
      FROM page_notices AS over, page_outbox AS told
        JOIN page_subscribers AS subscriber ON subscriber.id = told.subscriber_id AND gone_at IS NULL
      WHERE over.page_id = ${pageId} AND over.subject_id = ${subjectId} AND over.change = ${`${calledOff}${startsAt}`}
        AND told.notice_id = ${id} AND told.state <> 'dead'
      ORDER BY told.subscriber_id`
  }
})

const hasWindow = (plan: MaintenancePlan, startsAt: number): boolean =>
  windowsBetween(plan, startsAt, startsAt + 1).some((window) => window.startsAt === startsAt)

const Stored = Schema.parseJson(PublicNotice)

const cancelledNotice = (announced: string): string => {
  const notice = Schema.decodeSync(Stored)(announced)
  return notice.change === "maintenance"
    ? Schema.encodeSync(Stored)({ ...notice, change: "cancelled" })
    : Schema.encodeSync(Stored)(notice)
}

/** Forgets that windows were called off, or moved, that the page shows again: they are announced anew. */
export const forgetCalledOff = Effect.fnUntraced(function* (
  sql: SqlClient,
  pageId: StatusPageId,
  notices: ReadonlyArray<NewNotice>,
) {
  const shown = notices.filter(({ change }) => change.startsWith(announcing))
  if (shown.length === 0) return
  yield* sql`
    WITH back AS (
      DELETE FROM page_notices AS over
      USING unnest(${plainArray(shown, ({ subjectId }) => subjectId)}::uuid[],
        ${plainArray(shown, ({ change }) => change.slice(announcing.length))}::text[]) AS shown (subject_id, starts_at)
      WHERE over.page_id = ${pageId} AND over.subject_id = shown.subject_id
        AND over.change IN (${calledOff} || starts_at, ${movedAway} || starts_at)
      RETURNING over.subject_id, starts_at
    )
    DELETE FROM page_notices AS told USING back
    WHERE told.page_id = ${pageId} AND told.subject_id = back.subject_id AND told.change = ${announcing} || starts_at`
})
