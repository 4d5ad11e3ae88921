import { TimeZoneName } from "@uptime/domain/checks/HeartbeatCheck"
import { Schema } from "effect"
import { Temporal } from "temporal-polyfill"

/** A time of day on a 24 hour clock, as `HH:MM`. */
export const WallTime = Schema.String.pipe(
  Schema.pattern(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { message: () => "a time of day such as 07:30" }),
).annotations({ identifier: "WallTime" })

/**
 * When a channel is left alone, by its own clock: every day from `from` until `to`, over midnight where `to` is not later;
 * the whole day where they are the same would never end, and is refused.
 */
export const QuietHours = Schema.Struct({ from: WallTime, to: WallTime, timeZone: TimeZoneName })
  .pipe(Schema.filter(({ from, to }) => from !== to || "quiet hours need a beginning and an end that differ"))
  .annotations({ identifier: "QuietHours" })
export type QuietHours = typeof QuietHours.Type

/**
 * The end of the quiet hours that an instant lies in, or null when it lies in none. Milliseconds since the epoch.
 *
 * Where a clock is put forward over `from` or `to`, they are as much later by it; where it is put back and shows them
 * twice, the first time counts (Temporal's `compatible`, as RFC 5545, 3.3.5, has it).
 */
export const quietHoursEnd = (quiet: QuietHours, instant: number): number | null => {
  const today = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(quiet.timeZone).toPlainDate()
  const at = (date: Temporal.PlainDate, time: string) =>
    date.toZonedDateTime({ timeZone: quiet.timeZone, plainTime: time }).epochMilliseconds
  // They began today or yesterday: nothing that is at most a day long began earlier.
  for (const date of [today, today.subtract({ days: 1 })]) {
    const from = at(date, quiet.from)
    const to = at(quiet.to > quiet.from ? date : date.add({ days: 1 }), quiet.to)
    if (from <= instant && instant < to) return to
  }
  return null
}

/** Whether an instant (milliseconds since the epoch) lies in quiet hours. */
export const duringQuietHours = (quiet: QuietHours, instant: number): boolean => quietHoursEnd(quiet, instant) !== null
