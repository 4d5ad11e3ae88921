import type { SqlClient } from "@effect/sql/SqlClient"
import { type CheckStatus, overallStatus } from "@uptime/domain/CheckStatus"
import type { MonitorId } from "@uptime/domain/Ids"
import type { RegionState } from "@uptime/domain/MonitorState"
import { Effect } from "effect"
import { plainArray, textArray } from "./PgArray.ts"
import { rolledUpFrom } from "./Rollup.ts"

/** A status that began at an instant, in milliseconds since the epoch. */
export interface Change {
  readonly to: CheckStatus
  readonly at: number
}

/** The changes of one region of a monitor, oldest first. */
export interface RegionChanges {
  readonly monitorId: MonitorId
  readonly location: string
  readonly changes: ReadonlyArray<Change>
}

/** A monitor whose overall row is locked: nobody else changes a status of it until the transaction ends. */
export interface LockedMonitor {
  readonly enabled: boolean
  /** Null before the first result. */
  readonly overall: { readonly status: CheckStatus; readonly since: number } | null
  readonly regions: ReadonlyMap<string, RegionState>
}

/**
 * Locks the overall rows of monitors, in the order of their ids, making those that are missing; then reads what the regions
 * say, which no other transaction changes meanwhile. Monitors that are gone are not in the answer.
 *
 * The order of locks is the same everywhere: rows of regions first, then overall rows, each by their key.
 */
export const lockOverall = (sql: SqlClient, monitorIds: ReadonlySet<MonitorId>) =>
  Effect.gen(function* () {
    const ids = [...monitorIds]
    const overall = yield* sql<{
      readonly monitor_id: MonitorId
      readonly status: CheckStatus
      readonly since: number
    }>`
      INSERT INTO monitor_status (monitor_id, location, status, since, last_slot)
      SELECT id, '*', 'Unknown', '-infinity', '-infinity' FROM monitors
      WHERE id = ANY(${plainArray(ids, (id) => id)}::uuid[]) ORDER BY id FOR KEY SHARE
      ON CONFLICT (monitor_id, location) DO UPDATE SET last_slot = monitor_status.last_slot
      RETURNING monitor_id, status, date_part('epoch', since) * 1000 AS since`
    const rows = yield* sql<{
      readonly id: MonitorId
      readonly enabled: boolean
      readonly location: string | null
      readonly status: CheckStatus
      readonly since: number
      readonly last_slot: number
    }>`
      SELECT monitors.id, enabled, location, status,
        date_part('epoch', since) * 1000 AS since, date_part('epoch', last_slot) * 1000 AS last_slot
      FROM monitors LEFT JOIN monitor_status ON monitor_id = monitors.id AND location <> '*'
      WHERE monitors.id = ANY(${plainArray(overall, (row) => row.monitor_id)}::uuid[])`
    const regions = new Map<MonitorId, Map<string, RegionState>>()
    const enabled = new Map<MonitorId, boolean>()
    for (const row of rows) {
      enabled.set(row.id, row.enabled)
      const states = regions.get(row.id) ?? new Map<string, RegionState>()
      regions.set(row.id, states)
      if (row.location === null) continue
      const state = { status: row.status, since: Math.round(row.since), lastSlot: Math.round(row.last_slot) }
      states.set(row.location, state)
    }
    return new Map(
      overall.map(({ monitor_id: id, since, status }): readonly [MonitorId, LockedMonitor] => [
        id,
        {
          enabled: enabled.get(id) ?? false,
          overall: Number.isFinite(since) ? { status, since: Math.round(since) } : null,
          regions: regions.get(id) ?? new Map<string, RegionState>(),
        },
      ]),
    )
  })

/**
 * What the monitor as a whole becomes when its regions change, by `overallStatus` after each change, in the order of
 * their instants. A change never begins before what it ends did, and of those at one instant only the last one counts.
 */
export const overallChanges = (
  monitor: LockedMonitor,
  regionChanges: ReadonlyArray<RegionChanges>,
): ReadonlyArray<Change> => {
  const statuses = new Map<string, CheckStatus>()
  for (const [location, { status }] of monitor.regions) statuses.set(location, status)
  const ordered = regionChanges
    .flatMap(({ changes, location }) => changes.map((change) => ({ ...change, location })))
    .sort((a, b) => a.at - b.at || (a.location < b.location ? -1 : 1))
  const changes: Array<Change> = []
  let current = monitor.overall?.status ?? null
  for (const { at, location, to } of ordered) {
    statuses.set(location, to)
    const next = overallStatus(current ?? "Unknown", [...statuses.values()])
    if (next === current) continue
    const begun = changes.at(-1)?.at ?? monitor.overall?.since ?? at
    if (begun >= at && changes.length > 0) changes.pop()
    const before = changes.at(-1)?.to ?? monitor.overall?.status ?? null
    if (before !== next) changes.push({ to: next, at: Math.max(at, begun) })
    current = next
  }
  return changes
}

