import type { MonitorId } from "@uptime/domain/Ids"
import { type Draft, endPart, failingParts, type Reason } from "./Draft.ts"
import { isWorse, worseOf } from "./Severity.ts"
import type { Standing } from "./Standing.ts"
import { severityNow } from "./Trouble.ts"
import type { IncidentPart, World } from "./World.ts"

/** The part of each monitor that fails, in whichever incident. */
export const partsByMonitor = (drafts: ReadonlyArray<Draft>): ReadonlyMap<MonitorId, IncidentPart> =>
  new Map(drafts.flatMap(failingParts).map((part) => [part.monitorId, part]))

/**
 * Moves the parts of an incident to where their monitors stand: ended where a monitor is well, and calm, or no longer
 * counts; worse where it is worse than it was. What turned out unreachable has its place found later.
 */
export const updateParts = (world: World, standings: ReadonlyMap<MonitorId, Standing>, draft: Draft): void => {
  for (const part of [...draft.parts.values()]) {
    if (part.endedAt !== null) continue
    if (draft.resolvedByHandAt !== null) endPart(draft, part, draft.resolvedByHandAt, null)
    else updatePart(world, standings.get(part.monitorId), draft, part)
  }
}

const updatePart = (world: World, standing: Standing | undefined, draft: Draft, part: IncidentPart): void => {
  const ending = endingOf(world, standing, part)
  if (ending !== null) endPart(draft, part, ending.at, ending.reason)
  if (ending !== null || standing === undefined || standing.cover !== null) return
  const severity = worseOf(standing.trouble.severity, severityNow(part, standing.monitor.status))
  if (!isWorse(severity, part.severity)) return
  // Before anything is told, the first message tells it.
  const newsAt = draft.told.length > 0 ? world.now : part.newsAt
  draft.parts.set(part.monitorId, { ...part, severity, newsAt })
}

/** When and why a part is over, or null while it is not. What is unreachable is not well. */
const endingOf = (
  { now }: World,
  standing: Standing | undefined,
  { role }: IncidentPart,
): { readonly at: number; readonly reason: Reason | null } | null => {
  if (standing === undefined) return { at: now, reason: { _tag: "Deleted" } }
  const { cover, trouble } = standing
  if (cover?._tag === "Unreachable") return null
  if (role === "unreachable") return { at: now, reason: null }
  if (cover !== null) return { at: cover._tag === "Paused" ? (trouble.endedAt ?? now) : now, reason: cover }
  if (trouble.isFailing || trouble.flapping.since !== null) return null
  return { at: trouble.endedAt ?? now, reason: trouble.reason }
}

/**
 * Puts what is unreachable behind its cause: into the incident in which that fails, where there is one. An incident that
 * it leaves before anything was told of that loses it without a trace.
 */
export const moveBehindCauses = (
  world: World,
  standings: ReadonlyMap<MonitorId, Standing>,
  drafts: ReadonlyArray<Draft>,
): void => {
  const homes = new Map<MonitorId, Draft>()
  const placed = new Map<MonitorId, Array<Draft>>()
  for (const draft of drafts) {
    for (const { endedAt, monitorId, role } of draft.parts.values()) {
      if (endedAt !== null) continue
      if (role === "failing") homes.set(monitorId, draft)
      const places = placed.get(monitorId)
      if (places === undefined) placed.set(monitorId, [draft])
      else places.push(draft)
    }
  }
  for (const { cover, monitor } of standings.values()) {
    if (cover?._tag !== "Unreachable") continue
    const home = homes.get(cover.cause)
    let startedAt = monitor.since
    for (const draft of placed.get(monitor.id) ?? []) {
      const part = draft.parts.get(monitor.id)
      if (draft === home || part === undefined) continue
      startedAt = Math.min(startedAt, part.startedAt)
      if (part.role === "failing" && draft.told.length === 0) draft.parts.delete(monitor.id)
      else endPart(draft, part, world.now, part.role === "failing" ? cover : null)
    }
    if (home !== undefined) putBehind(world, home, monitor.id, startedAt)
  }
}

const putBehind = (world: World, home: Draft, monitorId: MonitorId, since: number): void => {
  const known = home.parts.get(monitorId)
  if (known?.endedAt === null && known.role === "unreachable") return
  const startedAt = Math.min(since, known?.startedAt ?? since)
  home.parts.set(monitorId, {
    monitorId,
    startedAt,
    endedAt: null,
    role: "unreachable",
    severity: "Down",
    newsAt: world.now,
  })
}
