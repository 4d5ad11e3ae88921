import type { Observation } from "./Observation.ts"
import { observedValue } from "./ObservedValue.ts"
import { asScalar, holdsFor, includes, type Wanted } from "./Operators.ts"
import { isSource, type Operator, type ParsedCondition } from "./ParsedCondition.ts"
import { Absent, nothing, type Seen, Several, tooMuch } from "./Seen.ts"
import type { Work } from "./Work.ts"

/** What became of a condition. */
export interface Examined {
  readonly holds: boolean
  /** What was seen on the left: of several values the first one that fails. */
  readonly left: Seen
  /** What was seen on the right; null where nothing is looked at. */
  readonly right: Seen
}

/**
 * Holds a condition against an observation. It fails where a value that it needs is not there, and where the work is used
 * up. For several values it holds if there are any and it holds for each; only `contains` asks whether it holds for one.
 */
export const examine = (condition: ParsedCondition, observation: Observation, work: Work): Examined => {
  work.begin()
  const left = observedValue(condition.left, observation, work)
  let right: Seen = null
  let wanted: Wanted
  if (isSource(condition.right)) {
    right = observedValue(condition.right, observation, work)
    wanted = right instanceof Absent || right instanceof Several ? null : asScalar(right, work)
  } else {
    wanted = condition.right
  }
  const isKnown = !(left instanceof Absent) && !(right instanceof Absent)
  const examined = isKnown ? hold(left, condition.operator, wanted, right, work) : { holds: false, left, right }
  return work.isExhausted ? { holds: false, left: tooMuch, right } : examined
}

const hold = (left: Exclude<Seen, Absent>, operator: Operator, wanted: Wanted, right: Seen, work: Work): Examined => {
  if (!(left instanceof Several)) return { holds: holdsFor(left, operator, wanted, work), left, right }
  const { values } = left
  if (values.length === 0) return { holds: false, left: nothing, right }
  if (operator === "contains") return { holds: includes(values, wanted, work), left, right }
  if (operator === "not contains") return { holds: !includes(values, wanted, work), left, right }
  for (const value of values) {
    if (work.isExhausted) break
    if (!holdsFor(value, operator, wanted, work)) return { holds: false, left: value, right }
  }
  return { holds: true, left, right }
}
