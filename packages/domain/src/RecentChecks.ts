import { Schema } from "effect"
import type { CheckStatus } from "./CheckStatus.ts"
import { MonitorId } from "./Ids.ts"
import { MonitorStatus, overallStatus } from "./MonitorStatus.ts"
import { UptimePercent } from "./MonitorSummary.ts"
import { Milliseconds, toMicroseconds } from "./Result.ts"

/** The most slots of a monitor that its recent checks show. */
export const maxRecentSlots = 40

/**
 * What the checks of one slot found, over all regions: `status` as that of the monitor as a whole is made of its regions,
 * `responseTimeMs` the mean of the regions that were answered, null without any.
 */
export const SlotCheck = Schema.Struct({
  at: Schema.DateTimeUtc,
  status: MonitorStatus,
  responseTimeMs: Schema.NullOr(Milliseconds),
}).annotations({ identifier: "SlotCheck" })
export type SlotCheck = typeof SlotCheck.Type

/** The newest checks of a monitor, at most 40 slots, oldest first, and its uptime. */
export const RecentChecks = Schema.Struct({
  monitorId: MonitorId,
  checks: Schema.Array(SlotCheck),
  uptime24h: UptimePercent,
  uptime30d: UptimePercent,
}).annotations({ identifier: "RecentChecks" })
export type RecentChecks = typeof RecentChecks.Type

/** What one region found at a slot; `slot` in milliseconds since the epoch. */
export interface SlotResult {
  readonly slot: number
  readonly status: CheckStatus
  readonly responseTimeMs: number | null
}

/**
 * The newest `maxRecentSlots` slots, oldest first, each with its overall status and mean response time.
 *
 * @param results in any order; of each slot all or none
 * @param minRegions how many regions must know anything
 */
export const recentSlots = (
  results: ReadonlyArray<SlotResult>,
  minRegions: number,
): ReadonlyArray<{ readonly at: number; readonly status: MonitorStatus; readonly responseTimeMs: number | null }> => {
  const slots = new Map<number, Array<SlotResult>>()
  for (const result of results) {
    const slot = slots.get(result.slot)
    if (slot === undefined) slots.set(result.slot, [result])
    else slot.push(result)
  }
  let previous: MonitorStatus = "Unknown"
  return [...slots]
    .sort(([a], [b]) => a - b)
    .slice(-maxRecentSlots)
    .map(([at, found]) => {
      previous = overallStatus(
        previous,
        found.map(({ status }) => status),
        minRegions,
      )
      return { at, status: previous, responseTimeMs: meanOf(found) }
    })
}

const meanOf = (found: ReadonlyArray<SlotResult>): number | null => {
  const times = found.flatMap(({ responseTimeMs }) => (responseTimeMs === null ? [] : [responseTimeMs]))
  return times.length === 0 ? null : toMicroseconds(times.reduce((sum, ms) => sum + ms, 0) / times.length)
}
