import { type Breach, breach } from "./Breach.ts"

/** How far behind the stream's groups were at an instant. */
export interface Backlog {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** The age of the oldest entry that some group has not acknowledged, in milliseconds; null where it could not be asked. */
  readonly oldestMs: number | null
}

/** An age at which the groups keep up, in milliseconds: a batch takes half a second to fill. */
const keepsUpMs = 2_000

/** How many looks in a row must find that the groups keep up. */
const looks = 3

/** How long after an instant the groups kept up again and went on to, in milliseconds; null when they never did. */
export const recoveredAfter = (backlogs: ReadonlyArray<Backlog>, faultEnd: number): number | null => {
  const after = backlogs.filter(({ at }) => at >= faultEnd)
  const behind = after.findLastIndex(({ oldestMs }) => oldestMs === null || oldestMs >= keepsUpMs)
  const first = after[behind + 1]
  return first === undefined || after.length - behind - 1 < looks ? null : first.at - faultEnd
}

/** I8: recovered within so many milliseconds. */
export const recovered = (tookMs: number | null, limitMs: number): ReadonlyArray<Breach> =>
  breach(
    "I8 recovery",
    "recoveries",
    tookMs === null ? ["never"] : tookMs > limitMs ? [`after ${tookMs} ms, not ${limitMs}`] : [],
  )
