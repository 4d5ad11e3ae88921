import type { MonitorId } from "@uptime/domain/Ids"
import { Array as Arr } from "effect"
import { findUnreachable } from "./Dependencies.ts"
import type { Reason } from "./Draft.ts"
import { calm } from "./Flapping.ts"
import { type Trouble, troubleOf } from "./Trouble.ts"
import type { IncidentPart, JudgedMonitor, StatusChange, World } from "./World.ts"

/** Where a monitor stands once its changes are known. */
export interface Standing {
  readonly monitor: JudgedMonitor
  /** What keeps it from counting, whatever its results say; null where it counts. */
  readonly cover: Reason | null
  readonly trouble: Trouble
}

/**
 * Where every monitor of a world stands. What happens to one that does not count is swallowed, and its flapping forgotten:
 * it begins anew when it counts again.
 *
 * @param parts the open part of each monitor that fails
 * @param changes of any monitors, in any order
 */
export const standingsOf = (
  world: World,
  parts: ReadonlyMap<MonitorId, IncidentPart>,
  changes: ReadonlyArray<StatusChange>,
): ReadonlyMap<MonitorId, Standing> => {
  const inOrder = [...changes].sort((one, other) => one.id - other.id)
  const changesOf = Arr.groupBy(inOrder, ({ monitorId }) => monitorId)
  const troubles = new Map<MonitorId, Trouble>()
  for (const monitor of world.monitors.values()) {
    const shown = monitor.overlay === null ? (changesOf[monitor.id] ?? []) : []
    troubles.set(monitor.id, troubleOf(monitor, parts.get(monitor.id) ?? null, shown, world.now))
  }
  const causes = findUnreachable(world, (id) => {
    const trouble = troubles.get(id)
    return trouble?.isFailing === true && (trouble.severity === "Down" || parts.get(id)?.severity === "Down")
  })
  const standings = new Map<MonitorId, Standing>()
  for (const monitor of world.monitors.values()) {
    const trouble = troubles.get(monitor.id)
    if (trouble === undefined) continue
    const cover = coverOf(monitor, causes.get(monitor.id))
    const flapping = cover !== null && trouble.flapping.changes.length > 0 ? calm : trouble.flapping
    standings.set(monitor.id, { monitor, cover, trouble: { ...trouble, flapping } })
  }
  return standings
}

const coverOf = (monitor: JudgedMonitor, cause: MonitorId | undefined): Reason | null => {
  if (!monitor.enabled) return { _tag: "Paused" }
  if (monitor.overlay === "Maintenance") return { _tag: "Maintenance" }
  return cause === undefined ? null : { _tag: "Unreachable", cause }
}
