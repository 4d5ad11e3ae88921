import type { IncidentId, MonitorId } from "@uptime/domain/Ids"
import { type Audience, audienceOf } from "./Audience.ts"
import type { Decision } from "./Decision.ts"
import { type Draft, decisionsOf, draftOf } from "./Draft.ts"
import { endingOf, endLeftovers } from "./Ending.ts"
import { fold } from "./Folding.ts"
import { tellOpen, tellOver } from "./Messages.ts"
import { moveBehindCauses, partsByMonitor, updateParts } from "./Parts.ts"
import { type Severity, worseOf } from "./Severity.ts"
import { type Standing, standingsOf } from "./Standing.ts"
import { closedTitle, openTitle } from "./Title.ts"
import { severityNow } from "./Trouble.ts"
import type { Flapping, StatusChange, World } from "./World.ts"

/**
 * What the changes of one owner's monitors mean, and what time alone brings: incidents opened, joined and resolved,
 * overlays, and messages. The rules are in `docs/incidents.md`.
 *
 * Pure, total and deterministic: the order in which changes of different monitors are shown does not matter, and judging
 * once more what it decided decides nothing.
 *
 * @param changes those not judged yet, at most 1,000
 * @param newId gives a new id at each call, at most once per monitor that changed
 */
export const judge = (
  world: World,
  changes: ReadonlyArray<StatusChange>,
  newId: () => IncidentId,
): ReadonlyArray<Decision> => {
  const open = world.incidents.map(draftOf)
  const parts = partsByMonitor(open.filter(({ resolvedByHandAt }) => resolvedByHandAt === null))
  const standings = standingsOf(world, parts, changes)
  for (const draft of open) updateParts(world, standings, draft)
  const drafts = fold(world, standings.values(), open, newId)
  moveBehindCauses(world, standings, drafts)
  const audience = audienceOf(world)
  return [
    ...drafts.flatMap((draft) => conclude(world, standings, audience, draft)),
    ...[...standings.values()].flatMap((standing) => monitorDecisions(standing, world.now)),
  ]
}

/** What becomes of one incident. */
const conclude = (
  world: World,
  standings: ReadonlyMap<MonitorId, Standing>,
  audience: Audience,
  draft: Draft,
): ReadonlyArray<Decision> => {
  const ending = endingOf(world, draft)
  const heldTitle = draft.before?.isTitledByHand === true ? draft.before.title : null
  if (ending !== null) {
    if (ending._tag === "Resolved") {
      endLeftovers(draft, ending.at)
      tellOver(world, audience, draft)
    }
    return decisionsOf(draft, { severity: worstEver(draft), title: heldTitle ?? closedTitle(world, draft) }, ending)
  }
  const lookAgainAt = tellOpen(world, standings, audience, draft)
  const title = heldTitle ?? openTitle(world, standings, draft)
  return decisionsOf(draft, { severity: worstNow(standings, draft), title }, { _tag: "Open", lookAgainAt })
}

/** The worst that any open part of an incident is. */
const worstNow = (standings: ReadonlyMap<MonitorId, Standing>, draft: Draft): Severity =>
  [...draft.parts.values()]
    .filter(({ endedAt, role }) => role === "failing" && endedAt === null)
    .map((part) => severityNow(part, standings.get(part.monitorId)?.monitor.status))
    .reduce<Severity | null>(worseOf, null) ?? "Unknown"

/** The worst that any part of an incident ever was. */
const worstEver = (draft: Draft): Severity =>
  [...draft.parts.values()]
    .filter(({ role }) => role === "failing")
    .map(({ severity }) => severity)
    .reduce<Severity | null>(worseOf, null) ?? "Unknown"

/** What becomes of one monitor. */
const monitorDecisions = ({ cover, monitor, trouble }: Standing, now: number): ReadonlyArray<Decision> => {
  const decisions: Array<Decision> = []
  const monitorId = monitor.id
  if (cover?._tag === "Unreachable" && monitor.overlay === null) {
    decisions.push({ _tag: "Overlay", monitorId, overlay: "Unreachable", at: monitor.since })
  } else if (cover?._tag !== "Unreachable" && monitor.overlay === "Unreachable") {
    decisions.push({ _tag: "Overlay", monitorId, overlay: null, at: now })
  }
  if (!isSame(trouble.flapping, monitor.flapping)) {
    decisions.push({ _tag: "Flap", monitorId, flapping: trouble.flapping })
  }
  return decisions
}

const isSame = (one: Flapping, other: Flapping): boolean =>
  one.since === other.since &&
  one.changes.length === other.changes.length &&
  one.changes.every((change, i) => change === other.changes[i])
