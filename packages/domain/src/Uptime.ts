import type { MonitorStatus } from "./MonitorStatus.ts"
import type { Overlay } from "./Overlay.ts"

/** What a monitor was, from `startedAt` until `endedAt` (null: until now). Milliseconds since the epoch. */
export interface StateInterval {
  readonly state: MonitorStatus | Overlay | "Paused"
  readonly startedAt: number
  readonly endedAt: number | null
}

/** Milliseconds spent in each state within a window. `Degraded` and `Partial` count as up; `Unknown`, overlays, paused and
 * unrecorded time are in neither. */
export interface StateDurations {
  readonly upMs: number
  readonly downMs: number
}

const upStates: ReadonlySet<StateInterval["state"]> = new Set(["Up", "Degraded", "Partial"])

/** The time up and down within `[from, to)`, from intervals that do not overlap. */
export const durationsWithin = (intervals: Iterable<StateInterval>, from: number, to: number): StateDurations => {
  let upMs = 0
  let downMs = 0
  for (const interval of intervals) {
    const overlap = Math.min(interval.endedAt ?? to, to) - Math.max(interval.startedAt, from)
    if (overlap <= 0) continue
    if (upStates.has(interval.state)) upMs += overlap
    else if (interval.state === "Down") downMs += overlap
  }
  return { upMs, downMs }
}

/**
 * Uptime in percent: `up / (up + down)` by time, floored to three decimals so that it never rounds up to 100. Null when
 * neither was seen: no data is not 100 %.
 */
export const uptimePercent = ({ downMs, upMs }: StateDurations): number | null => {
  const known = upMs + downMs
  return known === 0 ? null : floorRatio(upMs, known, 100_000)
}

/** The share of the window, 0 to 1 and floored to three decimals, in which the monitor was known to be up or down. */
export const coverage = ({ downMs, upMs }: StateDurations, from: number, to: number): number => {
  const window = to - from
  return window <= 0 ? 0 : Math.min(1, floorRatio(upMs + downMs, window, 1_000))
}

/**
 * `part / whole × scale / 1000`, floored to three decimals. The product comes first: it is exact, where the quotient would
 * turn 58 % into 57.999.
 */
const floorRatio = (part: number, whole: number, scale: number): number => Math.floor((part * scale) / whole) / 1000
