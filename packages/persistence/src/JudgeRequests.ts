import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import { plainArray } from "./PgArray.ts"

/** The most requests of one judgement. */
const maxRequests = 1_000

/** Something that the judge is asked to look at. */
export interface JudgeRequest {
  readonly id: number
  /** Null for no more than the owner's open incidents, which every judgement looks at. */
  readonly monitorId: MonitorId | null
}

/**
 * Asks for a judgement of an owner after this transaction, though no status changed, since something was set anew: parents, or
 * what is told to whom. The judge looks at all open incidents, and at these monitors, whether or not they have a part in one.
 */
export const askJudge = (sql: SqlClient, userId: UserId, monitorIds: ReadonlyArray<MonitorId> = []) => {
  const asked = monitorIds.length === 0 ? [null] : monitorIds
  return sql`
    INSERT INTO judge_requests (user_id, monitor_id)
    SELECT ${userId}, monitor_id FROM unnest(${plainArray(asked, (id) => id)}::uuid[]) AS monitor_id`
}

/** The oldest requests of an owner, at most 1,000. */
export const readRequests = (sql: SqlClient, userId: UserId) =>
  sql<JudgeRequest>`
    SELECT id, monitor_id AS "monitorId" FROM judge_requests WHERE user_id = ${userId} ORDER BY id LIMIT ${maxRequests}`

/** Forgets requests that were met. */
export const forgetRequests = (sql: SqlClient, requests: ReadonlyArray<JudgeRequest>) =>
  sql`DELETE FROM judge_requests WHERE id = ANY(${plainArray(requests, ({ id }) => id)}::bigint[])`
