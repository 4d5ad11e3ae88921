/** Up to where results are rolled up, and the database's clock; milliseconds since the epoch. */
export interface BuildClock {
  readonly now: number
  readonly hourlyTo: number
  readonly dailyTo: number
}

/** The last instant of a grid that is not after another; milliseconds. */
export const floorTo = (ms: number, lengthMs: number): number => Math.floor(ms / lengthMs) * lengthMs
