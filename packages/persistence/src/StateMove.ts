import type { SqlClient } from "@effect/sql/SqlClient"
import type { CheckStatus } from "@uptime/domain/CheckStatus"
import type { MonitorId } from "@uptime/domain/Ids"
import { type MonitorStatus, overallStatus } from "@uptime/domain/MonitorStatus"
import { Effect } from "effect"
import { plainArray, textArray } from "./PgArray.ts"
import type { Seen } from "./Seen.ts"
import type { LockedMonitor } from "./StateLocks.ts"

/** A status that began at an instant, in milliseconds since the epoch. */
export interface Change<Status extends MonitorStatus = CheckStatus> {
  readonly to: Status
  readonly at: number
  /** The slot of the result that confirmed it: the order in which changes of several regions are looked at. */
  readonly confirmedBy: number
  /** What was seen at its beginning; null where nothing was. */
  readonly seen: Seen | null
}

/** The changes of one region of a monitor, or of the monitor as a whole, oldest first. */
export interface RegionChanges<Status extends MonitorStatus = CheckStatus> {
  readonly monitorId: MonitorId
  /** A region, or `*`. */
  readonly location: string
  readonly changes: ReadonlyArray<Change<Status>>
}

/** The changes of a monitor as a whole, and what it was before them; null before its first result. */
export interface OverallChanges extends RegionChanges<MonitorStatus> {
  readonly before: MonitorStatus | null
}

/**
 * What the monitor as a whole becomes when its regions change, by `overallStatus` after each change, in the order in which
 * they were confirmed. A change never begins before what it ends did, and of those at one instant only the last one counts.
 */
export const overallChanges = (
  monitor: LockedMonitor,
  regionChanges: ReadonlyArray<RegionChanges>,
): ReadonlyArray<Change<MonitorStatus>> => {
  const statuses = new Map(monitor.regions)
  const ordered = regionChanges
    .flatMap(({ changes, location }) => changes.map((change) => ({ ...change, location })))
    .sort((a, b) => a.confirmedBy - b.confirmedBy || (a.location < b.location ? -1 : 1))
  const changes: Array<Change<MonitorStatus>> = []
  let current = monitor.overall?.status ?? null
  for (const { at, confirmedBy, location, seen, to } of ordered) {
    statuses.set(location, to)
    const next = overallStatus(current ?? "Unknown", statuses.values(), monitor.minRegions)
    if (next === current) continue
    const begun = changes.at(-1)?.at ?? monitor.overall?.since ?? at
    if (begun >= at && changes.length > 0) changes.pop()
    const before = changes.at(-1)?.to ?? monitor.overall?.status ?? null
    if (before !== next) changes.push({ to: next, at: Math.max(at, begun), confirmedBy, seen })
    current = next
  }
  return changes
}

/** `overallChanges` of every locked monitor, as changes of the location `*`. */
export const allOverallChanges = (
  monitors: ReadonlyMap<MonitorId, LockedMonitor>,
  regionChanges: ReadonlyArray<RegionChanges>,
): ReadonlyArray<OverallChanges> => {
  const own = new Map<MonitorId, Array<RegionChanges>>()
  for (const changes of regionChanges) {
    const known = own.get(changes.monitorId)
    if (known === undefined) own.set(changes.monitorId, [changes])
    else known.push(changes)
  }
  return [...monitors].map(([monitorId, monitor]) => ({
    monitorId,
    location: "*",
    before: monitor.overall?.status ?? null,
    changes: overallChanges(monitor, own.get(monitorId) ?? []),
  }))
}

/** Writes the status and its beginning into rows that are locked by this transaction; what was being confirmed there is over. */
export const writeStatuses = (sql: SqlClient, moved: ReadonlyArray<RegionChanges<MonitorStatus>>) => {
  const rows = moved.flatMap(({ changes, location, monitorId }) => {
    const last = changes.at(-1)
    return last === undefined ? [] : [{ monitorId, location, ...last }]
  })
  return sql`
    UPDATE monitor_status AS state
    SET status = moved.status, since = to_timestamp(moved.since / 1000), streak_status = NULL, streak_since = NULL,
      streak_count = 0,
      last_slot = greatest(state.last_slot, CASE state.location WHEN '*' THEN to_timestamp(moved.since / 1000) END)
    FROM unnest(${plainArray(rows, (row) => row.monitorId)}::uuid[], ${textArray(rows, (row) => row.location)}::text[],
      ${textArray(rows, (row) => row.to)}::text[], ${plainArray(rows, (row) => row.at)}::float8[])
      AS moved (monitor_id, location, status, since)
    WHERE state.monitor_id = moved.monitor_id AND state.location = moved.location`
}

/**
 * Ends the open intervals at the first change of each, and records the changes as intervals. One that would have no length
 * is left out, or overwritten by what follows it.
 */
export const writeIntervals = Effect.fnUntraced(function* (
  sql: SqlClient,
  moved: ReadonlyArray<RegionChanges<MonitorStatus>>,
) {
  const first = moved.flatMap(({ changes: [change], location, monitorId }) =>
    change === undefined ? [] : [{ monitorId, location, at: change.at }],
  )
  yield* sql`
    UPDATE state_intervals AS open SET ended_at = greatest(open.started_at, to_timestamp(change.at / 1000))
    FROM unnest(${plainArray(first, (row) => row.monitorId)}::uuid[],
      ${textArray(first, (row) => row.location)}::text[], ${plainArray(first, (row) => row.at)}::float8[])
      AS change (monitor_id, location, at)
    WHERE open.monitor_id = change.monitor_id AND open.location = change.location AND open.ended_at IS NULL`
  const all = moved.flatMap(({ changes, location, monitorId }) =>
    changes
      .map((change, i) => ({ monitorId, location, ...change, endsAt: changes[i + 1]?.at ?? null }))
      .filter(({ at, endsAt }) => at !== endsAt),
  )
  yield* sql`
    INSERT INTO state_intervals (monitor_id, location, state, started_at, ended_at)
    SELECT monitor_id, location, state, to_timestamp(started_at / 1000), to_timestamp(ended_at / 1000)
    FROM unnest(${plainArray(all, (row) => row.monitorId)}::uuid[], ${textArray(all, (row) => row.location)}::text[],
      ${textArray(all, (row) => row.to)}::text[], ${plainArray(all, (row) => row.at)}::float8[],
      ${plainArray(all, (row) => row.endsAt)}::float8[]) AS change (monitor_id, location, state, started_at, ended_at)
    ON CONFLICT (monitor_id, location, started_at) DO UPDATE SET state = excluded.state, ended_at = excluded.ended_at`
})
