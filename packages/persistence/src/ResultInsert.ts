import type { SqlClient } from "@effect/sql/SqlClient"
import type { CheckStatus } from "@uptime/domain/CheckStatus"
import type { NewResult } from "@uptime/domain/Result"
import { plainArray } from "./PgArray.ts"
import { columnCount, columnNames, columnsOf, unnestColumns } from "./ResultColumns.ts"
import { rolledUpFrom } from "./Rollup.ts"
import type { Seen } from "./Seen.ts"

/** What became of a row, where there is more to it than that it was stored, and the newest result of its status moved on. */
export interface InsertedRow {
  /** The row's place in the batch, from 1. */
  readonly ord: number
  readonly outcome: "dropped" | "duplicate" | "stored" | "moved" | "evaluate"
  /** Whether it was stored for an hour that may have been rolled up. */
  readonly is_late: boolean
  /** For `evaluate`: the result's id, and the region's status row, locked; null when there is no such row. */
  readonly id: string | null
  readonly status: CheckStatus | null
  /** `-Infinity` in a row that says nothing yet. */
  readonly since_ms: number | null
  readonly last_slot_ms: number | null
  /** The row's streak; null, null and 0 without one. */
  readonly streak_status: CheckStatus | null
  readonly streak_since_ms: number | null
  readonly streak_count: number
  /** What was seen at the streak's beginning. */
  readonly state_evidence: Seen | null
  /** What the monitor needs for a change; null for `dropped`. */
  readonly confirm_failures: number | null
  readonly confirm_successes: number | null
}

/**
 * The one statement that nearly every batch is stored by. It inserts the rows of known monitors, and locks the status rows
 * of what is new, in the order of their key (`StateLocks`). Where a region's only new result says again what the region said
 * before, and no change is being confirmed, the status row moves on here, and the row comes back only if it is late (`moved`); everything else comes back with
 * outcome `evaluate`, to be folded by the caller in the same transaction.
 *
 * @param results without two of one key
 * @param isOnly whether a result is the batch's only one of its monitor and region
 */
export const insertRows = (sql: SqlClient, results: ReadonlyArray<NewResult>, isOnly: (result: NewResult) => boolean) =>
  sql.unsafe<InsertedRow>(statement, [...columnsOf(results), plainArray(results, (result) => String(isOnly(result)))])

const resultColumns = `status, response_time_ms, dns_ms, connect_ms, tls_ms, first_byte_ms, transfer_ms, http_status,
  error_kind, error_message`

/**
 * How old a slot may be, and how far ahead: a wrong clock is not to reach for partitions that are not there. Wrapped so
 * that the planner does not take a range for a rare one, and then joins by looking through everything for each row.
 */
const inRange = `coalesce(scheduled_at BETWEEN now() - interval '1 day' AND now() + interval '1 hour', false)`

const statement = `
WITH input AS (
  SELECT *, to_timestamp(slot_ms / 1000) AS scheduled_at
  FROM ROWS FROM (${unnestColumns(1)}, unnest($${columnCount + 1}::boolean[])) WITH ORDINALITY AS input (${columnNames}, is_only, ord)
), known AS MATERIALIZED (
  SELECT input.*, monitors.enabled, confirm_failures, confirm_successes
  FROM input JOIN monitors ON monitors.id = input.monitor_id
  WHERE ${inRange}
), stored AS (
  INSERT INTO check_results (monitor_id, location, scheduled_at, checked_at, ${resultColumns}, certificate_expires_at,
    attempts, evidence)
  SELECT monitor_id, location, scheduled_at, to_timestamp(checked_ms / 1000), ${resultColumns},
    to_timestamp(certificate_ms / 1000), attempts, evidence
  FROM known
  ORDER BY monitor_id, scheduled_at, location
  ON CONFLICT DO NOTHING
  RETURNING *
), fresh AS (
  SELECT stored.*, known.enabled, known.is_only, known.ord
  FROM stored JOIN known USING (monitor_id, scheduled_at, location)
), locked AS (
  SELECT fresh.*, state.status AS state_status, state.since, state.last_slot, state.streak_status, state.streak_since,
    state.streak_count, state.evidence AS state_evidence
  FROM fresh JOIN monitor_status AS state USING (monitor_id, location)
  WHERE fresh.enabled
  ORDER BY monitor_id, location
  FOR UPDATE OF state
), moved AS (
  UPDATE monitor_status AS state
  SET last_slot = locked.scheduled_at, result_id = locked.id, scheduled_at = locked.scheduled_at,
    checked_at = locked.checked_at, result_status = locked.status, response_time_ms = locked.response_time_ms,
    dns_ms = locked.dns_ms, connect_ms = locked.connect_ms, tls_ms = locked.tls_ms,
    first_byte_ms = locked.first_byte_ms, transfer_ms = locked.transfer_ms, http_status = locked.http_status,
    error_kind = locked.error_kind, error_message = locked.error_message,
    certificate_expires_at = locked.certificate_expires_at
  FROM locked
  WHERE state.monitor_id = locked.monitor_id AND state.location = locked.location AND locked.is_only
    AND state.status = locked.status AND state.streak_status IS NULL AND state.last_slot < locked.scheduled_at
    AND state.since > '-infinity'
  RETURNING locked.ord
)
SELECT input.ord::int AS ord,
  CASE
    WHEN known.ord IS NULL THEN 'dropped'
    WHEN fresh.ord IS NULL THEN 'duplicate'
    WHEN moved.ord IS NOT NULL THEN 'moved'
    WHEN known.enabled THEN 'evaluate'
    ELSE 'stored'
  END AS outcome,
  coalesce(fresh.scheduled_at < ${rolledUpFrom}, false) AS is_late,
  fresh.id, locked.state_status AS status,
  date_part('epoch', locked.since) * 1000 AS since_ms, date_part('epoch', locked.last_slot) * 1000 AS last_slot_ms,
  locked.streak_status, date_part('epoch', locked.streak_since) * 1000 AS streak_since_ms,
  coalesce(locked.streak_count, 0) AS streak_count, locked.state_evidence, known.confirm_failures, known.confirm_successes
FROM input
LEFT JOIN known USING (ord)
LEFT JOIN fresh USING (ord)
LEFT JOIN locked USING (ord)
LEFT JOIN moved USING (ord)
WHERE moved.ord IS NULL OR fresh.scheduled_at < ${rolledUpFrom}`
