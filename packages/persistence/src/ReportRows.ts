import type { MonitorId } from "@uptime/domain/Ids"
import type { ReportBy, ReportRow } from "@uptime/domain/Report"
import { uptimePercent } from "@uptime/domain/Uptime"
import type { MonitorSums } from "./UptimeReads.ts"

/** The place of a row in a report; `monitorId` is null in one per group or tag. */
export type ReportPlace = Pick<ReportRow, "uptime" | "key" | "monitorId">

/**
 * Puts monitors together by what a report is given per: the least uptime first, what is not known last.
 *
 * @param limit how many rows at most
 * @param after the row that they come after; null for the first ones
 */
export const reportRows = (
  sums: ReadonlyArray<MonitorSums>,
  by: ReportBy,
  limit: number,
  after: ReportPlace | null,
): ReadonlyArray<ReportRow> => {
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
    .filter((row) => after === null || inOrder(row, after) > 0)
    .sort(inOrder)
    .slice(0, limit)
}

const inOrder = (a: ReportPlace, b: ReportPlace): number =>
  (a.uptime ?? 101) - (b.uptime ?? 101) || textOrder(a.key, b.key) || textOrder(a.monitorId ?? "", b.monitorId ?? "")

const textOrder = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

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
  const monitorId: MonitorId | null = by === "monitor" ? monitors[0].id : null
  return {
    key: monitorId === null ? key : monitors[0].name,
    monitorId,
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

/** The first instant (milliseconds since the epoch) of which anything is known of these monitors; null without any. */
export const knownFrom = (sums: ReadonlyArray<MonitorSums>): number | null =>
  sums.reduce<number | null>(
    (first, { known_from }) =>
      known_from === null ? first : first === null ? known_from : Math.min(first, known_from),
    null,
  )
