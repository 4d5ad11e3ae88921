import type { SqlClient } from "@effect/sql/SqlClient"
import { secondTryAfterMs } from "@uptime/domain/CheckDuration"
import type { CheckStatus } from "@uptime/domain/CheckStatus"
import type { MonitorId } from "@uptime/domain/Ids"
import { Effect } from "effect"
import { tryLock } from "./ChoreLock.ts"
import { noteLateHours } from "./LateHours.ts"
import { plainArray, textArray } from "./PgArray.ts"
import { transaction } from "./SqlFailure.ts"
import { lockOverall, type StateKey } from "./StateLocks.ts"
import { allOverallChanges, type RegionChanges, writeIntervals, writeStatuses } from "./StateMove.ts"
import { writeStatusChanges } from "./StatusChanges.ts"

/** Regions that are turned to `Unknown` by one transaction, and the most that are looked for at once. */
const chunk = 500
const looked = 20 * chunk

/**
 * Whether no result came from a region for too long, by the columns of its status and of its monitor. A result comes when its
 * check has ended, which takes `longestCheckMs` where the target is not reached.
 */
const isSilent = `status <> 'Unknown' AND last_slot + (2 * interval_seconds + 30) * interval '1 second'
  + (2 * timeout_ms + ${secondTryAfterMs}) * interval '1 millisecond' < now()`

/**
 * Turns regions to `Unknown` from which no result came for two intervals, 30 s and as long as a check may take, from the slot
 * on that was missed first; and the monitor as a whole accordingly. Monitors that are turned off are left alone.
 *
 * @returns how many regions
 */
export const sweepNoData = Effect.fnUntraced(function* (sql: SqlClient) {
  let swept = 0
  while (true) {
    const silent = yield* findSilent(sql).pipe(transaction(sql, operation))
    const before = swept
    for (let at = 0; at < silent.length; at += chunk) {
      swept += yield* sweepChunk(sql, silent.slice(at, at + chunk)).pipe(transaction(sql, operation))
    }
    // What is left then, others hold or sweep.
    if (silent.length < looked || swept === before) return swept
  }
})

const operation = "Housekeeping.sweepNoData"

/**
 * Looks through all regions, of which hardly ever one is silent. By itself, without locks, order or limit: with a limit the
 * planner takes what it looks for to be everywhere, and fetches every row by an index.
 */
const findSilent = Effect.fnUntraced(function* (sql: SqlClient) {
  if (!(yield* tryLock(sql, "sweep"))) return []
  return yield* sql<StateKey>`
    WITH silent AS MATERIALIZED (
      SELECT monitor_id, location FROM monitor_status JOIN monitors ON monitors.id = monitor_id
      WHERE enabled AND kind <> 'heartbeat' AND location <> '*' AND ${sql.literal(isSilent)}
    )
    SELECT monitor_id AS "monitorId", location FROM silent LIMIT ${looked}`
})

const sweepChunk = Effect.fnUntraced(function* (sql: SqlClient, keys: ReadonlyArray<StateKey>) {
  if (!(yield* tryLock(sql, "sweep"))) return 0
  const silent = yield* sql<{
    readonly monitor_id: MonitorId
    readonly location: string
    readonly status: CheckStatus
    readonly at: number
  }>`
      SELECT monitor_id, location, status,
        date_part('epoch', greatest(since, last_slot + interval_seconds * interval '1 second')) * 1000 AS at
      FROM unnest(${plainArray(keys, ({ monitorId }) => monitorId)}::uuid[],
        ${textArray(keys, ({ location }) => location)}::text[]) AS key (monitor_id, location)
        JOIN monitor_status USING (monitor_id, location) JOIN monitors ON monitors.id = monitor_id
      WHERE enabled AND kind <> 'heartbeat' AND ${sql.literal(isSilent)}
      ORDER BY monitor_id, location
      FOR UPDATE OF monitor_status SKIP LOCKED`
  if (silent.length === 0) return 0
  const monitors = yield* lockOverall(sql, new Set(silent.map(({ monitor_id }) => monitor_id)))
  const regions = silent.flatMap(({ at, location, monitor_id: monitorId }): ReadonlyArray<RegionChanges> => {
    const change = { to: "Unknown", at: Math.round(at), confirmedBy: Math.round(at), seen: null } as const
    return monitors.get(monitorId)?.enabled === true ? [{ monitorId, location, changes: [change] }] : []
  })
  const overall = allOverallChanges(monitors, regions)
  const moved = [...regions, ...overall]
  yield* writeStatuses(sql, moved)
  yield* writeStatusChanges(sql, overall)
  const intervals = moved.filter(({ monitorId }) => monitors.get(monitorId)?.overlay === null)
  yield* writeIntervals(sql, intervals)
  yield* noteLateHours(sql, [], intervals)
  return silent.length
})
