import type { SqlClient } from "@effect/sql/SqlClient"
import type { CheckStatus } from "@uptime/domain/CheckStatus"
import type { MonitorId } from "@uptime/domain/Ids"
import { Effect } from "effect"
import { tryLock } from "./ChoreLock.ts"
import { noteLateHours } from "./LateHours.ts"
import { transaction } from "./SqlFailure.ts"
import { lockOverall } from "./StateLocks.ts"
import { allOverallChanges, type RegionChanges, writeIntervals, writeStatuses } from "./StateMove.ts"
import { writeStatusChanges } from "./StatusChanges.ts"

/** Regions that are turned to `Unknown` by one transaction. */
const chunk = 500

/**
 * Turns regions to `Unknown` from which no result came for two intervals and 30 s, from the slot on that was missed first;
 * and the monitor as a whole accordingly. Monitors that are turned off are left alone.
 *
 * @returns how many regions
 */
export const sweepNoData = (sql: SqlClient) =>
  Effect.gen(function* () {
    let swept = 0
    while (true) {
      const n = yield* sweepChunk(sql).pipe(transaction(sql, "Housekeeping.sweepNoData"))
      swept += n
      if (n < chunk) return swept
    }
  })

const sweepChunk = (sql: SqlClient) =>
  Effect.gen(function* () {
    if (!(yield* tryLock(sql, "sweep"))) return 0
    const silent = yield* sql<{
      readonly monitor_id: MonitorId
      readonly location: string
      readonly status: CheckStatus
      readonly at: number
    }>`
      SELECT monitor_id, location, status,
        date_part('epoch', greatest(since, last_slot + interval_seconds * interval '1 second')) * 1000 AS at
      FROM monitor_status JOIN monitors ON monitors.id = monitor_id
      WHERE enabled AND kind <> 'heartbeat' AND location <> '*' AND status <> 'Unknown'
        AND last_slot + (2 * interval_seconds + 30) * interval '1 second' < now()
      ORDER BY monitor_id, location LIMIT ${chunk}
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
