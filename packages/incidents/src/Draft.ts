import type { IncidentId, MonitorId } from "@uptime/domain/Ids"
import type { Decision } from "./Decision.ts"
import type { Severity } from "./Severity.ts"
import type { IncidentPart, OpenIncident, Told } from "./World.ts"

/** Why a monitor's part ended, other than by being well; `Unreachable` names what explains it. */
export type Reason =
  | { readonly _tag: "Paused" }
  | { readonly _tag: "Deleted" }
  | { readonly _tag: "Maintenance" }
  | { readonly _tag: "Unreachable"; readonly cause: MonitorId }

/** An incident while it is judged, which only the judge sees: what it was, and what becomes of it. */
export interface Draft {
  /** As it was shown; null where it is opened now. */
  readonly before: OpenIncident | null
  readonly id: IncidentId
  readonly key: string
  readonly startedAt: number
  tellAt: number
  readonly acknowledgedAt: number | null
  readonly resolvedByHandAt: number | null
  readonly parts: Map<MonitorId, IncidentPart>
  readonly reasons: Map<MonitorId, Reason>
  readonly told: Array<Told>
  /** Messages decided on and withdrawn, in that order. */
  readonly messages: Array<Extract<Decision, { readonly _tag: "Tell" | "Untell" }>>
}

/** What becomes of an incident. */
export type Outcome =
  | { readonly _tag: "Open"; readonly lookAgainAt: number | null }
  | { readonly _tag: "Resolved"; readonly at: number; readonly note: string | null }
  | { readonly _tag: "Discarded" }

/** The draft of an open incident. */
export const draftOf = (incident: OpenIncident): Draft => ({
  before: incident,
  id: incident.id,
  key: incident.key,
  startedAt: incident.startedAt,
  tellAt: incident.tellAt,
  acknowledgedAt: incident.acknowledgedAt,
  resolvedByHandAt: incident.resolvedByHandAt,
  parts: new Map(incident.parts.map((part) => [part.monitorId, part])),
  reasons: new Map(),
  told: [...incident.told],
  messages: [],
})

/** The draft of a new incident. */
export const newDraft = (fields: Pick<Draft, "id" | "key" | "startedAt" | "tellAt">): Draft => ({
  ...fields,
  before: null,
  acknowledgedAt: null,
  resolvedByHandAt: null,
  parts: new Map(),
  reasons: new Map(),
  told: [],
  messages: [],
})

/** The parts of an incident that count and have not ended. */
export const failingParts = ({ parts }: Draft): ReadonlyArray<IncidentPart> =>
  [...parts.values()].filter(({ endedAt, role }) => role === "failing" && endedAt === null)

/** Ends a part, not before it began. */
export const endPart = (draft: Draft, part: IncidentPart, at: number, reason: Reason | null): void => {
  draft.parts.set(part.monitorId, { ...part, endedAt: Math.max(at, part.startedAt) })
  if (reason !== null) draft.reasons.set(part.monitorId, reason)
}

/** What the store has to write so that an incident is what its draft has become. */
export const decisionsOf = (
  draft: Draft,
  { severity, title }: { readonly severity: Severity; readonly title: string },
  outcome: Outcome,
): ReadonlyArray<Decision> => {
  const { before, id: incidentId } = draft
  if (outcome._tag === "Discarded") return before === null ? [] : [{ _tag: "Discard", incidentId }]
  const decisions: Array<Decision> = []
  if (before === null) {
    const { id, key, startedAt, tellAt } = draft
    const incident = { id, key, title, severity, startedAt, tellAt }
    decisions.push({ _tag: "Open", incident, parts: [...draft.parts.values()] })
  } else {
    decisions.push(...partDecisions(draft, before))
    if (severity !== before.severity || title !== before.title) {
      decisions.push({ _tag: "Rename", incidentId, severity, title })
    }
  }
  if (outcome._tag === "Resolved") {
    decisions.push({ _tag: "Resolve", incidentId, at: outcome.at, note: outcome.note }, ...draft.messages)
    return decisions
  }
  decisions.push(...draft.messages)
  if (outcome.lookAgainAt !== (before?.lookAgainAt ?? null)) {
    decisions.push({ _tag: "LookAgain", incidentId, at: outcome.lookAgainAt })
  }
  return decisions
}

const partDecisions = (draft: Draft, before: OpenIncident): ReadonlyArray<Decision> => {
  const known = new Map(before.parts.map((part) => [part.monitorId, part]))
  const changed = [...draft.parts.values()]
    .filter((part) => !isSamePart(part, known.get(part.monitorId)))
    .map((part): Decision => ({ _tag: "Part", incidentId: draft.id, part }))
  const left = before.parts
    .filter(({ monitorId }) => !draft.parts.has(monitorId))
    .map(({ monitorId }): Decision => ({ _tag: "Leave", incidentId: draft.id, monitorId }))
  return [...changed, ...left]
}

const isSamePart = (part: IncidentPart, other: IncidentPart | undefined): boolean =>
  other !== undefined &&
  part.startedAt === other.startedAt &&
  part.endedAt === other.endedAt &&
  part.role === other.role &&
  part.severity === other.severity &&
  part.newsAt === other.newsAt
