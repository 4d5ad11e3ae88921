import { printSide } from "@uptime/conditions/ConditionPrinter"
import { examine } from "@uptime/conditions/Examine"
import type { Observation } from "@uptime/conditions/Observation"
import type { ParsedCondition } from "@uptime/conditions/ParsedCondition"
import { seenIn } from "@uptime/conditions/SeenIn"
import { Work } from "@uptime/conditions/Work"

/** Holds one condition against an observation, as the only one of its check. */
export const evaluate = (condition: ParsedCondition, observation: Observation) => {
  const work = new Work()
  const examined = examine(condition, observation, work)
  return { holds: examined.holds, seen: seenIn(condition, examined, work) }
}

/** The canonical text of a condition. */
export const print = ({ left, operator, right }: ParsedCondition): string =>
  `${printSide(left)} ${operator} ${printSide(right)}`
