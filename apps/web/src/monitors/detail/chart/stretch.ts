/** A stretch of time, from `from` until before `to`; milliseconds since the epoch. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

const minute = 60_000
const day = 24 * 60 * minute

/** The shortest and the longest stretch that a chart shows, in milliseconds. */
export const leastStretch = 15 * minute
export const mostStretch = 366 * day

/**
 * A stretch that a chart can show, near to one that is wanted: whole minutes, not shorter or longer than charts go, and none
 * of it to come.
 *
 * @param now milliseconds since the epoch
 */
export const fitted = (wanted: Stretch, now: number): Stretch => {
  const latest = Math.ceil(now / minute) * minute
  const length = Math.min(mostStretch, Math.max(leastStretch, Math.round((wanted.to - wanted.from) / minute) * minute))
  const to = Math.min(latest, Math.round((wanted.from + wanted.to + length) / 2 / minute) * minute)
  return { from: to - length, to }
}

/** A stretch with the same middle and another length: `factor` 0.5 is half as long. */
export const zoomed = ({ from, to }: Stretch, factor: number, now: number): Stretch => {
  const half = ((to - from) / 2) * factor
  const middle = (from + to) / 2
  return fitted({ from: middle - half, to: middle + half }, now)
}

/** A stretch moved by a share of its length; back when it is negative. */
export const moved = ({ from, to }: Stretch, share: number, now: number): Stretch => {
  const by = (to - from) * share
  return fitted({ from: from + by, to: to + by }, now)
}

/** Whether a stretch shows the present. */
export const reachesNow = ({ to }: Stretch, now: number): boolean => to >= now - minute
