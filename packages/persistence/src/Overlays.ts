import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId } from "@uptime/domain/Ids"
import type { Overlay } from "@uptime/domain/Overlay"
import { Effect } from "effect"
import { noteLateHours } from "./LateHours.ts"
import { plainArray } from "./PgArray.ts"
import { lockStates } from "./StateLocks.ts"

/** A monitor, and the instant (milliseconds since the epoch) at which an overlay of it begins or ends. */
export interface OverlayChange {
  readonly monitorId: MonitorId
  readonly at: number
}

/**
 * Lays something over monitors: from then on the intervals of all their locations say the overlay, whatever their statuses
 * become underneath. It begins at `at`, or where the interval that it ends began, if that is later. Monitors that are turned
 * off are left alone. In a transaction that holds no lock on a monitor or a status row yet (`StateLocks`).
 */
export const setOverlay = (sql: SqlClient, overlay: Overlay, changes: ReadonlyArray<OverlayChange>) =>
  locked(sql, changes, (input) =>
    Effect.zipRight(
      sql.unsafe(set, [...input, overlay]),
      sql.unsafe(beginIntervals(`JOIN monitors ON id = input.monitor_id AND enabled`, "$3"), [...input, overlay]),
    ),
  )

/**
 * Takes away what lies over monitors: they begin anew, `Unknown` until their next results, and results of slots until `at`
 * move nothing any more. Monitors without an overlay are left alone. In a transaction as for `setOverlay`.
 */
export const clearOverlay = (sql: SqlClient, changes: ReadonlyArray<OverlayChange>) =>
  locked(
    sql,
    changes,
    Effect.fnUntraced(function* (input) {
      yield* sql.unsafe(logBeginning, input)
      yield* sql.unsafe(
        beginIntervals(
          `JOIN monitor_status AS whole ON whole.monitor_id = input.monitor_id AND whole.location = '*'
            AND whole.overlay IS NOT NULL`,
          "'Unknown'",
        ),
        input,
      )
      yield* sql.unsafe(beginAnew, input)
    }),
  )

const locked = <E>(
  sql: SqlClient,
  changes: ReadonlyArray<OverlayChange>,
  work: (input: ReadonlyArray<string>) => Effect.Effect<unknown, E>,
) =>
  changes.length === 0
    ? Effect.void
    : Effect.gen(function* () {
        const ids = changes.map(({ monitorId }) => monitorId)
        yield* sql`SELECT FROM monitors WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE`
        yield* lockStates(sql, ids)
        yield* work([plainArray(changes, ({ monitorId }) => monitorId), plainArray(changes, ({ at }) => at)])
        yield* noteLateHours(
          sql,
          [],
          changes.map(({ at, monitorId }) => ({
            monitorId,
            location: "*",
            changes: [{ to: "Unknown", at, confirmedBy: at, seen: null }],
          })),
        )
      })

const inputTable = "unnest($1::uuid[], $2::float8[]) AS input (monitor_id, at)"

const set = `
UPDATE monitor_status SET overlay = $3
FROM ${inputTable} JOIN monitors ON id = input.monitor_id
WHERE monitor_status.monitor_id = input.monitor_id AND enabled`

/**
 * Ends the open intervals of all locations, and begins others where they ended; one that began there or later says the other
 * state instead, and is touched once: a statement that ends a row and then overwrites it is refused (SQLSTATE 21000).
 */
const beginIntervals = (join: string, state: string): string => `
WITH overwritten AS (
  UPDATE state_intervals AS open SET state = ${state}
  FROM ${inputTable} ${join}
  WHERE open.monitor_id = input.monitor_id AND open.ended_at IS NULL AND open.started_at >= to_timestamp(input.at / 1000)
), ended AS (
  UPDATE state_intervals AS open SET ended_at = to_timestamp(input.at / 1000)
  FROM ${inputTable} ${join}
  WHERE open.monitor_id = input.monitor_id AND open.ended_at IS NULL AND open.started_at < to_timestamp(input.at / 1000)
  RETURNING open.monitor_id, open.location, open.ended_at
)
INSERT INTO state_intervals (monitor_id, location, state, started_at)
SELECT monitor_id, location, ${state}, ended_at FROM ended
ON CONFLICT (monitor_id, location, started_at) DO UPDATE SET state = excluded.state, ended_at = NULL`

const logBeginning = `
INSERT INTO status_changes (monitor_id, from_status, to_status, at)
SELECT monitor_id, overlay, 'Unknown', to_timestamp(input.at / 1000)
FROM monitor_status JOIN ${inputTable} USING (monitor_id)
WHERE location = '*' AND overlay IS NOT NULL
ORDER BY monitor_id`

const beginAnew = `
UPDATE monitor_status
SET overlay = NULL, status = 'Unknown', streak_status = NULL, streak_since = NULL, streak_count = 0, evidence = NULL,
  since = CASE WHEN location = '*' OR since > '-infinity' THEN greatest(since, to_timestamp(input.at / 1000)) ELSE since END,
  last_slot = greatest(last_slot, to_timestamp(input.at / 1000))
FROM ${inputTable}
WHERE monitor_status.monitor_id = input.monitor_id AND overlay IS NOT NULL`
