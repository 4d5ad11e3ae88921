import { TimeZoneName } from "@uptime/domain/checks/HeartbeatCheck"
import { DateTime, Either, Schema } from "effect"
import { Temporal } from "temporal-polyfill"
import { maxRuleLength, parseRecurrence, wallTimesBetween } from "./Recurrence.ts"

const dayMs = 86_400_000

/** How far ahead of an instant a plan is looked into: about ten years. */
export const horizonMs = 3_653 * dayMs

/** A date and a time of day on a clock without a zone, as `2026-03-29T02:30`. */
export const WallDateTime = Schema.String.pipe(
  Schema.filter((text) => isWallDateTime(text) || "a date and a time of day such as 2026-03-29T02:30"),
).annotations({ identifier: "WallDateTime" })

const isWallDateTime = (text: string): boolean => {
  if (!/^(19[7-9]|2\d\d)\d-\d\d-\d\dT\d\d:\d\d$/.test(text)) return false
  try {
    return Temporal.PlainDateTime.from(text, { overflow: "reject" }) !== null
  } catch {
    return false
  }
}

/** Once, from an instant until another, at most a year. */
const Single = Schema.Struct({
  kind: Schema.Literal("single"),
  from: Schema.DateTimeUtc,
  to: Schema.DateTimeUtc,
}).pipe(
  Schema.filter(({ from, to }) => {
    const duration = DateTime.distance(from, to)
    return (duration > 0 && duration <= 366 * dayMs) || "a maintenance ends after it begins, and within a year"
  }),
)

/** A window that was ended before its time. */
const EndedEarly = Schema.Struct({ startsAt: Schema.DateTimeUtc, endsAt: Schema.DateTimeUtc })

/** By a rule: from `start` on the clocks of a zone, each time for so many minutes, at most a week. */
const Recurring = Schema.Struct({
  kind: Schema.Literal("recurring"),
  /** A recurrence rule of RFC 5545: see `parseRecurrence`. */
  rule: Schema.String.pipe(Schema.minLength(1), Schema.maxLength(maxRuleLength)),
  start: WallDateTime,
  timeZone: TimeZoneName,
  durationMinutes: Schema.Int.pipe(Schema.between(1, 10_080)),
  endedEarly: Schema.optionalWith(EndedEarly, { exact: true }),
}).pipe(
  Schema.filter(({ rule, start, timeZone }) => {
    const recurrence = parseRecurrence(rule)
    if (Either.isLeft(recurrence)) return recurrence.left
    const first = Temporal.PlainDateTime.from(start)
    const from = first.toZonedDateTime("UTC").epochMilliseconds
    for (let years = 0; years < 10; years++) {
      const at = from + (years * horizonMs) / 10
      const times = wallTimesBetween(recurrence.right, first, timeZone, at, at + horizonMs / 10)
      if (times === null) return "the parts of the rule contradict each other, or take too long to work out"
      if (times.length > 0) return true
    }
    return "the rule does not come true within ten years of its start"
  }),
)

/** From an instant until somebody ends it. */
const Manual = Schema.Struct({
  kind: Schema.Literal("manual"),
  from: Schema.DateTimeUtc,
  endedAt: Schema.NullOr(Schema.DateTimeUtc),
})

/** When a maintenance is. */
export const MaintenancePlan = Schema.Union(Single, Recurring, Manual).annotations({ identifier: "MaintenancePlan" })
export type MaintenancePlan = typeof MaintenancePlan.Type
export type RecurringPlan = typeof Recurring.Type
