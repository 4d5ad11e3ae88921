import type { SqlClient } from "@effect/sql/SqlClient"
import type { CheckStatus } from "@uptime/domain/CheckStatus"
import type { MonitorId } from "@uptime/domain/Ids"
import type { MonitorStatus } from "@uptime/domain/MonitorStatus"
import type { Overlay } from "@uptime/domain/Overlay"
import { Data, Effect } from "effect"
import { plainArray, textArray } from "./PgArray.ts"

/*
 * The order in which transactions take locks, each kind by its key, so that they wait for each other and never in a circle:
 *
 * 1. the account, by whoever changes how many monitors it has, or changes monitors
 * 2. the monitors: `FOR UPDATE` by whoever edits or deletes them, `KEY SHARE` by whoever makes status rows; results and
 *    sweeps, which are many, take none, so that nothing they write may have a foreign key to `monitors`, whose check is one
 * 3. status rows of regions
 * 4. status rows of monitors as a whole (`*`)
 * 5. hours in `rollup_dirty`, last of all
 *
 * One transaction that deletes some monitors and edits others takes all of them before it does either (`Monitors.lock`).
 *
 * Intervals are written by whoever holds the status row of their location. A status row is made before it is locked, never
 * in between: `since` is `-infinity` then, and until there is something to say it is to everybody as if it were not there.
 */

/** The key of a status row. */
export interface StateKey {
  readonly monitorId: MonitorId
  /** A region, or `*`. */
  readonly location: string
}

/** A transaction came upon regions whose status rows are still to be made: to be rolled back, and done again after that. */
export class StatesMissing extends Data.TaggedError("StatesMissing")<{ readonly missing: ReadonlyArray<StateKey> }> {}

/**
 * Makes status rows that are missing, and with each the one of its monitor as a whole, of monitors that there are. Belongs
 * before every other lock on a status row, so in a transaction of its own or at the beginning of one.
 */
export const makeStates = (sql: SqlClient, keys: ReadonlyArray<StateKey>) => sql`
  INSERT INTO monitor_status (monitor_id, location, status, since, last_slot)
  SELECT id, wanted.location, 'Unknown', '-infinity', '-infinity'
  FROM monitors JOIN (
    SELECT DISTINCT monitor_id, place AS location
    FROM unnest(${plainArray(keys, ({ monitorId }) => monitorId)}::uuid[],
      ${textArray(keys, ({ location }) => location)}::text[]) AS key (monitor_id, location), unnest(ARRAY[location, '*']) AS place
  ) AS wanted ON wanted.monitor_id = id
  WHERE NOT EXISTS (
    SELECT FROM monitor_status AS state WHERE state.monitor_id = id AND state.location = wanted.location
  )
  ORDER BY id, wanted.location FOR KEY SHARE OF monitors
  ON CONFLICT DO NOTHING`

/** Locks all status rows of monitors. No more are made when the monitors themselves are locked `FOR UPDATE`. */
export const lockStates = Effect.fnUntraced(function* (sql: SqlClient, ids: ReadonlyArray<MonitorId>) {
  const wanted = plainArray(ids, (id) => id)
  yield* sql`
    SELECT FROM monitor_status WHERE monitor_id = ANY(${wanted}::uuid[]) AND location <> '*'
    ORDER BY monitor_id, location FOR UPDATE`
  yield* sql`
    SELECT FROM monitor_status WHERE monitor_id = ANY(${wanted}::uuid[]) AND location = '*'
    ORDER BY monitor_id FOR UPDATE`
})

/**
 * Locks all status rows of monitors of which something is about to be said, with those of others, and makes the rows of the
 * first as a whole that are missing. The monitors themselves are locked `FOR UPDATE`.
 */
export const lockMoving = (sql: SqlClient, moving: ReadonlyArray<MonitorId>, others: ReadonlyArray<MonitorId> = []) =>
  Effect.zipRight(
    makeStates(
      sql,
      moving.map((monitorId) => ({ monitorId, location: "*" })),
    ),
    lockStates(sql, [...moving, ...others]),
  )

/** A monitor whose overall row is locked: nobody else changes a status of it until the transaction ends. */
export interface LockedMonitor {
  readonly enabled: boolean
  /** How many regions must know. */
  readonly minRegions: number
  /** Null before the first result. */
  readonly overall: { readonly status: MonitorStatus; readonly since: number } | null
  readonly overlay: Overlay | null
  /** What each region says. */
  readonly regions: ReadonlyMap<string, CheckStatus>
}

/**
 * Locks the overall rows of monitors, in a transaction that has locked all the rows of regions that it will, and then reads
 * what the regions say, which no other transaction changes meanwhile. Monitors that are gone are not in the answer.
 */
export const lockOverall = Effect.fnUntraced(function* (sql: SqlClient, monitorIds: ReadonlySet<MonitorId>) {
  const overall = yield* sql<{
    readonly monitor_id: MonitorId
    readonly status: MonitorStatus
    readonly since: number
    readonly overlay: Overlay | null
  }>`
      SELECT monitor_id, status, date_part('epoch', since) * 1000 AS since, overlay FROM monitor_status
      WHERE monitor_id = ANY(${plainArray([...monitorIds], (id) => id)}::uuid[]) AND location = '*'
      ORDER BY monitor_id FOR UPDATE`
  const rows = yield* sql<{
    readonly id: MonitorId
    readonly enabled: boolean
    readonly min_regions: number
    readonly location: string | null
    readonly status: CheckStatus
  }>`
      SELECT monitors.id, enabled, min_regions, location, status
      FROM monitors LEFT JOIN monitor_status
        ON monitor_id = monitors.id AND location <> '*' AND since > '-infinity'
      WHERE monitors.id = ANY(${plainArray(overall, (row) => row.monitor_id)}::uuid[])`
  const known = new Map<MonitorId, { enabled: boolean; minRegions: number; regions: Map<string, CheckStatus> }>()
  for (const row of rows) {
    const monitor = known.get(row.id) ?? {
      enabled: row.enabled,
      minRegions: row.min_regions,
      regions: new Map<string, CheckStatus>(),
    }
    known.set(row.id, monitor)
    if (row.location !== null) monitor.regions.set(row.location, row.status)
  }
  return new Map(
    overall.flatMap(
      ({ monitor_id: id, overlay, since, status }): ReadonlyArray<readonly [MonitorId, LockedMonitor]> => {
        const monitor = known.get(id)
        const said = Number.isFinite(since) ? { status, since: Math.round(since) } : null
        return monitor === undefined ? [] : [[id, { ...monitor, overlay, overall: said }]]
      },
    ),
  )
})
