import { Schema } from "effect"

/** What a failed condition makes of a check. */
export const Severity = Schema.Literal("Down", "Degraded").annotations({ identifier: "Severity" })
export type Severity = typeof Severity.Type

/** The longest condition, in UTF-16 code units. */
export const maxConditionLength = 500

/** The most conditions of one check. */
export const maxConditions = 20

/**
 * A condition as it is stored and travels with a job: its text, such as `[STATUS] == 200`, which was parsed when the
 * monitor was given it, and what its failure means.
 */
export const StoredCondition = Schema.Struct({
  condition: Schema.String.pipe(Schema.maxLength(maxConditionLength)),
  severity: Severity,
})
export type StoredCondition = typeof StoredCondition.Type

/**
 * A condition of a check and what was seen where it looks, one line of at most 200 UTF-16 code units. `holds` and `seen` are
 * null where the check did not get so far that its conditions are looked at.
 */
export const ConditionSeen = Schema.Struct({
  condition: Schema.String.pipe(Schema.maxLength(maxConditionLength)),
  severity: Severity,
  holds: Schema.NullOr(Schema.Boolean),
  seen: Schema.NullOr(Schema.String),
}).annotations({ identifier: "ConditionSeen" })
export type ConditionSeen = typeof ConditionSeen.Type
