import { Schema } from "effect"
import { maxChannels } from "./AlertRules.ts"
import { ChannelId, EscalationId } from "./Ids.ts"
import { lineOfText } from "./Text.ts"

/** One step: whom to tell when an incident was not acknowledged so many minutes after it was told first. */
export const EscalationStep = Schema.Struct({
  afterMinutes: Schema.Int.pipe(Schema.between(1, 10_080)),
  channels: Schema.Array(ChannelId).pipe(Schema.minItems(1), Schema.maxItems(maxChannels)),
}).annotations({ identifier: "EscalationStep" })
export type EscalationStep = typeof EscalationStep.Type

/** Steps in the order of their minutes, each later than the one before; at most 10. */
export const EscalationSteps = Schema.Array(EscalationStep).pipe(
  Schema.minItems(1),
  Schema.maxItems(10),
  Schema.filter(
    (steps) =>
      steps.every((step, i) => i === 0 || step.afterMinutes > (steps[i - 1]?.afterMinutes ?? 0)) ||
      "each step must come later than the one before",
  ),
)

/** The name of a policy, a channel or a maintenance. */
export const ShortName = lineOfText(1, 200).annotations({ identifier: "ShortName" })

/** An escalation policy: who is told, after how long, until somebody acknowledges. */
export const Escalation = Schema.Struct({
  id: EscalationId,
  name: ShortName,
  steps: EscalationSteps,
  createdAt: Schema.DateTimeUtc,
  updatedAt: Schema.DateTimeUtc,
}).annotations({ identifier: "Escalation" })
export type Escalation = typeof Escalation.Type
