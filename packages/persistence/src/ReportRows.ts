import type { ReportBy, ReportRow } from "@uptime/domain/Report"
import { uptimePercent } from "@uptime/domain/Uptime"
import type { MonitorSums } from "./UptimeReads.ts"

/** The most rows of a report. */
const maxRows = 1_000

/** Puts monitors together by what a report is given per; the least uptime first, what is not known last. */
export const reportRows = (sums: ReadonlyArray<MonitorSums>, by: ReportBy): ReadonlyArray<ReportRow> => {
  const parts = new Map<string, [MonitorSums, ...Array<MonitorSums>]>()
  for (const monitor of sums) {
    for (const key of keysOf(monitor, by)) {
      const part = parts.get(key)
      if (part === undefined) parts.set(key, [monitor])
      else part.push(monitor)
    }
  }
  return [...parts]
    .map(([key, monitors]) => rowOf(key, monitors, by))
    .sort((a, b) => (a.uptime ?? 101) - (b.uptime ?? 101) || (a.key < b.key ? -1 : 1))
    .slice(0, maxRows)
}

const keysOf = (monitor: MonitorSums, by: ReportBy): ReadonlyArray<string> => {
  if (by === "monitor") return [monitor.id]
  if (by === "tag") return monitor.tags
  return monitor.group_name === null ? [] : [monitor.group_name]
}

const rowOf = (key: string, monitors: readonly [MonitorSums, ...Array<MonitorSums>], by: ReportBy): ReportRow => {
  const sum = (of: (monitor: MonitorSums) => number) => monitors.reduce((total, monitor) => total + of(monitor), 0)
  const upMs = sum(({ up_ms }) => up_ms)
  const downMs = sum(({ down_ms }) => down_ms)
  const mean = (total: number, count: number) => (count === 0 ? null : Math.round(total / count))
  return {
    key: by === "monitor" ? monitors[0].name : key,
    monitorId: by === "monitor" ? monitors[0].id : null,
    monitorCount: monitors.length,
    uptime: uptimePercent({ upMs, downMs }),
    upMs,
    downMs,
    outages: sum(({ outages }) => outages),
    meanTimeToDetectMs: mean(
      sum(({ detect_ms }) => detect_ms),
      sum(({ detected }) => detected),
    ),
    meanTimeToRecoverMs: mean(
      sum(({ recover_ms }) => recover_ms),
      sum(({ recovered }) => recovered),
    ),
  }
}
