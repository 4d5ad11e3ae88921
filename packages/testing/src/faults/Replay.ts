import { type Breach, breach } from "./Breach.ts"

/** The results of a monitor in a region, and the status that the database holds for it. */
export interface RegionHistory {
  /** Whose, for the message. */
  readonly name: string
  readonly status: string
  /** Slots, and when each check began, in milliseconds since the epoch. */
  readonly results: ReadonlyArray<{ readonly slot: number; readonly checkedAt: number; readonly status: string }>
}

/**
 * I5: a region's status is what its results, folded in the order of their slots, come to. A result that comes after one of a
 * newer slot moves nothing, so where checks were late the order in which they were made may be the one that counts.
 *
 * @param fold the status after results in that order; null where none can be told from them, which is left alone
 */
export const statesAreReplayed = (
  histories: ReadonlyArray<RegionHistory>,
  fold: (results: RegionHistory["results"]) => string | null,
): ReadonlyArray<Breach> =>
  breach(
    "I5 state is the replay of results",
    "states",
    histories.flatMap(({ name, results, status }) => {
      const bySlot = fold(results.toSorted((one, other) => one.slot - other.slot))
      const asMade = fold(results.toSorted((one, other) => one.checkedAt - other.checkedAt || one.slot - other.slot))
      return bySlot === null || bySlot === status || asMade === status
        ? []
        : [`${name} is ${status}, replayed ${bySlot}`]
    }),
  )