/** `overallChanges` of every locked monitor, as changes of the location `*`. */
export const allOverallChanges = (
  monitors: ReadonlyMap<MonitorId, LockedMonitor>,
  regionChanges: ReadonlyArray<RegionChanges>,
): ReadonlyArray<RegionChanges> => {
  const own = new Map<MonitorId, Array<RegionChanges>>()
  for (const changes of regionChanges) {
    const known = own.get(changes.monitorId)
    if (known === undefined) own.set(changes.monitorId, [changes])
    else known.push(changes)
  }
  return [...monitors].map(([monitorId, monitor]) => ({
    monitorId,
    location: "*",
    changes: overallChanges(monitor, own.get(monitorId) ?? []),
  }))
}

/** Writes the status and its beginning into rows that are locked by this transaction. */
export const writeStatuses = (sql: SqlClient, moved: ReadonlyArray<RegionChanges>) => {
  const rows = moved.flatMap(({ changes, location, monitorId }) => {
    const last = changes.at(-1)
    return last === undefined ? [] : [{ monitorId, location, ...last }]
  })
  return sql`
    UPDATE monitor_status AS state
    SET status = moved.status, since = to_timestamp(moved.since / 1000),
      last_slot = greatest(state.last_slot, CASE state.location WHEN '*' THEN to_timestamp(moved.since / 1000) END)
    FROM unnest(${plainArray(rows, (row) => row.monitorId)}::uuid[], ${textArray(rows, (row) => row.location)}::text[],
      ${textArray(rows, (row) => row.to)}::text[], ${plainArray(rows, (row) => row.at)}::float8[])
      AS moved (monitor_id, location, status, since)
    WHERE state.monitor_id = moved.monitor_id AND state.location = moved.location`
}

/**
 * Ends the open intervals at the first change of each, and records the changes as intervals. One that would have no length
 * is overwritten by what follows it. Hours that may have been rolled up with what was said of them before are noted.
 */
export const writeIntervals = (sql: SqlClient, moved: ReadonlyArray<RegionChanges>) =>
  Effect.gen(function* () {
    const first = moved.flatMap(({ changes: [change], location, monitorId }) =>
      change === undefined ? [] : [{ monitorId, location, at: change.at }],
    )
    yield* sql`
      WITH change AS (
        SELECT monitor_id, location, to_timestamp(at / 1000) AS at
        FROM unnest(${plainArray(first, (row) => row.monitorId)}::uuid[],
          ${textArray(first, (row) => row.location)}::text[], ${plainArray(first, (row) => row.at)}::float8[])
          AS change (monitor_id, location, at)
      ), late AS (
        INSERT INTO rollup_dirty (hour, monitor_id)
        SELECT DISTINCT hour, monitor_id FROM change, generate_series(date_trunc('hour', at, 'UTC'),
          ${sql.literal(rolledUpFrom)} - interval '1 hour', interval '1 hour') AS hour
        ORDER BY hour, monitor_id
        ON CONFLICT DO NOTHING
      )
      UPDATE state_intervals AS open SET ended_at = greatest(open.started_at, change.at)
      FROM change
      WHERE open.monitor_id = change.monitor_id AND open.location = change.location AND open.ended_at IS NULL`
    const all = moved.flatMap(({ changes, location, monitorId }) =>
      changes.map((change, i) => ({ monitorId, location, ...change, endsAt: changes[i + 1]?.at ?? null })),
    )
    yield* sql`
      INSERT INTO state_intervals (monitor_id, location, state, started_at, ended_at)
      SELECT monitor_id, location, state, to_timestamp(started_at / 1000), to_timestamp(ended_at / 1000)
      FROM unnest(${plainArray(all, (row) => row.monitorId)}::uuid[], ${textArray(all, (row) => row.location)}::text[],
        ${textArray(all, (row) => row.to)}::text[], ${plainArray(all, (row) => row.at)}::float8[],
        ${plainArray(all, (row) => row.endsAt)}::float8[]) AS change (monitor_id, location, state, started_at, ended_at)
      ON CONFLICT (monitor_id, location, started_at) DO UPDATE SET state = excluded.state, ended_at = excluded.ended_at`
  })
