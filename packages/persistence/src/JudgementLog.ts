import type { IncidentId, MonitorId } from "@uptime/domain/Ids"
import type { IncidentUpdate } from "@uptime/domain/Incident"
import type { Severity } from "@uptime/incidents/Severity"
import type { IncidentPart, World } from "@uptime/incidents/World"
import type { DecisionsByTag } from "./DecisionsByTag.ts"
import type { Seen } from "./Seen.ts"

/** An entry of an incident's timeline that a judgement makes. */
export interface LogEntry {
  readonly incidentId: IncidentId
  readonly kind: Extract<IncidentUpdate["kind"], "opened" | "grown" | "flapping" | "resolved">
  readonly body: string
}

/** The most names that one entry lists. */
const maxNames = 10

/**
 * What a judgement adds to the timelines of incidents, as sentences for their owner.
 *
 * @param seenBy what was seen when a part began
 */
export const logOf = (
  world: World,
  decisions: DecisionsByTag,
  seenBy: (part: IncidentPart) => Seen | null,
): ReadonlyArray<LogEntry> => {
  const before = new Map(world.incidents.map((incident) => [incident.id, incident]))
  const nameOf = (id: MonitorId) => world.monitors.get(id)?.name ?? "a monitor"
  const opened = decisions.Open.map(({ incident, parts }): LogEntry => {
    const [only] = parts.filter(({ role }) => role === "failing")
    const seen = only === undefined || parts.length > 1 ? null : seenBy(only)
    const why = seen === null ? "" : `: ${reasonOf(seen)}`
    return { incidentId: incident.id, kind: "opened", body: `${incident.title}${why}` }
  })
  const news = new Map<IncidentId, Array<News>>()
  for (const { incidentId, part } of decisions.Part) {
    const known = before.get(incidentId)?.parts.find(({ monitorId }) => monitorId === part.monitorId)
    const what = newsOf(known, part)
    if (what === null) continue
    const parts = news.get(incidentId)
    if (parts === undefined) news.set(incidentId, [{ part, what }])
    else parts.push({ part, what })
  }
  const grown = [...news].map(
    ([incidentId, parts]): LogEntry => ({ incidentId, kind: "grown", body: grownText(parts, nameOf) }),
  )
  const resolved = decisions.Resolve.flatMap(({ incidentId, note }): ReadonlyArray<LogEntry> => {
    // Whoever resolved it by hand has said so.
    if ((before.get(incidentId)?.resolvedByHandAt ?? null) !== null) return []
    return [{ incidentId, kind: "resolved", body: note === null ? "well again" : `resolved: ${note}` }]
  })
  return [...opened, ...grown, ...flappingEntries(world, decisions, nameOf), ...resolved]
}

/** What was seen, in a sentence: the reason, and from where. */
export const reasonOf = ({ error, httpStatus, region, status }: Seen): string =>
  `${error?.message ?? (httpStatus === null ? status : `status ${httpStatus}`)} (${region})`

/** What is new about a part of an incident that was open before. */
interface News {
  readonly part: IncidentPart
  readonly what: "joined" | "unreachable" | "worse"
}

const newsOf = (known: IncidentPart | undefined, part: IncidentPart): News["what"] | null => {
  if (known === undefined || (known.endedAt !== null && part.endedAt === null) || known.role !== part.role) {
    return part.role === "unreachable" ? "unreachable" : "joined"
  }
  return known.severity !== part.severity && part.endedAt === null ? "worse" : null
}

const words: Readonly<Record<Severity, string>> = {
  Down: "down",
  Partial: "down in some regions",
  Degraded: "degraded",
  Unknown: "without results",
}

const grownText = (news: ReadonlyArray<News>, nameOf: (id: MonitorId) => string): string => {
  const having = (what: News["what"]) => news.filter((one) => one.what === what).map(({ part }) => part)
  const names = (parts: ReadonlyArray<IncidentPart>) => listOf(parts.map(({ monitorId }) => nameOf(monitorId)))
  const joined = having("joined")
  const unreachable = having("unreachable")
  const worse = having("worse").map(({ monitorId, severity }) => `${nameOf(monitorId)} is ${words[severity]}`)
  return [
    ...(joined.length === 0 ? [] : [`failing too: ${names(joined)}`]),
    ...(unreachable.length === 0 ? [] : [`unreachable behind it: ${names(unreachable)}`]),
    ...(worse.length === 0 ? [] : [`worse: ${listOf(worse)}`]),
  ].join("; ")
}

const listOf = (names: ReadonlyArray<string>): string => {
  const shown = names.slice(0, maxNames).join(", ")
  return names.length > maxNames ? `${shown} and ${names.length - maxNames} more` : shown
}

/** Monitors that began to flap, and that settled, in the open incidents that they fail in. */
const flappingEntries = (
  world: World,
  decisions: DecisionsByTag,
  nameOf: (id: MonitorId) => string,
): ReadonlyArray<LogEntry> => {
  const homes = new Map<MonitorId, IncidentId>()
  for (const { id, parts } of world.incidents) {
    for (const { endedAt, monitorId } of parts) if (endedAt === null) homes.set(monitorId, id)
  }
  for (const { incident, parts } of decisions.Open) {
    for (const { monitorId } of parts) homes.set(monitorId, incident.id)
  }
  for (const { incidentId, part } of decisions.Part) if (part.endedAt === null) homes.set(part.monitorId, incidentId)
  return decisions.Flap.flatMap(({ flapping, monitorId }): ReadonlyArray<LogEntry> => {
    const incidentId = homes.get(monitorId)
    const wasFlapping = (world.monitors.get(monitorId)?.flapping.since ?? null) !== null
    const isFlapping = flapping.since !== null
    if (incidentId === undefined || wasFlapping === isFlapping) return []
    const what = isFlapping ? "keeps changing between well and not" : "has settled"
    return [{ incidentId, kind: "flapping", body: `${nameOf(monitorId)} ${what}` }]
  })
}
