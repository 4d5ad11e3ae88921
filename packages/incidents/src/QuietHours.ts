import { TimeZoneName } from "@uptime/domain/checks/HeartbeatCheck"
import { Schema } from "effect"
import { Temporal } from "temporal-polyfill"

/** A time of day on a 24 hour clock, as `HH:MM`. */
export const WallTime = Schema.String.pipe(
  Schema.pattern(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { message: () => "a time of day such as 07:30" }),
).annotations({ identifier: "WallTime" })

/**
 * When a channel is left alone, by its own clock: every day from `from` until `to`, over midnight where `to` is not later.
 * The two differ: quiet hours that never end would tell nobody anything.
 */
export const QuietHours = Schema.Struct({ from: WallTime, to: WallTime, timeZone: TimeZoneName })
  .pipe(Schema.filter(({ from, to }) => from !== to || "quiet hours need a beginning and an end that differ"))
  .annotations({ identifier: "QuietHours" })
export type QuietHours = typeof QuietHours.Type

/**
 * The end of the quiet hours that an instant lies in, or null when it lies in none. Milliseconds since the epoch.
 *
 * It is quiet whenever the clock shows a quiet time. Where it is put forward over `from` or `to`, the moment it is put
 * forward counts; where it is put back and shows them twice, it is quiet from the first `from` until the second `to`. In a
 * zone that this machine does not know it is never quiet: a message too many is better than none.
 */
export const quietHoursEnd = (quiet: QuietHours, instant: number): number | null =>
  isTimeZone(quiet.timeZone) ? endOf(quiet, instant) : null

/** When a channel may be sent what is told at an instant: then, or at the end of its quiet hours. Milliseconds since the epoch. */
export const freeAt = (quiet: QuietHours | null, instant: number): number =>
  quiet === null ? instant : (quietHoursEnd(quiet, instant) ?? instant)

/** Whether an instant (milliseconds since the epoch) lies in quiet hours. */
export const duringQuietHours = (quiet: QuietHours, instant: number): boolean => quietHoursEnd(quiet, instant) !== null

const isTimeZone = Schema.is(TimeZoneName)

const endOf = (quiet: QuietHours, instant: number): number | null => {
  const today = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(quiet.timeZone).toPlainDate()
  // They began today or yesterday: nothing that is at most a day long began earlier.
  for (const date of [today, today.subtract({ days: 1 })]) {
    const from = reached(date, quiet.from, quiet.timeZone, "earlier")
    const to = reached(quiet.to > quiet.from ? date : date.add({ days: 1 }), quiet.to, quiet.timeZone, "later")
    if (from <= instant && instant < to) return to
  }
  return null
}

/** When a clock first shows a time of a day or a later one; `disambiguation` where it shows it twice. */
const reached = (
  date: Temporal.PlainDate,
  time: string,
  timeZone: string,
  disambiguation: "earlier" | "later",
): number => {
  const wall = date.toPlainDateTime(time)
  const shown = wall.toZonedDateTime(timeZone, { disambiguation })
  if (shown.toPlainDateTime().equals(wall)) return shown.epochMilliseconds
  // It is skipped: read by the offset after the gap (`earlier`) it lies before the moment that skips it.
  const before = wall.toZonedDateTime(timeZone, { disambiguation: "earlier" })
  return before.getTimeZoneTransition("next")?.epochMilliseconds ?? shown.epochMilliseconds
}
