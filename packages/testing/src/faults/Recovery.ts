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

/** How long it must go on for, in milliseconds. */
const steadyMs = 2_000

/** How long after an instant the groups first kept up again for two seconds, in milliseconds; null when they never did. */
export const recoveredAfter = (backlogs: ReadonlyArray<Backlog>, faultEnd: number): number | null => {
  let since: number | null = null
  for (const { at, oldestMs } of backlogs) {
    if (at < faultEnd) continue
    if (oldestMs === null || oldestMs >= keepsUpMs) since = null
    else since ??= at
    if (since !== null && at - since >= steadyMs) return since - faultEnd
  }
  return null
}

/**
 * How long after an instant each of some regions had begun a check again, in milliseconds; null when one never did.
 *
 * @param checks when checks began, in milliseconds since the epoch
 */
export const resumedAfter = (
  checks: ReadonlyArray<{ readonly region: string; readonly checkedAt: number }>,
  regions: ReadonlyArray<string>,
  faultEnd: number,
): number | null => {
  const firsts = regions.map((region) =>
    checks.reduce(
      (first, check) =>
        check.region === region && check.checkedAt >= faultEnd ? Math.min(first, check.checkedAt) : first,
      Number.POSITIVE_INFINITY,
    ),
  )
  const last = Math.max(...firsts)
  return Number.isFinite(last) ? last - faultEnd : null
}

/** I8: recovered within so many milliseconds. */
export const recovered = (tookMs: number | null, limitMs: number): ReadonlyArray<Breach> =>
  breach(
    "I8 recovery",
    "recoveries",
    tookMs === null ? ["never"] : tookMs > limitMs ? [`after ${tookMs} ms, not ${limitMs}`] : [],
  )
