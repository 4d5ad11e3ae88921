import { maxConditionLength, maxConditions, Severity } from "@uptime/domain/Condition"
import { Either, Schema } from "effect"
import { parse } from "./ConditionParser.ts"

/** The text of a condition that `parse` understands, kept as it was written. */
const ConditionText = Schema.String.pipe(
  Schema.filter((text) => Either.match(parse(text), { onLeft: ({ message }) => message, onRight: () => true }), {
    identifier: "ConditionText",
    description: "an assertion about what a check saw, such as [STATUS] == 200",
    jsonSchema: { maxLength: maxConditionLength },
    arbitrary: () => (fc) =>
      fc.oneof(
        fc.integer({ min: 100, max: 599 }).map((status) => `[STATUS] == ${status}`),
        fc.integer({ min: 1, max: 60_000 }).map((ms) => `[RESPONSE_TIME] < ${ms}`),
        fc.constantFrom("[BODY] contains ok", '[BODY] not matches "error|fail"', "[CERTIFICATE_EXPIRATION] > 48h"),
      ),
  }),
)

/** One condition of a check as its owner gives it: `{ "condition": "[RESPONSE_TIME] < 300", "severity": "Degraded" }`. */
export const Condition = Schema.Struct({
  condition: ConditionText,
  severity: Schema.optionalWith(Severity, { default: () => "Down" }),
}).annotations({ identifier: "Condition" })
export type Condition = typeof Condition.Type

/** All conditions of a check. */
export const Conditions = Schema.Array(Condition).pipe(Schema.maxItems(maxConditions))
export type Conditions = typeof Conditions.Type
