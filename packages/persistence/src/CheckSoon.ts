import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId } from "@uptime/domain/Ids"
import { levelsAbove } from "@uptime/incidents/Hold"
import { Effect } from "effect"
import { readAbove } from "./ParentReads.ts"
import { plainArray } from "./PgArray.ts"
import type { Moved } from "./ResultEvaluation.ts"
import { transaction } from "./SqlFailure.ts"

/** The most monitors above those of one batch that are brought forward. */
const maxAbove = 1_000

/**
 * Brings the next check of monitors forward, whose change is being confirmed, to `retry_seconds` from now; and of what lies
 * above those that fail, which may be why, to its own `retry_seconds` from now, so that it is known before they are told of
 * (`Hold`). Nothing is put off by it, nor checked more often than that, however many fail below it, and however often.
 *
 * A hint: a monitor that a producer has claimed at this instant is left to its grid, and a failure costs time and nothing
 * else. After the transaction that stored the results, since monitors are locked before status rows (`StateLocks`).
 */
export const checkSoon = (
  sql: SqlClient,
  { failing, unconfirmed }: Pick<Moved, "failing" | "unconfirmed">,
): Effect.Effect<void> =>
  failing.length === 0 && unconfirmed.length === 0
    ? Effect.void
    : Effect.gen(function* () {
        const above = yield* readAbove(sql, failing, levelsAbove)
        const ids = [...new Set([...unconfirmed, ...above.slice(0, maxAbove)])]
        if (ids.length === 0) return
        yield* sql`
          UPDATE monitors SET next_check_at = soon.at
          FROM (
            SELECT id, date_trunc('milliseconds', now() + retry_seconds * interval '1 second') AS at FROM monitors
            WHERE id = ANY(${plainArray(ids, (id: MonitorId) => id)}::uuid[]) AND enabled AND kind <> 'heartbeat'
              AND next_check_at > now() + retry_seconds * interval '1 second'
            ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
          ) AS soon
          WHERE monitors.id = soon.id`
      }).pipe(
        // Within the transaction of a heartbeat it must not fail that.
        transaction(sql, "checkSoon"),
        Effect.catchAll((error) => Effect.logDebug("a change is confirmed at its monitor's own pace", error.cause)),
      )
