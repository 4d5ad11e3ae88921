import type { SqlClient } from "@effect/sql/SqlClient"
import type { Fragment } from "@effect/sql/Statement"
import { Effect } from "effect"

/** How long a message is tried for, from when it was due. */
const maxTryingHours = 24

/**
 * Notes that a message of an outbox was not delivered, and when it is tried again.
 *
 * @param table the outbox that holds it
 * @param error why, in words of ours
 * @param retryAfterMs how long it is left alone; null where it cannot be delivered at all
 * @param also what else of the row changes, from a comma on
 * @returns `dead` where it is not tried any more: at once by null, or when that would be 24 hours after it was due
 */
export const noteFailure = (
  sql: SqlClient,
  table: "alert_outbox" | "page_outbox",
  id: number,
  error: string,
  retryAfterMs: number | null,
  also: Fragment = sql.literal(""),
) =>
  Effect.map(
    sql<{ readonly state: "pending" | "dead" }>`
      UPDATE ${sql(table)} SET attempts = attempts + 1, leased_until = NULL, last_error = ${error},
        next_attempt_at = coalesce(next, next_attempt_at),
        state = CASE WHEN next <= due_at + ${maxTryingHours}::int * interval '1 hour' THEN 'pending' ELSE 'dead' END
        ${also}
      FROM (SELECT now() + ${retryAfterMs}::float8 * interval '1 millisecond' AS next) AS try
      WHERE id = ${id} AND state = 'pending'
      RETURNING state`,
    ([row]) => row?.state ?? "pending",
  )
