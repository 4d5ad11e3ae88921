import type { MonitorId } from "@uptime/domain/Ids"
import type { JudgedMonitor, World } from "./World.ts"

/** How much earlier than what is above it a monitor may fail and still fail because of it: it was checked sooner. */
export const aheadMs = 10 * 60_000

/**
 * The monitors that are down because something above them is, each with its cause: the topmost monitor that is down.
 *
 * A monitor that is down explains what is down below it, whatever lies over it, and was not down for more than 10 minutes
 * before it did; once explained, it stays so while its cause lasts. What was down when the last was heard of it still is.
 * Among parents that make a circle, the one that failed first counts as the top.
 *
 * @param wasDown whether a monitor of which nothing is known was down when the last was heard of it
 */
export const findUnreachable = (
  world: World,
  wasDown: (id: MonitorId) => boolean,
): ReadonlyMap<MonitorId, MonitorId> => {
  const downSince = new Map<MonitorId, number>()
  for (const monitor of world.monitors.values()) {
    if (isDown(monitor, wasDown)) downSince.set(monitor.id, monitor.since)
  }
  const { explained, explains } = explanations(world, downSince)
  const byBeginning = [...downSince.keys()].sort(
    (one, other) => (downSince.get(one) ?? 0) - (downSince.get(other) ?? 0) || (one < other ? -1 : 1),
  )
  const causes = new Map<MonitorId, MonitorId>()
  // What was unreachable and has nothing above it any more begins anew: it is the cause of nothing.
  const possible = byBeginning.filter((id) => world.monitors.get(id)?.overlay !== "Unreachable")
  for (const id of possible) {
    if (!explained.has(id)) spread(id, explains, causes)
  }
  // What is left lies in circles, or behind them.
  for (const id of possible) {
    if (!causes.has(id)) spread(id, explains, causes)
  }
  return new Map([...causes].filter(([id, cause]) => id !== cause))
}

const isDown = ({ enabled, id, overlay, status }: JudgedMonitor, wasDown: (id: MonitorId) => boolean): boolean => {
  if (!enabled) return false
  if (status === "Down") return true
  return status === "Unknown" && (overlay === "Unreachable" || (overlay === null && wasDown(id)))
}

/** Who is explained by somebody, and whom each explains. */
const explanations = (world: World, downSince: ReadonlyMap<MonitorId, number>) => {
  const explained = new Set<MonitorId>()
  const explains = new Map<MonitorId, Array<MonitorId>>()
  for (const [id, since] of downSince) {
    const monitor = world.monitors.get(id)
    for (const parent of monitor?.parents ?? []) {
      const parentSince = downSince.get(parent)
      if (parentSince === undefined || parent === id) continue
      if (monitor?.overlay !== "Unreachable" && since < parentSince - aheadMs) continue
      explained.add(id)
      const below = explains.get(parent)
      if (below === undefined) explains.set(parent, [id])
      else below.push(id)
    }
  }
  return { explained, explains }
}

/** Names a monitor as the cause of all it explains, itself too, that have none yet. */
const spread = (
  cause: MonitorId,
  explains: ReadonlyMap<MonitorId, ReadonlyArray<MonitorId>>,
  causes: Map<MonitorId, MonitorId>,
): void => {
  causes.set(cause, cause)
  const reached = [cause]
  for (let id = reached.pop(); id !== undefined; id = reached.pop()) {
    for (const below of explains.get(id) ?? []) {
      if (causes.has(below)) continue
      causes.set(below, cause)
      reached.push(below)
    }
  }
}
