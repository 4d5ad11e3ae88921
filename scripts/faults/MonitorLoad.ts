import { Effect } from "effect"
import type { MonitorId } from "../../packages/domain/src/Ids.ts"
import { slotAfter, slotGrid } from "../../packages/domain/src/Slot.ts"
import { jobKey, rowKey } from "../../packages/testing/src/faults/JobKey.ts"
import { makeMonitors } from "./OwnedMonitors.ts"
import type { World } from "./World.ts"

/** Monitors that producers put on the stream, as those of people are. */
export interface MonitorLoad {
  readonly ids: ReadonlyArray<MonitorId>
  /** The site of a monitor on the farm. */
  readonly pathOf: (id: MonitorId) => string
  /** Takes a monitor's site down, with an answer that says so; gives what brings it back. */
  readonly takeDown: (id: MonitorId) => Effect.Effect<Effect.Effect<void>>
  /** From now on no monitor falls due; true once everything that was published is done, false when that takes 60 seconds. */
  readonly rest: Effect.Effect<boolean, unknown>
  /**
   * The points of the monitors' grids from one instant to another for which a region has no row, as `rowKey`; the instants are
   * milliseconds since the epoch.
   */
  readonly missed: (from: number, to: number) => Effect.Effect<ReadonlyArray<string>, unknown>
}

/** Seconds between the checks of a monitor: the least that people may have. */
export const intervalSeconds = 10

/**
 * So many monitors, checked every ten seconds, due at once: their first slot is now. Two results in a row confirm a change.
 */
export const monitorLoad = Effect.fnUntraced(function* (
  world: World,
  count: number,
): Effect.fn.Return<MonitorLoad, unknown> {
  const { downtimes, farm, now, regions, sql } = world
  const rows = yield* makeMonitors(world, { count, path: "ok", intervalSeconds, dueInSeconds: 0 })
  const paths = new Map(rows.map(({ id, url }) => [id, new URL(url).pathname]))
  const ids = [...paths.keys()]
  const pathOf = (id: MonitorId) => paths.get(id) ?? "/"
  return {
    ids,
    pathOf,
    // A result that is to be confirmed makes its monitor due again, so once is not enough.
    rest: Effect.gen(function* () {
      const later = sql`UPDATE monitors SET next_check_at = now() + interval '1 day' WHERE next_check_at < now() + interval '1 hour'`
      const isDone = later.pipe(Effect.delay("1 second"), Effect.zipRight(world.quiet(20)))
      return (yield* isDone) && (yield* isDone) && (yield* isDone)
    }),
    takeDown: Effect.fnUntraced(function* (id) {
      const from = yield* now
      yield* farm.answer(pathOf(id), { _tag: "Status", status: 503 })
      const place = downtimes.push({ monitorId: id, from, to: Number.POSITIVE_INFINITY }) - 1
      return Effect.gen(function* () {
        yield* farm.answer(pathOf(id), { _tag: "Status", status: 200 })
        downtimes[place] = { monitorId: id, from, to: yield* now }
      })
    }),
    missed: Effect.fnUntraced(function* (from, to) {
      const stored = yield* sql<{ readonly id: string; readonly slot: number; readonly location: string }>`
            SELECT monitor_id AS id, date_part('epoch', scheduled_at) * 1000 AS slot, location FROM check_results
            WHERE scheduled_at BETWEEN ${new Date(from)} AND ${new Date(to)}`
      const there = new Set(stored.map(({ id, location, slot }) => rowKey(jobKey(id, Math.round(slot)), location)))
      return ids.flatMap((id) => {
        const grid = slotGrid(id, intervalSeconds)
        const missing: Array<string> = []
        for (let slot = slotAfter(grid, from); slot <= to; slot += grid.intervalMs) {
          for (const region of regions) {
            const key = rowKey(jobKey(id, slot), region)
            if (!there.has(key)) missing.push(key)
          }
        }
        return missing
      })
    }),
  }
})
