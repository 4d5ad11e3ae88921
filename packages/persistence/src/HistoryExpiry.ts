import type { SqlClient } from "@effect/sql/SqlClient"
import type { Fragment } from "@effect/sql/Statement"
import { Effect } from "effect"
import { forgetDeletedChannels } from "./ChannelDeletion.ts"
import { type Chore, tryLock } from "./ChoreLock.ts"
import { transaction } from "./SqlFailure.ts"

/** How many days each kind of history is kept, from when it was over. */
export interface HistoryAges {
  /** Changes of status that were judged: as long as reports reach, which count them. */
  readonly changeDays: number
  /** Incidents that are over, with their monitors, their timeline and what was told of them. */
  readonly incidentDays: number
}

/** The most rows of one transaction; an incident takes with it up to some thousands. */
const changeBatch = 5000
const incidentBatch = 100

/**
 * Deletes what is older than its age: changes of status that were judged, and incidents that were over by then and of which
 * no message waits; and then deleted channels that nothing was told by any more. Each batch is a transaction of its own; rows
 * that somebody is at are left to the next round. Each of the three has a lock of its own: whoever finds one taken may leave
 * it, since another is at that very work.
 *
 * @returns how many changes and incidents were deleted
 */
export const forgetHistory = Effect.fnUntraced(function* (sql: SqlClient, { changeDays, incidentDays }: HistoryAges) {
  const before = (days: number) => sql`now() - ${days}::int * interval '1 day'`
  const changes = yield* inBatches(
    sql,
    "forgetChanges",
    changeBatch,
    sql`
      DELETE FROM status_changes WHERE id = ANY(ARRAY(
        SELECT id FROM status_changes WHERE judged AND noticed_at <= ${before(changeDays)}
        LIMIT ${changeBatch} FOR UPDATE SKIP LOCKED
      ))`,
  )
  const incidents = yield* inBatches(
    sql,
    "forgetIncidents",
    incidentBatch,
    sql`
      DELETE FROM incidents WHERE id = ANY(ARRAY(
        SELECT id FROM incidents
        WHERE resolved_at <= ${before(incidentDays)} AND look_at IS NULL AND NOT EXISTS (
          SELECT FROM alert_outbox WHERE incident_id = incidents.id AND state = 'pending'
        )
        LIMIT ${incidentBatch} FOR UPDATE SKIP LOCKED
      ))`,
  )
  yield* forgetDeletedChannels(sql)
  return changes + incidents
})

/** Deletes until less than a batch is left, or another process is at it. */
const inBatches = Effect.fnUntraced(function* (sql: SqlClient, chore: Chore, batch: number, deletion: Fragment) {
  let deleted = 0
  while (true) {
    const n = yield* Effect.gen(function* () {
      if (!(yield* tryLock(sql, chore))) return 0
      const [row] = yield* sql<{ readonly n: number }>`
        WITH gone AS (${deletion} RETURNING 1) SELECT count(*)::int AS n FROM gone`
      return row?.n ?? 0
    }).pipe(transaction(sql, "Housekeeping.forgetHistory"))
    deleted += n
    if (n < batch) return deleted
  }
})
