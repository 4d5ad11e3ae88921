import { printSide } from "./ConditionPrinter.ts"
import type { Examined } from "./Examine.ts"
import { isSource, type ParsedCondition } from "./ParsedCondition.ts"
import { maxSeenLength, seenText } from "./Seen.ts"
import type { Work } from "./Work.ts"

/**
 * What was seen on the left side, and on the right side too where that looks at something as well: one storable line of at
 * most 200 UTF-16 code units. Where a value is not there it is `(none)`, or says why: `(not JSON)`, `(JSON longer than 1
 * MiB)`, `(JSON nested too deep)`, `(too much to search)`. To write it is work.
 */
export const seenIn = ({ left, right }: ParsedCondition, examined: Examined, work: Work): string => {
  if (!isSource(right)) return seenText(left, examined.left, work)
  const name = shortName(printSide(right))
  const half = (maxSeenLength - name.length - ", ".length - " was ".length) >> 1
  return `${seenText(left, examined.left, work, half)}, ${name} was ${seenText(right, examined.right, work, half)}`
}

/** The text of a side, short enough for a message: at most 60 UTF-16 code units. */
export const shortName = (name: string): string => (name.length <= 60 ? name : `${name.slice(0, 59).toWellFormed()}…`)
