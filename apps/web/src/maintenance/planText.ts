import { span } from "../ui/format.ts"
import type { Plan } from "./queries.ts"
import { type Frequency, type MonthDay, partsOf, type RuleEnd, type Weekday } from "./rule.ts"

/** The names of the days of a week. */
export const weekdayNames: Readonly<Record<Weekday, string>> = {
  MO: "Monday",
  TU: "Tuesday",
  WE: "Wednesday",
  TH: "Thursday",
  FR: "Friday",
  SA: "Saturday",
  SU: "Sunday",
}

const units: Readonly<Record<Frequency, readonly [one: string, many: string]>> = {
  HOURLY: ["hour", "hours"],
  DAILY: ["day", "days"],
  WEEKLY: ["week", "weeks"],
  MONTHLY: ["month", "months"],
  YEARLY: ["year", "years"],
}

const list = new Intl.ListFormat("en")
const dateOnly = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" })

/** A rule in words: "every 2 weeks on Monday and Friday, 5 times"; null where the builder does not know it. */
export const ruleText = (rule: string): string | null => {
  const parts = partsOf(rule)
  if (parts === null) return null
  const [one, many] = units[parts.frequency]
  const often = parts.interval === 1 ? `every ${one}` : `every ${parts.interval} ${many}`
  const days = parts.days.length === 0 ? "" : ` on ${list.format(parts.days.map((day) => weekdayNames[day]))}`
  return `${often}${days}${monthDayText(parts.monthDay)}${endText(parts.end)}`
}

const ordinals = { 1: "first", 2: "second", 3: "third", 4: "fourth", [-1]: "last" } as const

const monthDayText = (monthDay: MonthDay): string => {
  if (monthDay.by === "start") return ""
  if (monthDay.by === "last") return " on the last day"
  return ` on the ${ordinals[monthDay.nth]} ${weekdayNames[monthDay.weekday]}`
}

const endText = (end: RuleEnd): string => {
  if (end.kind === "count") return end.count === 1 ? ", once" : `, ${end.count} times`
  return end.kind === "until" ? `, until ${dateOnly.format(Date.parse(end.date))}` : ""
}

/** When a maintenance is, in a sentence without its beginning: "Every day at 02:30 for 1 h, Europe/Berlin". */
export const planText = (plan: Plan): string => {
  if (plan.kind === "single") return `Once, for ${span(Date.parse(plan.to) - Date.parse(plan.from))}`
  if (plan.kind === "manual") return "Until somebody ends it"
  const rule = ruleText(plan.rule)
  const often = rule === null ? `By the rule ${plan.rule}` : `${rule.charAt(0).toUpperCase()}${rule.slice(1)}`
  return `${often} at ${plan.start.slice(11)} for ${span(plan.durationMinutes * 60_000)}, ${plan.timeZone}`
}

const dayAndTime = new Intl.DateTimeFormat("en", {
  weekday: "short",
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
})
const withYear = new Intl.DateTimeFormat("en", {
  weekday: "short",
  year: "numeric",
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
})

/**
 * A window in the viewer's zone: "Wed, Nov 4, 22:00 – Thu, Nov 5, 02:00", on one day the day once; with the year where that
 * is not this one.
 *
 * @param now milliseconds since the epoch
 */
export const windowText = (startsAt: number, endsAt: number | null, now: number): string => {
  const year = new Date(now).getFullYear()
  const isThisYear = [startsAt, endsAt ?? startsAt].every((at) => new Date(at).getFullYear() === year)
  const format = isThisYear ? dayAndTime : withYear
  return endsAt === null ? `${format.format(startsAt)}, until it is ended` : format.formatRange(startsAt, endsAt)
}

const timeOnly = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })

/** A time of day in the viewer's zone: `22:00`. */
export const timeOfDay = (at: number): string => timeOnly.format(at)

/** The viewer's own zone. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone
