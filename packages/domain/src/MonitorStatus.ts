import { Schema } from "effect"
import type { CheckStatus } from "./CheckStatus.ts"

/**
 * What a monitor as a whole is said to be. `Partial`: some regions see it down, and not most of them; it counts as up.
 * `Unknown`: too few regions know anything.
 */
export const MonitorStatus = Schema.Literal("Up", "Degraded", "Partial", "Down", "Unknown")
export type MonitorStatus = typeof MonitorStatus.Type

/**
 * The status of a monitor over its regions. Only regions that know (with fresh data, and not `Unknown`) have a say; fewer
 * of them than `minRegions` means `Unknown`. A strict majority down is `Down`; half of them keeps a monitor that was `Down`
 * where it was, and is `Partial` otherwise, as is a minority. With none down, a strict majority `Degraded` is `Degraded`,
 * and half keeps it so.
 *
 * @param previous the monitor's status until now
 * @param regions the confirmed status of each region
 */
export const overallStatus = (
  previous: MonitorStatus,
  regions: Iterable<CheckStatus>,
  minRegions = 1,
): MonitorStatus => {
  let known = 0
  let down = 0
  let degraded = 0
  for (const status of regions) {
    if (status === "Unknown") continue
    known++
    if (status === "Down") down++
    else if (status === "Degraded") degraded++
  }
  if (known === 0 || known < minRegions) return "Unknown"
  if (down * 2 > known) return "Down"
  if (down * 2 === known && previous === "Down") return "Down"
  if (down > 0) return "Partial"
  if (degraded * 2 > known) return "Degraded"
  return degraded * 2 === known && previous === "Degraded" ? "Degraded" : "Up"
}
