import { Either } from "effect"
import { RRuleTemporal } from "rrule-temporal"
import { Temporal } from "temporal-polyfill"

/** How far ahead of an instant a plan is looked into, in milliseconds: about ten years. */
export const horizonMs = 3_653 * 86_400_000

/** The longest rule, in characters. */
export const maxRuleLength = 500

/** What each part of a rule may hold, of RFC 5545, 3.3.10. A start says the minute and the second. */
const parts: Readonly<Record<string, RegExp>> = {
  FREQ: /^(HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)$/,
  INTERVAL: /^([1-9]\d{0,2}|1000)$/,
  COUNT: /^([1-9]\d{0,2}|1000)$/,
  UNTIL: /^\d{8}(T\d{6}Z?)?$/,
  BYDAY: list("([+-]?[1-9]\\d?)?(MO|TU|WE|TH|FR|SA|SU)"),
  BYMONTH: list("(0?[1-9]|1[0-2])"),
  BYMONTHDAY: list("[+-]?(0?[1-9]|[12]\\d|3[01])"),
  BYYEARDAY: list("[+-]?([1-9]\\d?|[12]\\d\\d|3[0-5]\\d|36[0-6])"),
  BYWEEKNO: list("[+-]?(0?[1-9]|[1-4]\\d|5[0-3])"),
  BYHOUR: list("([01]?\\d|2[0-3])"),
  BYSETPOS: list("[+-]?([1-9]\\d?|[12]\\d\\d|3[0-5]\\d|36[0-6])"),
  WKST: /^(MO|TU|WE|TH|FR|SA|SU)$/,
}

function list(item: string): RegExp {
  return new RegExp(`^${item}(,${item})*$`)
}

/** A recurrence rule that was understood: its parts by name. */
export type Recurrence = ReadonlyMap<string, string>

/**
 * Reads a recurrence rule of RFC 5545, such as `FREQ=WEEKLY;BYDAY=SU`, with or without `RRULE:` before it. Gives its parts,
 * or what is wrong in a sentence for the person who typed it.
 *
 * At most once an hour; `COUNT` and `INTERVAL` up to 1,000; no `BYMINUTE`, no `BYSECOND`, no calendars other than the
 * Gregorian.
 */
export const parseRecurrence = (text: string): Either.Either<Recurrence, string> => {
  if (text.length > maxRuleLength) return Either.left(`the rule is longer than ${maxRuleLength} characters`)
  const recurrence = new Map<string, string>()
  for (const part of text
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, "")
    .replace(/;$/, "")
    .split(";")) {
    const [name = "", value = "", more] = part.split("=")
    if (name === "FREQ" && /^(MINUTELY|SECONDLY)$/.test(value)) return Either.left("a maintenance comes at most hourly")
    if (more !== undefined || !Object.hasOwn(parts, name)) {
      return Either.left(`${part.slice(0, 40)} is no part of a rule here: these are ${Object.keys(parts).join(", ")}`)
    }
    if (recurrence.has(name)) return Either.left(`${name} is given twice`)
    if (parts[name]?.test(value) !== true) return Either.left(`${name} cannot be ${value.slice(0, 40) || "empty"}`)
    if (name === "UNTIL" && !isDate(value)) return Either.left(`UNTIL cannot be ${value}: there is no such date`)
    recurrence.set(name, value)
  }
  if (!recurrence.has("FREQ")) return Either.left("a rule needs FREQ, such as FREQ=WEEKLY;BYDAY=SU")
  if (recurrence.has("COUNT") && recurrence.has("UNTIL")) return Either.left("give either COUNT or UNTIL")
  return Either.right(recurrence)
}

/** Whether a date, or a date and a time, of RFC 5545 exists. */
const isDate = (text: string): boolean => {
  try {
    return Temporal.PlainDateTime.from(text.replace("Z", ""), { overflow: "reject" }) !== null
  } catch {
    return false
  }
}

/**
 * When a rule recurs by the clock on the wall, wherever that hangs: as milliseconds since the epoch of a clock that shows
 * UTC. Days on which a clock is put forward or back are days like any other here.
 *
 * @param start the wall time of the first one, if the rule has it
 * @param timeZone the zone in which an `UNTIL` in UTC is understood
 * @returns those from `from` to `to`, both included, in their order; null where the parts of the rule contradict each other
 */
export const wallTimesBetween = (
  recurrence: Recurrence,
  start: Temporal.PlainDateTime,
  timeZone: string,
  from: number,
  to: number,
): ReadonlyArray<number> | null => {
  const until = recurrence.get("UNTIL")
  const rule = [...recurrence].filter(([name]) => name !== "UNTIL").map((part) => part.join("="))
  if (until !== undefined) rule.push(`UNTIL=${untilOnWall(until, timeZone)}`)
  try {
    const dtstart = start.toZonedDateTime("UTC")
    return new RRuleTemporal({ rruleString: rule.join(";"), dtstart, strict: true })
      .between(new Date(from), new Date(to), true)
      .map(({ epochMilliseconds }) => epochMilliseconds)
  } catch {
    return null
  }
}

/** The last instant of a rule as a clock in a zone shows it; a date alone is meant to its end. */
const untilOnWall = (until: string, timeZone: string): string => {
  if (!until.includes("T")) return `${until}T235959Z`
  if (!until.endsWith("Z")) return `${until}Z`
  const wall = Temporal.Instant.from(until).toZonedDateTimeISO(timeZone).toPlainDateTime()
  return `${wall.toString({ smallestUnit: "second" }).replaceAll(/[-:]/g, "")}Z`
}
