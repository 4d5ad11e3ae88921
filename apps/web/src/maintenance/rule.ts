/** What the builder of a rule knows: a small part of RFC 5545, in words that people use. */

/** Days of a week as rules name them, Monday first. */
export const weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const
/** A day of a week. */
export type Weekday = (typeof weekdays)[number]

/** How often something recurs. */
export const frequencies = ["HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"] as const
/** How often something recurs. */
export type Frequency = (typeof frequencies)[number]

/** Which day of a month: the one of the start, the last one, or such as the second Tuesday (`nth` -1: the last). */
export type MonthDay =
  | { readonly by: "start" }
  | { readonly by: "last" }
  | { readonly by: "weekday"; readonly nth: 1 | 2 | 3 | 4 | -1; readonly weekday: Weekday }

/** When a rule ends: never, after a date such as `2026-12-31`, or after so many times. */
export type RuleEnd =
  | { readonly kind: "never" }
  | { readonly kind: "until"; readonly date: string }
  | { readonly kind: "count"; readonly count: number }

/** A rule as the builder shows it; `days` counts for weeks alone (none: that of the start), `monthDay` for months alone. */
export interface RuleParts {
  readonly frequency: Frequency
  readonly interval: number
  readonly days: ReadonlyArray<Weekday>
  readonly monthDay: MonthDay
  readonly end: RuleEnd
}

/** What the builder begins with. */
export const everyWeek: RuleParts = {
  frequency: "WEEKLY",
  interval: 1,
  days: [],
  monthDay: { by: "start" },
  end: { kind: "never" },
}

/** The rule that a builder's parts mean. */
export const ruleOf = ({ days, end, frequency, interval, monthDay }: RuleParts): string =>
  [
    `FREQ=${frequency}`,
    ...(interval === 1 ? [] : [`INTERVAL=${interval}`]),
    ...(frequency === "WEEKLY" && days.length > 0
      ? [`BYDAY=${weekdays.filter((day) => days.includes(day)).join(",")}`]
      : []),
    ...(frequency === "MONTHLY" ? monthPart(monthDay) : []),
    ...(end.kind === "count" ? [`COUNT=${end.count}`] : []),
    ...(end.kind === "until" ? [`UNTIL=${end.date.replaceAll("-", "")}`] : []),
  ].join(";")

const monthPart = (monthDay: MonthDay): ReadonlyArray<string> => {
  if (monthDay.by === "last") return ["BYMONTHDAY=-1"]
  return monthDay.by === "weekday" ? [`BYDAY=${monthDay.nth}${monthDay.weekday}`] : []
}

/** A rule's parts where the builder can show all that it says; else null. */
export const partsOf = (rule: string): RuleParts | null => {
  const given = new Map<string, string>()
  const text = rule.trim().toUpperCase()
  for (const part of text
    .replace(/^RRULE:/, "")
    .replace(/;$/, "")
    .split(";")) {
    const [name = "", value = ""] = part.split("=")
    if (given.has(name)) return null
    given.set(name, value)
  }
  const take = (name: string) => {
    const value = given.get(name)
    given.delete(name)
    return value
  }
  const frequency = frequencies.find((each) => each === given.get("FREQ"))
  if (frequency === undefined) return null
  given.delete("FREQ")
  const interval = Number(take("INTERVAL") ?? 1)
  const end = endOf(take("UNTIL"), take("COUNT"))
  const days = frequency === "WEEKLY" ? daysOf(take("BYDAY")) : []
  const monthDay = frequency === "MONTHLY" ? monthDayOf(take("BYDAY"), take("BYMONTHDAY")) : ({ by: "start" } as const)
  if (end === null || days === null || monthDay === null || given.size > 0 || !Number.isInteger(interval)) return null
  return { frequency, interval, days, monthDay, end }
}

const endOf = (until: string | undefined, count: string | undefined): RuleEnd | null => {
  if (count !== undefined) return until === undefined ? { kind: "count", count: Number(count) } : null
  if (until === undefined) return { kind: "never" }
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(until) ?? []
  return year === undefined ? null : { kind: "until", date: `${year}-${month}-${day}` }
}

const weekdayOf = (text: string | undefined) => weekdays.find((day) => day === text)

const daysOf = (text: string | undefined): ReadonlyArray<Weekday> | null => {
  if (text === undefined) return []
  const days = text.split(",").map(weekdayOf)
  return days.every((day) => day !== undefined) ? weekdays.filter((day) => days.includes(day)) : null
}

const nths = [1, 2, 3, 4, -1] as const

const monthDayOf = (byDay: string | undefined, byMonthDay: string | undefined): MonthDay | null => {
  if (byDay === undefined) {
    if (byMonthDay === undefined) return { by: "start" }
    return byMonthDay === "-1" ? { by: "last" } : null
  }
  const [, number, name] = /^([+-]?\d)([A-Z]{2})$/.exec(byDay) ?? []
  const nth = nths.find((each) => each === Number(number))
  const weekday = weekdayOf(name)
  return byMonthDay !== undefined || nth === undefined || weekday === undefined ? null : { by: "weekday", nth, weekday }
}
