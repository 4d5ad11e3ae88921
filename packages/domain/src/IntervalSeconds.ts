import { Schema } from "effect"

/** Seconds between two checks of a monitor: 10 to 86,400, whole. */
export const IntervalSeconds = Schema.Int.pipe(Schema.between(10, 86_400)).annotations({
  identifier: "IntervalSeconds",
})
