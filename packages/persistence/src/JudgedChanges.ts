import type { SqlClient } from "@effect/sql/SqlClient"
import type { UserId } from "@uptime/domain/Ids"
import type { StatusChange } from "@uptime/incidents/World"
import { Effect } from "effect"
import type { Seen } from "./Seen.ts"

/*
 * Why a flag on each change, and no mark of how far the log was read: numbers are given out before their transactions
 * commit, so that a change can become visible after others with higher numbers. A mark would pass over it; the flag finds it
 * whenever it comes. Of one monitor that cannot happen: whoever logs a change holds the row of its status (`StatusChanges`)
 * from before the number is taken until the commit, so that its changes become visible in the order of their numbers, and a
 * judgement sees a beginning of what is left of them, never one without those before it. In which order the changes of
 * different monitors are seen does not matter to the judge (`packages/incidents/src/Judge.ts`).
 */

/** The most changes of one judgement. */
export const maxChanges = 1_000

/** A change with when it was confirmed (milliseconds since the epoch), and what was seen when it began. */
export interface LoggedChange extends StatusChange {
  readonly noticedAt: number
  readonly seen: Seen | null
}

/** The oldest changes of an owner's monitors that are not judged yet, at most 1,000. */
export const readChanges = (sql: SqlClient, userId: UserId) =>
  sql<LoggedChange>`
    SELECT id, monitor_id AS "monitorId", from_status AS "from", to_status AS "to",
      round(date_part('epoch', at) * 1000) AS at, round(date_part('epoch', noticed_at) * 1000) AS "noticedAt",
      evidence AS seen
    FROM status_changes AS change
    WHERE NOT judged AND EXISTS (SELECT FROM monitors WHERE monitors.id = monitor_id AND user_id = ${userId})
    ORDER BY change.id LIMIT ${maxChanges}`.pipe(Effect.withTracerEnabled(false))

/** Notes that changes were judged; those of monitors that were deleted meanwhile are gone. */
export const markJudged = (sql: SqlClient, changes: ReadonlyArray<LoggedChange>) =>
  sql`UPDATE status_changes SET judged = true WHERE id = ANY(${changes.map(({ id }) => id)}::bigint[])`

/** The most changes that one look for owners takes in. */
const maxWaiting = 100_000

/** The most owners that one look finds. */
const maxOwners = 1_000

/** Owners with changes to judge, something to look at, or an incident to look at again, the one that waits longest first; each once. */
export const waitingOwners = (sql: SqlClient) =>
  sql<{ readonly userId: UserId }>`
    SELECT user_id AS "userId" FROM (
      SELECT user_id, min(noticed_at) AS since
      FROM (SELECT monitor_id, noticed_at FROM status_changes WHERE NOT judged ORDER BY id LIMIT ${maxWaiting}) AS change
        JOIN monitors ON monitors.id = monitor_id
      GROUP BY user_id
      UNION ALL
      SELECT user_id, min(asked_at)
      FROM (SELECT user_id, asked_at FROM judge_requests ORDER BY id LIMIT ${maxWaiting}) AS request GROUP BY user_id
      UNION ALL
      SELECT user_id, min(look_at) FROM incidents WHERE look_at <= now() GROUP BY user_id
    ) AS waiting
    GROUP BY user_id ORDER BY min(since), user_id LIMIT ${maxOwners}`.pipe(
    Effect.map((rows) => rows.map(({ userId }) => userId)),
  )
