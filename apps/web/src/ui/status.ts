import type { MonitorSummary } from "../api/types.ts"

/** What a monitor is shown as: its status, or what lies over it. */
export type ShownStatus = MonitorSummary["status"] | "Paused" | "Waiting" | "Maintenance" | "Unreachable"

/** The word for each of them. */
export const statusWords: Readonly<Record<ShownStatus, string>> = {
  Up: "Up",
  Degraded: "Degraded",
  Partial: "Partly down",
  Down: "Down",
  Unknown: "Unknown",
  Paused: "Paused",
  Waiting: "Waiting",
  Maintenance: "Maintenance",
  Unreachable: "Unreachable",
}

/** Worst first: the order in which they are of interest. */
export const statusOrder: ReadonlyArray<ShownStatus> = [
  "Down",
  "Partial",
  "Degraded",
  "Unreachable",
  "Unknown",
  "Waiting",
  "Maintenance",
  "Up",
  "Paused",
]

/** What a monitor is shown as: one that is paused says so, and one that was never checked waits. */
export const shownStatus = (monitor: Pick<MonitorSummary, "status" | "enabled" | "overlay" | "since">): ShownStatus => {
  if (!monitor.enabled) return "Paused"
  if (monitor.overlay !== null) return monitor.overlay
  return monitor.status === "Unknown" && monitor.since === null ? "Waiting" : monitor.status
}
