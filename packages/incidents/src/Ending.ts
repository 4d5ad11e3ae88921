import type { MonitorId } from "@uptime/domain/Ids"
import { type Draft, endPart, failingParts, type Outcome, type Reason } from "./Draft.ts"
import { countOf } from "./Title.ts"
import type { IncidentPart, World } from "./World.ts"

/** How an incident is over; null while any of its monitors fails. */
export const endingOf = (world: World, draft: Draft): Exclude<Outcome, { readonly _tag: "Open" }> | null => {
  if (draft.resolvedByHandAt !== null) return { _tag: "Resolved", at: draft.resolvedByHandAt, note: null }
  if (failingParts(draft).length > 0) return null
  const counted = [...draft.parts.values()].filter(({ role }) => role === "failing")
  if (counted.length === 0 && draft.told.length === 0) return { _tag: "Discarded" }
  const at = counted.reduce((latest, { endedAt }) => Math.max(latest, endedAt ?? latest), draft.startedAt)
  return { _tag: "Resolved", at, note: noteOf(world, draft, counted, at) }
}

/** Ends what is left of an incident that is over: what lay behind its monitors. */
export const endLeftovers = (draft: Draft, at: number): void => {
  for (const part of [...draft.parts.values()]) {
    if (part.endedAt === null) endPart(draft, part, at, null)
  }
}

/** Why an incident is over where it is not because its monitors are well, or null. */
const noteOf = (world: World, draft: Draft, counted: ReadonlyArray<IncidentPart>, at: number): string | null => {
  const reasons = new Map(draft.reasons)
  // The parts of a monitor that was deleted ended with it.
  for (const { endedAt, monitorId } of counted) {
    if (endedAt === at && !world.monitors.has(monitorId)) reasons.set(monitorId, { _tag: "Deleted" })
  }
  const having = (tag: Reason["_tag"]) => [...reasons].filter(([, reason]) => reason._tag === tag).map(([id]) => id)
  const causes = new Set(
    [...reasons.values()].flatMap((reason) => (reason._tag === "Unreachable" ? [reason.cause] : [])),
  )
  const notes = [
    sentence(world, [...causes], "is down", "are down"),
    sentence(world, having("Maintenance"), "is under maintenance", "are under maintenance"),
    sentence(world, having("Paused"), "was paused", "were paused"),
    sentence(world, having("Deleted"), "was deleted", "were deleted"),
  ].filter((note) => note !== null)
  return notes.length === 0 ? null : notes.join("; ")
}

const sentence = (world: World, ids: ReadonlyArray<MonitorId>, one: string, many: string): string | null => {
  const [id] = ids
  if (id === undefined) return null
  return ids.length > 1 ? `${countOf(ids.length)} ${many}` : `${world.monitors.get(id)?.name ?? "a monitor"} ${one}`
}
