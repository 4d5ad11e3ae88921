import type { SqlClient } from "@effect/sql/SqlClient"
import { applyResult, type RegionState } from "@uptime/domain/MonitorState"
import type { NewResult } from "@uptime/domain/Result"
import { Effect } from "effect"
import { plainArray, textArray } from "./PgArray.ts"
import { columnNames, columnsOf, unnestColumns } from "./ResultColumns.ts"
import { lockOverall } from "./StateLocks.ts"
import { allOverallChanges, type Change, type RegionChanges, writeIntervals, writeStatuses } from "./StateMove.ts"

/** A new result with its id, and the state of its region, whose row is locked; null before its first result. */
export interface NewRow {
  readonly result: NewResult
  readonly id: string
  readonly state: RegionState | null
}

/**
 * Moves states by new results, in the transaction that stored them: per region the fold of `applyResult` in the order of
 * slots, and where a region's status changes, the monitor as a whole and the intervals of both. Monitors that were turned
 * off or deleted meanwhile stay as they are.
 *
 * @returns the changes of regions and of monitors as a whole
 */
export const evaluate = (sql: SqlClient, rows: ReadonlyArray<NewRow>) =>
  Effect.gen(function* () {
    const folded = byRegion(rows).map(fold)
    const changing = new Set(folded.filter(({ changes }) => changes.length > 0).map(({ monitorId }) => monitorId))
    if (changing.size === 0) {
      yield* writeResults(sql, folded)
      return []
    }
    const monitors = yield* lockOverall(sql, changing)
    const moved = folded.filter(
      ({ monitorId }) => !changing.has(monitorId) || monitors.get(monitorId)?.enabled === true,
    )
    const overall = allOverallChanges(monitors, moved)
    yield* writeResults(sql, moved)
    yield* writeStatuses(sql, overall)
    const all: ReadonlyArray<RegionChanges> = [...moved, ...overall]
    yield* writeIntervals(sql, all)
    return all
  })

/** What the results of one region come to: its changes, its state, and the newest result if it moved the state. */
interface Folded extends RegionChanges {
  readonly state: RegionState
  readonly newest: NewRow | null
}

const byRegion = (rows: ReadonlyArray<NewRow>): ReadonlyArray<readonly [NewRow, ...Array<NewRow>]> => {
  const groups = new Map<string, [NewRow, ...Array<NewRow>]>()
  for (const row of rows) {
    const key = `${row.result.monitorId} ${row.result.region}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return [...groups.values()]
}

const fold = (rows: readonly [NewRow, ...Array<NewRow>]): Folded => {
  const [{ result, state: before }] = rows
  const changes: Array<Change> = []
  let state = before
  let newest: NewRow | null = null
  for (const row of [...rows].sort((a, b) => a.result.slot - b.result.slot)) {
    const applied = applyResult(state, { slot: row.result.slot, status: row.result.outcome.status })
    if (applied.state !== state) newest = row
    if (applied.transition !== null) {
      // The status may have begun after this slot: when the monitor was turned on, or by silence.
      const at = Math.max(applied.transition.at, before?.since ?? applied.transition.at)
      if (changes.at(-1)?.at === at) changes.pop()
      if ((changes.at(-1)?.to ?? before?.status) !== applied.state.status)
        changes.push({ to: applied.state.status, at })
    }
    state = applied.state
  }
  return {
    monitorId: result.monitorId,
    location: result.region,
    changes,
    newest,
    state: {
      status: result.outcome.status,
      lastSlot: result.slot,
      ...state,
      since: changes.at(-1)?.at ?? state?.since ?? result.slot,
    },
  }
}

/** Writes states, whose rows are locked, with the results that moved them. */
const writeResults = (sql: SqlClient, folded: ReadonlyArray<Folded>) => {
  const moved = folded.flatMap(({ monitorId, newest, state }) =>
    newest === null ? [] : [{ monitorId, newest, state }],
  )
  if (moved.length === 0) return Effect.void
  return sql.unsafe(statement, [
    ...columnsOf(moved.map(({ newest }) => newest.result)),
    plainArray(moved, ({ newest }) => newest.id),
    textArray(moved, ({ state }) => state.status),
    plainArray(moved, ({ state }) => state.since),
  ])
}

const statement = `
UPDATE monitor_status AS state
SET status = moved.state, since = to_timestamp(moved.since_ms / 1000), last_slot = to_timestamp(moved.slot_ms / 1000),
  result_id = moved.result_id, scheduled_at = to_timestamp(moved.slot_ms / 1000),
  checked_at = to_timestamp(moved.checked_ms / 1000), result_status = moved.status,
  response_time_ms = moved.response_time_ms, dns_ms = moved.dns_ms, connect_ms = moved.connect_ms, tls_ms = moved.tls_ms,
  first_byte_ms = moved.first_byte_ms, transfer_ms = moved.transfer_ms, http_status = moved.http_status,
  error_kind = moved.error_kind, error_message = moved.error_message,
  certificate_expires_at = to_timestamp(moved.certificate_ms / 1000)
FROM ROWS FROM (${unnestColumns(1)}, unnest($16::uuid[], $17::text[], $18::float8[]))
  AS moved (${columnNames}, result_id, state, since_ms)
WHERE state.monitor_id = moved.monitor_id AND state.location = moved.location`
