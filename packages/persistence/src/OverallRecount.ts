import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId } from "@uptime/domain/Ids"
import { overallStatus } from "@uptime/domain/MonitorStatus"
import { Effect } from "effect"
import { now } from "./MonitorPause.ts"
import { lockOverall } from "./StateLocks.ts"
import { type OverallChanges, writeIntervals, writeStatuses } from "./StateMove.ts"
import { writeStatusChanges } from "./StatusChanges.ts"

/**
 * Says anew, from now on, what monitors as a whole are, of which another number of regions must know since this transaction.
 * It has locked their status rows (`lockMoving`).
 */
export const recountRegions = Effect.fnUntraced(function* (sql: SqlClient, ids: ReadonlyArray<MonitorId>) {
  const [clock] = yield* sql<{ readonly at: number }>`SELECT date_part('epoch', ${now(sql)}) * 1000 AS at`
  if (clock === undefined) return yield* Effect.dieMessage("the database has no clock")
  const { at } = clock
  const monitors = yield* lockOverall(sql, new Set(ids))
  const moved = [...monitors].flatMap(
    ([monitorId, { minRegions, overall, regions }]): ReadonlyArray<OverallChanges> => {
      if (overall === null) return []
      const to = overallStatus(overall.status, regions.values(), minRegions)
      if (to === overall.status) return []
      const change = { to, at: Math.max(at, overall.since), confirmedBy: at, seen: null }
      return [{ monitorId, location: "*", before: overall.status, changes: [change] }]
    },
  )
  if (moved.length === 0) return
  yield* writeStatuses(sql, moved)
  yield* writeStatusChanges(sql, moved)
  yield* writeIntervals(
    sql,
    moved.filter(({ monitorId }) => monitors.get(monitorId)?.overlay === null),
  )
})
