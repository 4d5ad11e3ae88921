import type { MessageMonitor, OutboxMessage } from "@uptime/persistence/OutboxReads"
import type { Alert, AlertChange, AlertEnding, AlertMonitor, AlertSeverity } from "./Alert.ts"

/** Where the installation is, and so what messages link to. */
export interface Installation {
  /** The address that people reach it at, without a slash at its end; null where it is not known. */
  readonly publicUrl: string | null
}

/** The message to people that a row of the outbox stands for, by what is so when it is sent. */
export const alertOf = (message: OutboxMessage, { publicUrl }: Installation): Alert => {
  const { at, change, channelId, incident, incidentId, note } = message
  const kind = change.split(":")[0] ?? change
  // What is told late of an incident that is over by now says what was; that it is over is a message of its own.
  const isOver = kind === "resolved" || kind === "note"
  return {
    incidentId,
    incidentUrl: publicUrl === null ? null : `${publicUrl}/incidents/${incidentId}`,
    change: changeOf(kind, incident.severity),
    idempotencyKey: `${incidentId}:${change}:${channelId}`,
    severity: severityOf(incident.severity),
    title: incident.title,
    at,
    startedAt: incident.startedAt,
    acknowledgedBy: incident.acknowledgedBy,
    resolvedAt: isOver ? incident.resolvedAt : null,
    ending: isOver ? endingOf(incident) : null,
    monitors: incident.monitors.map(monitorOf),
    monitorCount: incident.monitorCount,
    note,
    sentBy: publicUrl ?? "Uptime",
  }
}

const endingOf = ({ resolution, resolvedBy }: OutboxMessage["incident"]): AlertEnding | null =>
  resolvedBy === null && resolution === null ? null : { resolvedBy, reason: resolution }

const changes: Readonly<Record<string, AlertChange>> = {
  opened: "opened",
  acknowledged: "acknowledged",
  updated: "updated",
  note: "updated",
  flapping: "flapping",
  settled: "settled",
  reminder: "reminder",
  escalation: "escalated",
  resolved: "resolved",
}

const changeOf = (kind: string, severity: OutboxMessage["incident"]["severity"]): AlertChange =>
  kind === "opened" && severity === "Partial" ? "partial" : (changes[kind] ?? "updated")

const severityOf = (severity: OutboxMessage["incident"]["severity"]): AlertSeverity =>
  severity === "Unknown" ? "Info" : severity

const monitorOf = (monitor: MessageMonitor): AlertMonitor => ({
  id: monitor.monitorId,
  name: monitor.name,
  url: monitor.url,
  kind: monitor.kind,
  tags: monitor.tags,
  since: monitor.startedAt,
  reason: reasonOf(monitor),
  locations: monitor.locations.map(({ error, location, status }) => ({ location, status, message: error })),
})

const reasonOf = ({ seen }: MessageMonitor): string | null => {
  if (seen === null) return null
  return seen.error?.message ?? (seen.httpStatus === null ? null : `status ${seen.httpStatus}`)
}
