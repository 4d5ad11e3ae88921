import type { IncidentId } from "@uptime/domain/Ids"
import { type Draft, newDraft } from "./Draft.ts"
import { holdMs } from "./Hold.ts"
import { worseOf } from "./Severity.ts"
import type { Standing } from "./Standing.ts"
import type { IncidentPart, JudgedMonitor, World } from "./World.ts"

/** How far apart the beginnings of two outages may be for one incident, where they share a group or a host. */
const togetherMs = 10 * 60_000

/**
 * Gives each monitor that began to fail its part in an incident: an open one of its group, or of its host, that began
 * within 10 minutes of it, the newest first; else a new one. Its `alerts.fold` turned off, it shares neither. What began and
 * ended within one judgement is given its part all the same: it is history, and nobody is told.
 *
 * Taken in the order in which they began, so that the order in which they are shown does not matter.
 *
 * @param drafts the open incidents
 * @param newId the id of each new incident
 * @returns the open incidents and the new ones
 */
export const fold = (
  { monitors, now }: Pick<World, "monitors" | "now">,
  standings: Iterable<Standing>,
  drafts: ReadonlyArray<Draft>,
  newId: () => IncidentId,
): ReadonlyArray<Draft> => {
  const all = [...drafts]
  const byKey = new Map<string, Array<Draft>>()
  for (const draft of drafts) {
    if (draft.resolvedByHandAt === null) byKey.set(draft.key, [...(byKey.get(draft.key) ?? []), draft])
  }
  for (const { part, standing } of newParts(now, standings)) {
    const { monitor } = standing
    const keys = keysOf(monitor)
    const tellAt = now + holdMs(monitors, monitor)
    const known = keys.map((key) => nearest(byKey.get(key) ?? [], part.startedAt)).find((draft) => draft !== null)
    const draft =
      known ?? newDraft({ id: newId(), key: keys[0] ?? `monitor:${monitor.id}`, startedAt: part.startedAt, tellAt })
    if (known === undefined) {
      all.push(draft)
      byKey.set(draft.key, [...(byKey.get(draft.key) ?? []), draft])
    }
    join(draft, part, tellAt)
  }
  return all
}

/** What folds a monitor into an incident, nearest first. */
const keysOf = ({ alerts, group, host }: JudgedMonitor): ReadonlyArray<string> => {
  if (!alerts.fold) return []
  return [...(group === null ? [] : [`group:${group}`]), ...(host === null ? [] : [`host:${host}`])]
}

/** The newest incident that began within 10 minutes of an instant. */
const nearest = (drafts: ReadonlyArray<Draft>, startedAt: number): Draft | null =>
  drafts
    .filter((draft) => Math.abs(startedAt - draft.startedAt) <= togetherMs)
    .reduce<Draft | null>(
      (best, draft) =>
        best === null || draft.startedAt > best.startedAt || (draft.startedAt === best.startedAt && draft.id < best.id)
          ? draft
          : best,
      null,
    )

/** The parts of those that began to fail, in the order in which they did. */
const newParts = (now: number, standings: Iterable<Standing>) => {
  const parts: Array<{ readonly part: IncidentPart; readonly standing: Standing }> = []
  for (const standing of standings) {
    const { cover, monitor, trouble } = standing
    if (cover !== null || trouble.startedAt === null || trouble.severity === null) continue
    const { severity, startedAt } = trouble
    const isOpen = trouble.isFailing || trouble.flapping.since !== null
    const endedAt = isOpen ? null : Math.max(startedAt, trouble.endedAt ?? now)
    parts.push({
      standing,
      part: { monitorId: monitor.id, startedAt, endedAt, role: "failing", severity, newsAt: now },
    })
  }
  return parts.sort(
    (one, other) => one.part.startedAt - other.part.startedAt || (one.part.monitorId < other.part.monitorId ? -1 : 1),
  )
}

/** Adds a part to an incident; one that ended there goes on, from when it began. */
const join = (draft: Draft, part: IncidentPart, tellAt: number): void => {
  const before = draft.parts.get(part.monitorId)
  draft.parts.set(part.monitorId, {
    ...part,
    startedAt: Math.min(part.startedAt, before?.startedAt ?? part.startedAt),
    severity: worseOf(before?.severity ?? null, part.severity),
  })
  if (draft.before === null) draft.tellAt = Math.min(draft.tellAt, tellAt)
}
