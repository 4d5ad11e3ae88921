import type { MonitorId } from "./Ids.ts"

/**
 * The grid of planned instants of a monitor. All times are milliseconds since the epoch, on the database's clock.
 *
 * Points of the grid are `phase + k × interval`, where the phase is a hash of the id: a hundred thousand monitors of one
 * interval are spread evenly over it, and neither drift nor a late producer ever moves the grid.
 */
export interface SlotGrid {
  readonly intervalMs: number
  readonly phaseMs: number
}

/** The grid of a monitor. */
export const slotGrid = (monitorId: MonitorId, intervalSeconds: number): SlotGrid => {
  const intervalMs = intervalSeconds * 1000
  return { intervalMs, phaseMs: fnv1a(monitorId) % intervalMs }
}

/** The newest point of the grid at or before `time`. */
export const slotAtOrBefore = (grid: SlotGrid, time: number): number =>
  Math.floor((time - grid.phaseMs) / grid.intervalMs) * grid.intervalMs + grid.phaseMs

/** The first point of the grid after `time`. */
export const slotAfter = (grid: SlotGrid, time: number): number => slotAtOrBefore(grid, time) + grid.intervalMs

/**
 * The slot to check now for a monitor that is due, and when it is due next. Slots missed in between are coalesced into
 * the newest; the first slot of a new monitor is the instant it was created, which need not lie on the grid.
 *
 * @param nextCheckAt the instant from which the monitor is due, at or before `now`
 */
export const dueSlot = (
  grid: SlotGrid,
  nextCheckAt: number,
  now: number,
): { readonly slot: number; readonly nextCheckAt: number } => ({
  slot: Math.max(nextCheckAt, slotAtOrBefore(grid, now)),
  nextCheckAt: slotAfter(grid, now),
})

/** FNV-1a, 32 bits, over the UTF-16 code units of an ASCII string (http://www.isthe.com/chongo/tech/comp/fnv/). */
export const fnv1a = (text: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  }
  return hash >>> 0
}
