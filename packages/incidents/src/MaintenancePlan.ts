import { TimeZoneName } from "@uptime/domain/checks/HeartbeatCheck"
import { DateTime, Either, Schema } from "effect"
import { Temporal } from "temporal-polyfill"
import { horizonMs, maxRuleLength, parseRecurrence, wallTimesBetween } from "./Recurrence.ts"

const dayMs = 86_400_000

/** A date and a time of day on a clock without a zone, as `2026-03-29T02:30`. */
export const WallDateTime = Schema.String.pipe(
  Schema.filter((text) => isWallDateTime(text) || "a date and a time of day such as 2026-03-29T02:30", {
    arbitrary: () => (fc) => fc.constantFrom("2026-03-29T02:30", "2028-02-29T00:00", "1999-12-31T23:59"),
  }),
).annotations({ identifier: "WallDateTime" })

const isWallDateTime = (text: string): boolean => {
  if (!/^(19[7-9]|2\d\d)\d-\d\d-\d\dT\d\d:\d\d$/.test(text)) return false
  try {
    return Temporal.PlainDateTime.from(text, { overflow: "reject" }) !== null
  } catch {
    return false
  }
}

/** An instant from 1970 to the end of 9999: what every clock that sees it can tell. */
const Instant = Schema.DateTimeUtc.pipe(
  Schema.filter(
    (instant) => {
      const ms = DateTime.toEpochMillis(instant)
      return (ms >= 0 && ms < Date.UTC(10_000, 0, 1)) || "an instant from 1970 to 9999"
    },
    { arbitrary: () => (fc) => fc.integer({ min: 1_700_000_000, max: 2_000_000_000 }).map((s) => instantAt(s)) },
  ),
)

const instantAt = (seconds: number): DateTime.Utc => DateTime.unsafeMake(seconds * 1_000)

/** Once, from an instant until another, at most a year. */
const Single = Schema.Struct({
  kind: Schema.Literal("single"),
  from: Instant,
  to: Instant,
}).pipe(
  Schema.filter(
    ({ from, to }) => {
      const duration = DateTime.distance(from, to)
      return (duration > 0 && duration <= 366 * dayMs) || "a maintenance ends after it begins, and within a year"
    },
    {
      arbitrary: () => (fc) =>
        fc
          .tuple(fc.integer({ min: 1_700_000_000, max: 2_000_000_000 }), fc.integer({ min: 1, max: 31_000_000 }))
          .map(([from, seconds]) => ({
            kind: "single" as const,
            from: instantAt(from),
            to: instantAt(from + seconds),
          })),
    },
  ),
)

/** A window that was ended before its time. */
const EndedEarly = Schema.Struct({ startsAt: Instant, endsAt: Instant })

/** Of how many windows it is remembered that they were ended early: the newest. */
export const maxEndedEarly = 100

/** By a rule: from `start` on the clocks of a zone, each time for so many minutes, at most a week. */
const Recurring = Schema.Struct({
  kind: Schema.Literal("recurring"),
  /** A recurrence rule of RFC 5545: see `parseRecurrence`. */
  rule: Schema.String.pipe(Schema.minLength(1), Schema.maxLength(maxRuleLength)).annotations({
    arbitrary: () => (fc) => fc.constantFrom("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=MONTHLY;BYMONTHDAY=-1"),
  }),
  start: WallDateTime,
  timeZone: TimeZoneName,
  durationMinutes: Schema.Int.pipe(Schema.between(1, 10_080)),
  endedEarly: Schema.optionalWith(Schema.Array(EndedEarly).pipe(Schema.maxItems(maxEndedEarly)), { exact: true }),
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
  from: Instant,
  endedAt: Schema.NullOr(Instant),
})

/** When a maintenance is. */
export const MaintenancePlan = Schema.Union(Single, Recurring, Manual).annotations({ identifier: "MaintenancePlan" })
export type MaintenancePlan = typeof MaintenancePlan.Type
export type RecurringPlan = typeof Recurring.Type
