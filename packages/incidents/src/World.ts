import type { AlertRules } from "@uptime/domain/AlertRules"
import type { Confirmation } from "@uptime/domain/Confirmation"
import type { ChannelId, EscalationId, IncidentId, MonitorId } from "@uptime/domain/Ids"
import type { MonitorStatus } from "@uptime/domain/MonitorStatus"
import type { Overlay } from "@uptime/domain/Overlay"
import type { QuietHours } from "./QuietHours.ts"
import type { Severity } from "./Severity.ts"

/**
 * What the judge is shown of one owner: all that its decisions depend on. Plain and immutable. Instants are milliseconds
 * since the epoch, on the database's clock.
 */
export interface World {
  readonly now: number
  /**
   * The monitors that changed or are to be looked at, and those of the open incidents; all below these by `parents`, at any depth; and all above
   * any of them. One that was deleted is missing.
   */
  readonly monitors: ReadonlyMap<MonitorId, JudgedMonitor>
  readonly incidents: ReadonlyArray<OpenIncident>
  readonly escalations: ReadonlyMap<EscalationId, Escalation>
  readonly channels: ReadonlyMap<ChannelId, JudgedChannel>
}

/** A monitor as it is at `now`, also where the changes that led there are not all shown yet. */
export interface JudgedMonitor {
  readonly id: MonitorId
  readonly name: string
  /** The host of its URL, which what fails for a common cause shares; null for a heartbeat. */
  readonly host: string | null
  readonly group: string | null
  readonly parents: ReadonlyArray<MonitorId>
  readonly enabled: boolean
  /** How a failure of it is confirmed by its checks, at the latest by its own interval; null for a heartbeat, which is not checked. */
  readonly pace: (Pick<Confirmation, "failures" | "retrySeconds"> & { readonly timeoutMs: number }) | null
  readonly alerts: AlertRules
  /** What its results say, whatever lies over it. */
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

/** A change of a monitor's status. Those of one monitor are in the order of their ids. */
export interface StatusChange {
  readonly id: number
  readonly monitorId: MonitorId
  /** What it was said to be. `Paused` or an overlay: that is over, and the monitor begins anew. */
  readonly from: MonitorStatus | Overlay | "Paused" | null
  readonly to: MonitorStatus | "Paused"
  /** When it began: the first result of the confirmed row. */
  readonly at: number
}

/** A monitor's part in an incident. */
export interface IncidentPart {
  readonly monitorId: MonitorId
  readonly startedAt: number
  /** When it was well again, turned out unreachable, or was taken out of the count; null until then. */
  readonly endedAt: number | null
  /** `failing`: it counts; `unreachable`: it lies behind a monitor of this incident that is down. */
  readonly role: "failing" | "unreachable"
  /** The worst it was in this incident. */
  readonly severity: Severity
  /** When it was news: it joined, or became worse than it had been. A channel whose last message is older is told. */
  readonly newsAt: number
}

/** An incident that is not resolved, or was resolved by hand and is not yet told to be. */
export interface OpenIncident {
  readonly id: IncidentId
  /** What folds into it: `group:<name>`, `host:<host>`, or `monitor:<id>` for nothing but what lies behind it. */
  readonly key: string
  readonly title: string
  /** Whether a person gave it its title, which then stays. */
  readonly isTitledByHand: boolean
  /** The worst that any of its open parts is. */
  readonly severity: Severity
  readonly startedAt: number
  readonly acknowledgedAt: number | null
  /** When it was resolved by hand; null while it was not. */
  readonly resolvedByHandAt: number | null
  /** All of them, ended ones too; one per monitor. */
  readonly parts: ReadonlyArray<IncidentPart>
  /** When its first message is, or was, due. */
  readonly tellAt: number
  /** When the judge is to look at it again though nothing changes; null for never. */
  readonly lookAgainAt: number | null
  /** What was told. Of messages that are numbered, the newest of each kind and channel are enough, and all that wait. */
  readonly told: ReadonlyArray<Told>
}

/** A message that was decided on: a row of the outbox. */
export interface Told {
  /** See `Decision`'s `Tell`. */
  readonly change: string
  readonly channelId: ChannelId
  readonly dueAt: number
  /**
   * `leased`: a dispatcher is at it. `tried`: it is tried again, and may have arrived. `partly`: it arrived at some of those that
   * it is for, and is tried for the others.
   */
  readonly state: "pending" | "leased" | "tried" | "partly" | "sent" | "dead"
}

export interface Escalation {
  readonly id: EscalationId
  /** In the order of `afterMinutes`, which count from the first message. */
  readonly steps: ReadonlyArray<{ readonly afterMinutes: number; readonly channels: ReadonlyArray<ChannelId> }>
}

export interface JudgedChannel {
  readonly id: ChannelId
  readonly enabled: boolean
  readonly isDefault: boolean
  readonly quietHours: QuietHours | null
}
