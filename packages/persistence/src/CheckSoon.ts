import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId } from "@uptime/domain/Ids"
import { Effect } from "effect"
import { plainArray } from "./PgArray.ts"
import { failAs } from "./SqlFailure.ts"

/**
 * Brings the next check of monitors forward, whose change is being confirmed, to `retry_seconds` from now. A hint: a monitor
 * that a producer has claimed at this instant is left to its grid, and a failure costs time and nothing else. After the
 * transaction that stored the results, since monitors are locked before status rows (`StateLocks`).
 */
export const checkSoon = (sql: SqlClient, ids: ReadonlyArray<MonitorId>): Effect.Effect<void> =>
  ids.length === 0
    ? Effect.void
    : sql`
        UPDATE monitors SET next_check_at = soon.at
        FROM (
          SELECT id, date_trunc('milliseconds', now() + retry_seconds * interval '1 second') AS at FROM monitors
          WHERE id = ANY(${plainArray(ids, (id) => id)}::uuid[]) AND enabled AND kind <> 'heartbeat'
            AND next_check_at > now() + retry_seconds * interval '1 second'
          ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
        ) AS soon
        WHERE monitors.id = soon.id`.pipe(
        failAs("checkSoon"),
        Effect.catchAll((error) => Effect.logDebug("a change is confirmed at its monitor's own pace", error.cause)),
        Effect.asVoid,
      )
