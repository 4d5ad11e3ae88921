import type { CheckStatus } from "./CheckStatus.ts"

/** The state of a monitor in one region. Times are milliseconds since the epoch. */
export interface RegionState {
  readonly status: CheckStatus
  /** The slot at which this status began. */
  readonly since: number
  /** The newest slot that was evaluated: an older result that arrives late is stored but moves nothing. */
  readonly lastSlot: number
}

/** A change of status at a slot; `from` is null for the first result ever. */
export interface Transition {
  readonly from: CheckStatus | null
  readonly to: CheckStatus
  readonly at: number
}

/**
 * The state of a region after one more result. Pure: a state is the fold of this over the results by slot, so history
 * can be replayed and compared.
 *
 * @returns the state, and the transition when the status changed; the same state for a slot that is not newer
 */
export const applyResult = (
  state: RegionState | null,
  result: { readonly slot: number; readonly status: CheckStatus },
): { readonly state: RegionState; readonly transition: Transition | null } => {
  if (state !== null && result.slot <= state.lastSlot) return { state, transition: null }
  if (state !== null && state.status === result.status) {
    return { state: { ...state, lastSlot: result.slot }, transition: null }
  }
  return {
    state: { status: result.status, since: result.slot, lastSlot: result.slot },
    transition: { from: state === null ? null : state.status, to: result.status, at: result.slot },
  }
}
