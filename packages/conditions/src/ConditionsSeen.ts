import type { ConditionSeen, StoredCondition } from "@uptime/domain/Condition"
import { examine } from "./Examine.ts"
import type { ReadCondition } from "./Judge.ts"
import type { Observation } from "./Observation.ts"
import { seenIn } from "./SeenIn.ts"
import { Work } from "./Work.ts"

/**
 * Each condition of a check with what was seen where it looks, those that hold too: for a person who tries a check out. They
 * share the work that they may do, as in `judge`.
 */
export const conditionsSeen = (
  conditions: ReadonlyArray<ReadCondition>,
  observation: Observation,
): ReadonlyArray<ConditionSeen> => {
  const work = new Work()
  return conditions.map(({ condition, severity, text }) => {
    const examined = examine(condition, observation, work)
    return { condition: text, severity, holds: examined.holds, seen: seenIn(condition, examined, work) }
  })
}

/** Conditions that were not looked at. */
export const conditionsUnseen = (conditions: ReadonlyArray<StoredCondition>): ReadonlyArray<ConditionSeen> =>
  conditions.map(({ condition, severity }) => ({ condition, severity, holds: null, seen: null }))
