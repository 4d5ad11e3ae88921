import type { IncidentId } from "@uptime/domain/Ids"
import type { Decision } from "@uptime/incidents/Decision"
import type { IncidentPart, JudgedMonitor, OpenIncident, World } from "@uptime/incidents/World"

/** The world once a store has written what was decided of it, in that order. */
export const applyDecisions = (world: World, decisions: ReadonlyArray<Decision>): World => {
  const incidents = new Map(world.incidents.map((incident) => [incident.id, incident]))
  const monitors = new Map(world.monitors)
  for (const decision of decisions) {
    switch (decision._tag) {
      case "Open":
        incidents.set(decision.incident.id, {
          ...decision.incident,
          isTitledByHand: false,
          acknowledgedAt: null,
          resolvedByHandAt: null,
          parts: decision.parts,
          lookAgainAt: null,
          told: [],
        })
        break
      case "Overlay":
      case "Flap": {
        const monitor = monitors.get(decision.monitorId)
        if (monitor !== undefined) monitors.set(monitor.id, movedMonitor(monitor, decision))
        break
      }
      default: {
        const incident = incidents.get(decision.incidentId)
        const moved = incident === undefined ? null : movedIncident(incident, decision)
        if (moved === null) incidents.delete(decision.incidentId)
        else incidents.set(moved.id, moved)
      }
    }
  }
  return { ...world, monitors, incidents: [...incidents.values()] }
}

type OfMonitor = Extract<Decision, { readonly _tag: "Overlay" | "Flap" }>
type OfIncident = Extract<Decision, { readonly incidentId: IncidentId }>

const movedMonitor = (monitor: JudgedMonitor, decision: OfMonitor): JudgedMonitor => {
  if (decision._tag === "Flap") return { ...monitor, flapping: decision.flapping }
  const { at, overlay } = decision
  return overlay === null ? { ...monitor, overlay, status: "Unknown", since: at } : { ...monitor, overlay }
}

const movedIncident = (incident: OpenIncident, decision: OfIncident): OpenIncident | null => {
  switch (decision._tag) {
    case "Part":
      return { ...incident, parts: withPart(incident.parts, decision.part) }
    case "Leave":
      return { ...incident, parts: incident.parts.filter(({ monitorId }) => monitorId !== decision.monitorId) }
    case "Rename":
      return { ...incident, severity: decision.severity, title: decision.title }
    case "Resolve":
    case "Discard":
      return null
    case "Tell": {
      const { change, channelId, dueAt } = decision
      const isThere = incident.told.some((told) => told.change === change && told.channelId === channelId)
      if (isThere) return incident
      return { ...incident, told: [...incident.told, { change, channelId, dueAt, state: "pending" }] }
    }
    case "Untell": {
      const { change, channelId } = decision
      return { ...incident, told: incident.told.filter((t) => t.change !== change || t.channelId !== channelId) }
    }
    case "LookAgain":
      return { ...incident, lookAgainAt: decision.at }
  }
}

const withPart = (parts: ReadonlyArray<IncidentPart>, part: IncidentPart): ReadonlyArray<IncidentPart> => [
  ...parts.filter(({ monitorId }) => monitorId !== part.monitorId),
  part,
]
