import { longestCheckMs } from "@uptime/domain/CheckDuration"
import { aheadMs } from "./Dependencies.ts"
import type { JudgedMonitor, World } from "./World.ts"

/** How long the first message waits for what else is failing. */
const holdAloneMs = 5_000
/** How long it waits at least where a parent may turn out to be the cause, which may be confirmed later. */
const holdBehindParentsMs = 60_000

/** How many levels of what is above a monitor are checked soon when it fails, and waited for. */
export const levelsAbove = 10

/**
 * How long what is new about a monitor is held before it is told. Behind parents, until each of them that is checked would
 * be known to be down: it was asked for when the monitor first failed, and is confirmed at its own pace. A heartbeat cannot be
 * asked for, and nobody waits for its deadline.
 *
 * @param monitors those above it at least
 * @returns milliseconds; behind parents at least a minute, and no longer than a parent that fails later is its cause
 */
export const holdMs = (monitors: World["monitors"], { id, pace, parents }: JudgedMonitor): number => {
  if (parents.length === 0) return holdAloneMs
  const seen = new Set([id])
  let slowest = 0
  let level = parents
  for (let i = 0; i < levelsAbove && level.length > 0; i++) {
    const above = [...new Set(level)].flatMap((parent) => (seen.has(parent) ? [] : (monitors.get(parent) ?? [])))
    for (const parent of above) {
      seen.add(parent.id)
      if (parent.enabled && parent.pace !== null) slowest = Math.max(slowest, confirmingMs(parent.pace))
    }
    level = above.flatMap((parent) => parent.parents)
  }
  // As long as it took to confirm the monitor itself, they have been looked at already.
  const known = pace === null ? 0 : (pace.failures - 1) * pace.retrySeconds * 1_000
  return Math.min(Math.max(holdBehindParentsMs, slowest - known + holdAloneMs), aheadMs)
}

/** The longest it takes to confirm a failure, from when a check is asked for. */
const confirmingMs = ({ failures, retrySeconds, timeoutMs }: NonNullable<JudgedMonitor["pace"]>): number =>
  failures * (retrySeconds * 1_000 + longestCheckMs(timeoutMs))
