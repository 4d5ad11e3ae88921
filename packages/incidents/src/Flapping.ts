import type { Flapping } from "./World.ts"

const minutes = 60_000

/** So many changes between well and not … */
const changesToFlap = 6
/** … within this time is flapping, … */
const windowMs = 30 * minutes
/** … until nothing changed for this long. */
export const settleMs = 15 * minutes
/** The most changes that are remembered. */
const maxChanges = 20

/** What a monitor starts with, and starts with again. */
export const calm: Flapping = { changes: [], since: null }

/** When a flapping monitor is to be looked at again: then it has settled, unless it changes once more; else null. */
export const settlesAt = ({ changes, since }: Flapping): number | null =>
  since === null ? null : (changes.at(-1) ?? since) + settleMs

/** The memory as time alone leaves it: calm where a flapping monitor has settled, and the same where nothing is new. */
export const withTime = (flapping: Flapping, now: number): Flapping => {
  const settles = settlesAt(flapping)
  return settles !== null && settles <= now ? calm : flapping
}

/**
 * The memory after one more change between well and not: six within 30 minutes are flapping, from the moment it is
 * noticed. A change that is shown late belongs to when it was.
 *
 * @param at when the monitor changed
 * @param now when it is noticed
 */
export const withChange = (flapping: Flapping, at: number, now: number): Flapping => {
  const { changes, since } = withTime(flapping, at)
  const known = [...changes, at].sort((one, other) => one - other)
  const newest = known.at(-1) ?? at
  const recent = known.filter((change) => change > newest - windowMs).slice(-maxChanges)
  return { changes: recent, since: since ?? (recent.length >= changesToFlap ? now : null) }
}
