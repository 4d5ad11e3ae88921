import { Schema } from "effect"

/**
 * What one check is said to be. `Degraded` is up, but not as well as it should be: a condition of that severity failed.
 * `Unknown` means that nothing was measured: a fault of ours, a target that policy refuses, or no data; it is neither
 * uptime nor downtime.
 */
export const CheckStatus = Schema.Literal("Up", "Degraded", "Down", "Unknown")
export type CheckStatus = typeof CheckStatus.Type

/**
 * The status of a monitor over its regions: a strict majority of the regions that know (`Up` or `Down`) decides, a tie
 * keeps what was said before, and no region that knows means `Unknown`.
 *
 * @param previous the overall status until now
 * @param regions the current status of each region
 */
export const overallStatus = (previous: CheckStatus, regions: ReadonlyArray<CheckStatus>): CheckStatus => {
  let up = 0
  let down = 0
  for (const status of regions) {
    if (status === "Up" || status === "Degraded") up++
    else if (status === "Down") down++
  }
  if (up > down) return "Up"
  if (down > up) return "Down"
  return up === 0 ? "Unknown" : previous
}
