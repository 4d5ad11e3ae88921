import type { AlertRules } from "@uptime/domain/AlertRules"
import type { ChannelId, EscalationId, IncidentId, MonitorId } from "@uptime/domain/Ids"
import type { MonitorStatus } from "@uptime/domain/MonitorStatus"
import type { Overlay } from "@uptime/domain/Overlay"

/**
 * What the judge is shown of one owner: all that its decisions depend on. Plain and immutable. Instants are milliseconds
 * since the epoch, on the database's clock.
 */
export interface World {
  readonly now: number
  /** The monitors that changed, everything above and below them by `parents`, and those of the open incidents. */
  readonly monitors: ReadonlyMap<MonitorId, JudgedMonitor>
  readonly incidents: ReadonlyArray<OpenIncident>
  readonly escalations: ReadonlyMap<EscalationId, Escalation>
  readonly channels: ReadonlyMap<ChannelId, JudgedChannel>
}

export interface JudgedMonitor {
  readonly id: MonitorId
  readonly name: string
  /** The host of its URL, which what fails for a common cause shares; null for a heartbeat. */
  readonly host: string | null
  readonly group: string | null
  readonly parents: ReadonlyArray<MonitorId>
  readonly enabled: boolean
  readonly alerts: AlertRules
  readonly status: MonitorStatus
  readonly since: number
  readonly overlay: Overlay | null
  readonly flapping: Flapping
}

/** The memory of the flap detection. */
export interface Flapping {
  /** Instants of changes between well and not, oldest first: of the last 30 minutes, at most 20. */
  readonly changes: ReadonlyArray<number>
  /** Since when it is called flapping; null while it is not. */
  readonly since: number | null
}

/** What a status is to the judge; each is a message's title too. */
export interface StatusChange {
  readonly id: number
  readonly monitorId: MonitorId
  readonly from: MonitorStatus | "Paused" | null
  readonly to: MonitorStatus | "Paused"
  /** When it began: the first result of the confirmed row. */
  readonly at: number
}

/** A monitor's part in an incident. */
export interface IncidentPart {
  readonly monitorId: MonitorId
  readonly startedAt: number
  /** When it was well again, or turned out unreachable; null while it is neither. */
  readonly endedAt: number | null
  /** `failing`: it counts; `unreachable`: it lies behind a parent of this incident that is down. */
  readonly role: "failing" | "unreachable"
}

export interface OpenIncident {
  readonly id: IncidentId
  /** What folds into it: `monitor:<id>`, `parent:<id>`, `group:<name>` or `host:<host>`. */
  readonly key: string
  readonly severity: "Down" | "Partial" | "Degraded" | "Unknown"
  readonly startedAt: number
  readonly acknowledgedAt: number | null
  readonly parts: ReadonlyArray<IncidentPart>
  /** When its first message is, or was, due. */
  readonly tellAt: number
  /** What was told: changes with the channels they went to, and when they were due. */
  readonly told: ReadonlyArray<Told>
}

export interface Told {
  readonly change: string
  readonly channelId: ChannelId
  readonly dueAt: number
  readonly state: "pending" | "sent" | "dead"
}

export interface Escalation {
  readonly id: EscalationId
  /** In the order of `afterMinutes`. */
  readonly steps: ReadonlyArray<{ readonly afterMinutes: number; readonly channels: ReadonlyArray<ChannelId> }>
}

export interface JudgedChannel {
  readonly id: ChannelId
  readonly enabled: boolean
  readonly isDefault: boolean
  readonly quietHours: QuietHours | null
}

/** When a channel is left alone, by its own clock: `from` and `to` as `HH:MM`, over midnight where `to` is not later. */
export interface QuietHours {
  readonly from: string
  readonly to: string
  readonly timeZone: string
}
