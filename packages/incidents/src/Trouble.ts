import type { MonitorStatus } from "@uptime/domain/MonitorStatus"
import type { Reason } from "./Draft.ts"
import { calm, withChange, withTime } from "./Flapping.ts"
import { isWorse, type Severity, severities, worseOf } from "./Severity.ts"
import type { Flapping, IncidentPart, JudgedMonitor, StatusChange } from "./World.ts"

/** What changes mean for one monitor, by its own rules alone. */
export interface Trouble {
  /** Whether it has what its `alerts.on` names, or was last known to have it. */
  readonly isFailing: boolean
  /** When it began to fail, where these changes say so and it had no part in an incident; null otherwise. */
  readonly startedAt: number | null
  /** When it was last well again or turned off; null while it fails and where it never did. */
  readonly endedAt: number | null
  /** Why it ended, other than by being well. */
  readonly reason: Reason | null
  /** The worst that these changes made it; null for nothing new. */
  readonly severity: Severity | null
  readonly flapping: Flapping
}

/**
 * Folds the changes of one monitor, in their order.
 *
 * It begins to fail with a change to a status that its `alerts.on` names, from one that it does not or that is less bad:
 * an incident that was resolved by hand does not open again for less. `Unknown` ends nothing, unless its rules name it. Any
 * other status, a pause, and beginning anew do. Where the changes that led to its status are not shown yet, the status
 * counts.
 *
 * @param part its open part in an incident, where it has one
 */
export const troubleOf = (
  monitor: JudgedMonitor,
  part: IncidentPart | null,
  changes: ReadonlyArray<StatusChange>,
  now: number,
): Trouble => {
  const { on } = monitor.alerts
  let isFailing = part !== null
  let startedAt: number | null = null
  let endedAt: number | null = null
  let reason: Reason | null = null
  let severity: Severity | null = null
  let flapping = monitor.flapping
  for (const { at, from, to } of changes) {
    if (to === "Paused" || beginsAnew(from)) {
      if (isFailing) {
        endedAt = at
        reason = from === "Maintenance" ? { _tag: "Maintenance" } : { _tag: "Paused" }
      }
      isFailing = false
      startedAt = null
      severity = null
      flapping = calm
    }
    if (to === "Paused" || (to === "Unknown" && beginsAnew(from))) continue
    const was = named(on, from)
    const is = named(on, to)
    const wasBad = was !== null || (isFailing && (from === null || from === "Unknown"))
    if (is !== null) {
      if (!isFailing && was !== null && !isWorse(is, was)) continue
      if (!wasBad) flapping = withChange(flapping, at, now)
      if (!isFailing && part === null) startedAt ??= at
      isFailing = true
      severity = worseOf(severity, is)
    } else if (to !== "Unknown") {
      if (wasBad) flapping = withChange(flapping, at, now)
      if (isFailing) {
        endedAt = at
        reason = null
      }
      isFailing = false
    }
  }
  if (isFailing && isWell(monitor, severity ?? part?.severity ?? null)) {
    isFailing = false
    endedAt = monitor.since
    reason = null
  }
  return {
    isFailing,
    startedAt,
    endedAt: isFailing ? null : endedAt,
    reason: isFailing ? null : reason,
    severity,
    // While nothing is known of it, it does not settle.
    flapping: monitor.status === "Unknown" ? flapping : withTime(flapping, now),
  }
}

/** A status as what the rules of a monitor name, or null where they do not. */
const named = (on: JudgedMonitor["alerts"]["on"], status: StatusChange["from"]): Severity | null =>
  severities.find((severity) => severity === status && on.includes(severity)) ?? null

const beginsAnew = (from: StatusChange["from"]): boolean =>
  from === "Paused" || from === "Maintenance" || from === "Unreachable"

/** Whether a monitor has nothing of what it was seen to have, nor anything else that its rules name. */
const isWell = ({ alerts, status }: JudgedMonitor, seen: Severity | null): boolean =>
  status !== "Unknown" && status !== seen && named(alerts.on, status) === null

/** How bad a monitor with a part in an incident is now: while nothing is known, or it flaps, as bad as it was. */
export const severityNow = (part: IncidentPart, status: MonitorStatus | undefined): Severity =>
  status === undefined || status === "Up" || status === "Unknown" ? part.severity : status
