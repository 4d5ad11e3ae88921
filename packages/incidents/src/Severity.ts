import type { MonitorStatus } from "@uptime/domain/MonitorStatus"

/** How bad an incident, or a monitor's part in one, is: any status but `Up`. */
export type Severity = Exclude<MonitorStatus, "Up">

/** Every severity, worst first. */
export const severities = ["Down", "Partial", "Degraded", "Unknown"] as const satisfies ReadonlyArray<Severity>

const rank = (severity: Severity): number => severities.indexOf(severity)

/** Whether one severity is worse than another. */
export const isWorse = (severity: Severity, than: Severity): boolean => rank(severity) < rank(than)

/** The worse of two, where null is nothing at all. */
export const worseOf = (one: Severity | null, other: Severity): Severity =>
  one === null || isWorse(other, one) ? other : one
