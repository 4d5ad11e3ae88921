import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId } from "@uptime/domain/Ids"
import { applyResult, type Needs, type RegionState } from "@uptime/domain/MonitorState"
import type { MonitorStatus } from "@uptime/domain/MonitorStatus"
import type { NewResult } from "@uptime/domain/Result"
import { Effect } from "effect"
import { plainArray, textArray } from "./PgArray.ts"
import { columnCount, columnNames, columnsOf, unnestColumns } from "./ResultColumns.ts"
import { type Seen, seenBy } from "./Seen.ts"
import { lockOverall } from "./StateLocks.ts"
import { allOverallChanges, type Change, type RegionChanges, writeIntervals, writeStatuses } from "./StateMove.ts"
import { writeStatusChanges } from "./StatusChanges.ts"

/** A new result with its id, and the state of its region, whose row is locked; null before its first result. */
export interface NewRow {
  readonly result: NewResult
  readonly id: string
  readonly state: RegionState | null
  /** What was seen at the beginning of the state's streak. */
  readonly seen: Seen | null
  readonly needs: Needs
}

/** What evaluating results came to. */
export interface Moved {
  /** The changes whose intervals were written, of regions and of monitors as a whole. */
  readonly intervals: ReadonlyArray<RegionChanges<MonitorStatus>>
  /** Monitors of which a region's change is being confirmed. */
  readonly unconfirmed: ReadonlyArray<MonitorId>
  /** Monitors that a region sees down by its newest result, which is being confirmed, or was. */
  readonly failing: ReadonlyArray<MonitorId>
}

/** Nothing changed. */
export const nothingMoved: Moved = { intervals: [], unconfirmed: [], failing: [] }

/**
 * Moves states by new results, in the transaction that stored them: per region the fold of `applyResult` in the order of
 * slots, and where a region's status changes, the monitor as a whole, the intervals of both, and the log of changes that
 * the judge reads. Monitors that were turned off or deleted meanwhile stay as they are.
 */
export const evaluate = Effect.fnUntraced(function* (sql: SqlClient, rows: ReadonlyArray<NewRow>) {
  const folded = byRegion(rows).map(fold)
  const idsOf = (some: ReadonlyArray<Folded>) => [...new Set(some.map(({ monitorId }) => monitorId))]
  const moving = folded.filter(({ newest, state }) => newest !== null && state.streak !== null)
  const unconfirmed = idsOf(moving)
  const failing = idsOf([
    ...moving.filter(({ newest }) => newest?.result.outcome.status === "Down"),
    ...folded.filter(({ changes }) => changes.at(-1)?.to === "Down"),
  ])
  const changing = new Set(folded.filter(({ changes }) => changes.length > 0).map(({ monitorId }) => monitorId))
  if (changing.size === 0) {
    yield* writeResults(sql, folded)
    return { intervals: [], unconfirmed, failing }
  }
  const monitors = yield* lockOverall(sql, changing)
  const moved = folded.filter(({ monitorId }) => !changing.has(monitorId) || monitors.get(monitorId)?.enabled === true)
  const overall = allOverallChanges(monitors, moved)
  yield* writeResults(sql, moved)
  yield* writeStatuses(sql, overall)
  yield* writeStatusChanges(sql, overall)
  const intervals = [...moved, ...overall].filter(({ monitorId }) => monitors.get(monitorId)?.overlay === null)
  yield* writeIntervals(sql, intervals)
  return { intervals, unconfirmed, failing }
})

/** What the results of one region come to: its changes, its state, and the newest result if it moved the state. */
interface Folded extends RegionChanges {
  readonly state: RegionState
  /** What was seen at the beginning of the state's streak, or, without one, of its status. */
  readonly seen: Seen | null
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
  const [{ needs, result: first, seen: seenBefore, state: before }] = rows
  const changes: Array<Change> = []
  let state = before
  let seen = seenBefore
  let newest: NewRow | null = null
  for (const row of [...rows].sort((a, b) => a.result.slot - b.result.slot)) {
    const { result } = row
    const applied = applyResult(state, { slot: result.slot, status: result.outcome.status }, needs)
    if (applied.state === state) continue
    newest = row
    const { streak } = applied.state
    if (applied.transition !== null) {
      if (applied.transition.at === result.slot) seen = seenBy(result)
      // The status may have begun after this slot: when the monitor was turned on, or by silence.
      const at = Math.max(applied.transition.at, before?.since ?? applied.transition.at)
      if ((changes.at(-1)?.to ?? before?.status) !== applied.state.status)
        changes.push({ to: applied.state.status, at, confirmedBy: result.slot, seen })
    }
    // After the change: the result that confirmed one may be the first of the next streak.
    if (streak?.count === 1) seen = seenBy(result)
    state = applied.state
  }
  return {
    monitorId: first.monitorId,
    location: first.region,
    changes,
    newest,
    seen,
    state: {
      status: first.outcome.status,
      lastSlot: first.slot,
      streak: null,
      ...state,
      since: changes.at(-1)?.at ?? state?.since ?? first.slot,
    },
  }
}

/** Writes states, whose rows are locked, with the results that moved them. */
const writeResults = (sql: SqlClient, folded: ReadonlyArray<Folded>) => {
  const moved = folded.flatMap(({ monitorId, newest, seen, state }) =>
    newest === null ? [] : [{ monitorId, newest, seen, state }],
  )
  if (moved.length === 0) return Effect.void
  return sql.unsafe(statement, [
    ...columnsOf(moved.map(({ newest }) => newest.result)),
    plainArray(moved, ({ newest }) => newest.id),
    textArray(moved, ({ state }) => state.status),
    plainArray(moved, ({ state }) => state.since),
    textArray(moved, ({ state }) => state.streak?.status ?? null),
    plainArray(moved, ({ state }) => state.streak?.since ?? null),
    plainArray(moved, ({ state }) => state.streak?.count ?? 0),
    textArray(moved, ({ seen }) => (seen === null ? null : JSON.stringify(seen))),
  ])
}

const own = ["uuid", "text", "float8", "text", "float8", "smallint", "jsonb"]
  .map((type, i) => `$${columnCount + 1 + i}::${type}[]`)
  .join(", ")

const statement = `
UPDATE monitor_status AS state
SET status = moved.state, since = to_timestamp(moved.since_ms / 1000), last_slot = to_timestamp(moved.slot_ms / 1000),
  result_id = moved.result_id, scheduled_at = to_timestamp(moved.slot_ms / 1000),
  checked_at = to_timestamp(moved.checked_ms / 1000), result_status = moved.status,
  response_time_ms = moved.response_time_ms, dns_ms = moved.dns_ms, connect_ms = moved.connect_ms, tls_ms = moved.tls_ms,
  first_byte_ms = moved.first_byte_ms, transfer_ms = moved.transfer_ms, http_status = moved.http_status,
  error_kind = moved.error_kind, error_message = moved.error_message,
  certificate_expires_at = to_timestamp(moved.certificate_ms / 1000), streak_status = moved.streak_status,
  streak_since = to_timestamp(moved.streak_ms / 1000), streak_count = moved.streak_count, evidence = moved.seen
FROM ROWS FROM (${unnestColumns(1)}, unnest(${own}))
  AS moved (${columnNames}, result_id, state, since_ms, streak_status, streak_ms, streak_count, seen)
WHERE state.monitor_id = moved.monitor_id AND state.location = moved.location`
