import type { CheckStatus } from "./CheckStatus.ts"
import type { Confirmation } from "./Confirmation.ts"

/** Results in a row that say something else than the region's status, and are not yet enough to change it. */
export interface Streak {
  /** What they come to: on the way down the mildest of them, on the way up the newest. */
  readonly status: CheckStatus
  /** The slot of the first of them: where the change will have begun. */
  readonly since: number
  readonly count: number
}

/** The state of a monitor in one region. Times are milliseconds since the epoch. */
export interface RegionState {
  /** The confirmed status. */
  readonly status: CheckStatus
  /** The slot at which this status began. */
  readonly since: number
  /** The newest slot that was evaluated: an older result that arrives late is stored but moves nothing. */
  readonly lastSlot: number
  /** A change that is being confirmed; null while results say what the status says. */
  readonly streak: Streak | null
}

/** A change of status. `from` is null for the first one ever; `at` is the slot of the first result of the confirmed streak. */
export interface Transition {
  readonly from: CheckStatus | null
  readonly to: CheckStatus
  readonly at: number
}

/** How many results in a row it takes to move from one status to another. */
export type Needs = Pick<Confirmation, "failures" | "successes">

/**
 * The state of a region after one more result. Pure: a state is the fold of this over the results by slot, so history
 * can be replayed and compared.
 *
 * A status changes when enough results in a row (`Confirmation`) say so, and then it has changed at the first of them. A
 * result that repeats the status ends a streak. Where nothing was known before, one good result is enough, and what is not
 * yet confirmed to be worse is `Unknown`.
 *
 * From a good status all that is worse goes on with one streak, and what is confirmed is what all of it agrees on at least:
 * `Down` and `Degraded` are `Degraded`, either with `Unknown` is `Unknown`. A last result that claims more than that is the
 * first of the next streak, so that a site that fails on is not noticed later for it.
 *
 * @returns the state, and the transition when the status changed; the same state for a slot that is not newer
 */
export const applyResult = (
  state: RegionState | null,
  result: { readonly slot: number; readonly status: CheckStatus },
  needs: Needs,
): { readonly state: RegionState; readonly transition: Transition | null } => {
  if (state === null) return first(result, needs)
  const { slot, status } = result
  if (slot <= state.lastSlot) return { state, transition: null }
  if (status === state.status) return { state: { ...state, lastSlot: slot, streak: null }, transition: null }
  const before = state.streak
  const joined = before === null ? null : together(state.status, before.status, status)
  const streak: Streak =
    before === null || joined === null
      ? { status, since: slot, count: 1 }
      : { status: joined, since: before.since, count: before.count + 1 }
  if (streak.count < needed(state.status, streak.status, needs)) {
    return { state: { ...state, lastSlot: slot, streak }, transition: null }
  }
  const next = status === streak.status ? null : { status, since: slot, count: 1 }
  return {
    state: { status: streak.status, since: streak.since, lastSlot: slot, streak: next },
    transition: { from: state.status, to: streak.status, at: streak.since },
  }
}

/** The first result ever: from nothing known to what it says, if one result is enough for that. */
const first = (
  { slot, status }: { readonly slot: number; readonly status: CheckStatus },
  needs: Needs,
): { readonly state: RegionState; readonly transition: Transition } => {
  const isEnough = status === "Unknown" || needed("Unknown", status, needs) <= 1
  const shown = isEnough ? status : "Unknown"
  return {
    state: { status: shown, since: slot, lastSlot: slot, streak: isEnough ? null : { status, since: slot, count: 1 } },
    transition: { from: null, to: shown, at: slot },
  }
}

const isGood = (status: CheckStatus): boolean => status === "Up" || status === "Degraded"

/**
 * What a streak and one more result come to; null where the result begins another. On the way up either kind of good goes
 * on, and the newest counts; on the way down all that is worse does, and the mildest counts.
 */
const together = (from: CheckStatus, streak: CheckStatus, status: CheckStatus): CheckStatus | null => {
  if (streak === status) return status
  if (!isGood(from)) return isGood(streak) && isGood(status) ? status : null
  if (streak === "Up" || status === "Up") return null
  return streak === "Unknown" || status === "Unknown" ? "Unknown" : "Degraded"
}

const needed = (from: CheckStatus, to: CheckStatus, { failures, successes }: Needs): number => {
  if (from === "Unknown" && isGood(to)) return 1
  if (to === "Up" || (to === "Degraded" && from === "Down")) return successes
  return failures
}
