import { Temporal } from "temporal-polyfill"

/**
 * When a clock in a zone shows a date and a time of day, in milliseconds since the epoch. What the clock leaves out is as
 * much later, and what it shows twice is the first of them (Temporal's `compatible`).
 *
 * @param wall such as `2026-03-29T02:30`
 * @returns null where that is no date and time, or there is no such zone
 */
export const instantOfWall = (wall: string, timeZone: string): number | null => {
  try {
    return Temporal.PlainDateTime.from(wall, { overflow: "reject" }).toZonedDateTime(timeZone).epochMilliseconds
  } catch {
    return null
  }
}

/**
 * What a clock in a zone shows at an instant, to the minute, such as `2026-03-29T03:30`.
 *
 * @param instant milliseconds since the epoch
 * @param timeZone one that exists
 */
export const wallOfInstant = (instant: number, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(instant)
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime()
    .toString({ smallestUnit: "minute" })
