import type { Fact } from "./AlertText.ts"
import { cut } from "./TextLimit.ts"

/**
 * The first facts that there is room for. The first that is too long is cut where it is text that stands for itself, and an
 * ellipsis otherwise.
 *
 * @param room for all of them, in the unit of `sizeOf`
 * @param sizeOf what a fact takes, with what parts it from the one before
 */
export const factsWithin = (
  facts: ReadonlyArray<Fact>,
  room: number,
  sizeOf: (fact: Fact) => number,
): ReadonlyArray<Fact> => {
  const kept: Array<Fact> = []
  let left = room
  for (const [i, fact] of facts.entries()) {
    const size = sizeOf(fact)
    const isLast = i === facts.length - 1
    if (size + (isLast ? 0 : sizeOf(ellipsis)) > left) {
      const part = longestPart(fact, (shorter) => sizeOf(shorter) <= left)
      return part === null ? kept : [...kept, part]
    }
    kept.push(fact)
    left -= size
  }
  return kept
}

const ellipsis: Fact = { label: null, value: "…" }

/** As much of a fact as fits, which is never all of it; null where not even an ellipsis does. */
const longestPart = (fact: Fact, fits: (fact: Fact) => boolean): Fact | null => {
  if (!fits(ellipsis)) return null
  if (fact.label !== null || fact.value.length < 2) return ellipsis
  const partOf = (length: number): Fact => ({ label: null, value: cut(fact.value, length) })
  // What takes more room is longer, so that the longest that fits is found by halves.
  let fitting = 1
  let tooLong = fact.value.length
  while (tooLong - fitting > 1) {
    const middle = Math.floor((fitting + tooLong) / 2)
    if (fits(partOf(middle))) fitting = middle
    else tooLong = middle
  }
  return partOf(fitting)
}
