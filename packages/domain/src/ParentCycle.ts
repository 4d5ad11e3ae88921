import type { MonitorId } from "./Ids.ts"

/**
 * A circle among monitors and their parents: the first monitor of it that was reached, those between, and the first again;
 * null where there is none. Parents that are not in the map have none.
 *
 * @param parents the parents of each monitor
 */
export const findParentCycle = (
  parents: ReadonlyMap<MonitorId, ReadonlyArray<MonitorId>>,
): ReadonlyArray<MonitorId> | null => {
  const done = new Set<MonitorId>()
  for (const start of parents.keys()) {
    const cycle = walk(start, parents, done)
    if (cycle !== null) return cycle
  }
  return null
}

/** Walks up from a monitor, depth first and without recursion: a chain of parents may be as long as there are monitors. */
const walk = (
  start: MonitorId,
  parents: ReadonlyMap<MonitorId, ReadonlyArray<MonitorId>>,
  done: Set<MonitorId>,
): ReadonlyArray<MonitorId> | null => {
  const path: Array<MonitorId> = []
  const onPath = new Set<MonitorId>()
  const open: Array<Iterator<MonitorId>> = [[start].values()]
  for (let above = open.at(-1); above !== undefined; above = open.at(-1)) {
    const next = above.next()
    if (next.done === true) {
      open.pop()
      const left = path.pop()
      if (left === undefined) continue
      onPath.delete(left)
      done.add(left)
      continue
    }
    const id = next.value
    if (onPath.has(id)) return [...path.slice(path.indexOf(id)), id]
    if (done.has(id)) continue
    path.push(id)
    onPath.add(id)
    open.push((parents.get(id) ?? []).values())
  }
  return null
}
