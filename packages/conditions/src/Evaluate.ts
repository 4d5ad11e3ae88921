import { printSide } from "./ConditionPrinter.ts"
import { type Examined, examine } from "./Examine.ts"
import type { Observation } from "./Observation.ts"
import { isSource, type ParsedCondition } from "./ParsedCondition.ts"
import { maxSeenLength, seenText } from "./Seen.ts"
import { Work } from "./Work.ts"

/** Whether a condition holds, and what was seen: one storable line of at most 200 UTF-16 code units. */
export interface Evaluation {
  readonly holds: boolean
  readonly seen: string
}

/**
 * Holds one condition against an observation: pure and total. Where a value that it needs is not there, it fails and
 * `seen` is `(none)`, or says why: `(not JSON)`, `(JSON nested too deep)`, `(too much to search)`.
 */
export const evaluate = (condition: ParsedCondition, observation: Observation): Evaluation => {
  const examined = examine(condition, observation, new Work())
  return { holds: examined.holds, seen: seenIn(condition, examined) }
}

/** What was seen on the left side, and on the right side too where that looks at something as well. */
export const seenIn = ({ left, right }: ParsedCondition, examined: Examined): string => {
  if (!isSource(right)) return seenText(left, examined.left)
  const name = shortName(printSide(right))
  const half = (maxSeenLength - name.length - ", ".length - " was ".length) >> 1
  return `${seenText(left, examined.left, half)}, ${name} was ${seenText(right, examined.right, half)}`
}

/** The text of a side, short enough for a message: at most 60 UTF-16 code units. */
export const shortName = (name: string): string => (name.length <= 60 ? name : `${name.slice(0, 59).toWellFormed()}…`)
