import { assert, describe, it } from "@effect/vitest"
import { parseRecurrence, wallTimesBetween } from "@uptime/incidents/Recurrence"
import { Either, FastCheck as fc } from "effect"
import { Temporal } from "temporal-polyfill"

const dayMs = 86_400_000
const days = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"] as const

/** A rule as the naive generator has it. */
interface Rule {
  readonly freq: "DAILY" | "WEEKLY" | "MONTHLY"
  readonly interval: number
  /** Weekdays with the how-manieth of the month they are; 0 for all. */
  readonly byDay: ReadonlyArray<readonly [n: number, day: number]>
  readonly byMonthDay: ReadonlyArray<number>
  readonly byMonth: ReadonlyArray<number>
  readonly byHour: ReadonlyArray<number>
  readonly count: number | null
  readonly until: number | null
  readonly weekStart: number
}

const stamp = (time: number) => new Date(time).toISOString().replaceAll(/[-:]|\.\d+/g, "")

const textOf = (rule: Rule): string =>
  [
    `FREQ=${rule.freq}`,
    `INTERVAL=${rule.interval}`,
    ...(rule.byDay.length > 0
      ? [`BYDAY=${rule.byDay.map(([n, day]) => `${n === 0 ? "" : n}${days[day]}`).join()}`]
      : []),
    ...(rule.byMonthDay.length > 0 ? [`BYMONTHDAY=${rule.byMonthDay.join()}`] : []),
    ...(rule.byMonth.length > 0 ? [`BYMONTH=${rule.byMonth.join()}`] : []),
    ...(rule.byHour.length > 0 ? [`BYHOUR=${rule.byHour.join()}`] : []),
    ...(rule.count === null ? [] : [`COUNT=${rule.count}`]),
    ...(rule.until === null ? [] : [`UNTIL=${stamp(rule.until)}`]),
    `WKST=${days[rule.weekStart]}`,
  ].join(";")

/** Looks at every hour of every day from the start on: slow, and plainly what RFC 5545, 3.3.10, says. */
const naive = (rule: Rule, start: number, to: number): ReadonlyArray<number> => {
  const times: Array<number> = []
  const first = new Date(start)
  const hours = rule.byHour.length > 0 ? [...rule.byHour].sort((one, other) => one - other) : [first.getUTCHours()]
  const midnight = Math.floor(start / dayMs) * dayMs
  for (let day = midnight; day <= to; day += dayMs) {
    if (!isDayOf(rule, first, midnight, day)) continue
    for (const hour of hours) {
      const time = day + hour * 3_600_000 + first.getUTCMinutes() * 60_000
      if (time < start || time > to || (rule.until !== null && time > rule.until)) continue
      if (rule.count === null || times.length < rule.count) times.push(time)
    }
  }
  return times
}

const isDayOf = (rule: Rule, first: Date, midnight: number, day: number): boolean => {
  const date = new Date(day)
  const weekday = date.getUTCDay()
  const monthDay = date.getUTCDate()
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  const isNth = (n: number) =>
    n === 0 || (n > 0 ? Math.ceil(monthDay / 7) === n : Math.ceil((length - monthDay + 1) / 7) === -n)
  if (rule.byMonth.length > 0 && !rule.byMonth.includes(date.getUTCMonth() + 1)) return false
  if (rule.byDay.length > 0 && !rule.byDay.some(([n, on]) => on === weekday && isNth(n))) return false
  if (rule.byMonthDay.length > 0 && !rule.byMonthDay.some((n) => n === monthDay || n === monthDay - length - 1))
    return false
  if (rule.freq === "DAILY") return ((day - midnight) / dayMs) % rule.interval === 0
  if (rule.freq === "WEEKLY") {
    const week = (time: number) => Math.floor((time / dayMs + 4 - rule.weekStart) / 7)
    if ((week(day) - week(midnight)) % rule.interval !== 0) return false
    return rule.byDay.length > 0 || weekday === first.getUTCDay()
  }
  const months = (date.getUTCFullYear() - first.getUTCFullYear()) * 12 + date.getUTCMonth() - first.getUTCMonth()
  if (months % rule.interval !== 0) return false
  return rule.byDay.length + rule.byMonthDay.length > 0 || monthDay === first.getUTCDate()
}

const start = fc
  .integer({ min: Date.UTC(2020, 0, 1) / 60_000, max: Date.UTC(2030, 0, 1) / 60_000 })
  .map((minute) => minute * 60_000)
const weekday = fc.integer({ min: 0, max: 6 })
const distinct = <A>(item: fc.Arbitrary<A>, maxLength: number) =>
  fc.uniqueArray(item, { maxLength, selector: (value) => JSON.stringify(value) })
const rule = fc
  .record({
    freq: fc.constantFrom("DAILY" as const, "WEEKLY" as const, "MONTHLY" as const),
    interval: fc.integer({ min: 1, max: 5 }),
    byDay: distinct(fc.tuple(fc.constantFrom(0, 0, 1, 2, 5, -1, -2), weekday), 3),
    byMonthDay: distinct(fc.constantFrom(1, 13, 29, 31, -1, -31), 2),
    byMonth: fc.oneof(fc.constant([]), distinct(fc.integer({ min: 1, max: 12 }), 3)),
    byHour: fc.oneof(fc.constant([]), distinct(fc.integer({ min: 0, max: 23 }), 3)),
    count: fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 30 })),
    until: fc.oneof(
      fc.constant(null),
      start.map((time) => Math.floor(time / 1_000) * 1_000),
    ),
    weekStart: weekday,
  })
  .map(
    (rule): Rule => ({
      ...rule,
      // Ordinals are for months only, days of the month not for weeks.
      byDay: distinctDays(rule.freq === "MONTHLY" ? rule.byDay : rule.byDay.map(([, day]) => [0, day])),
      byMonthDay: rule.freq === "WEEKLY" ? [] : rule.byMonthDay,
      until: rule.count === null ? rule.until : null,
    }),
  )

const distinctDays = (byDay: ReadonlyArray<readonly [number, number]>): Rule["byDay"] => [
  ...new Map(byDay.map((entry) => [entry.join(), entry])).values(),
]

describe("a recurrence rule", () => {
  it.prop(
    "comes true when a generator that knows no better way says so",
    [rule, start, fc.nat(1_500), fc.integer({ min: 1, max: 400 })],
    ([rule, start, skip, length]) => {
      const from = start + skip * dayMs
      const to = from + length * dayMs
      const parsed = Either.getOrThrow(parseRecurrence(textOf(rule)))
      const wall = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO("UTC").toPlainDateTime()
      const expected = naive(rule, start, to).filter((time) => time >= from)
      assert.deepStrictEqual(
        wallTimesBetween(parsed, wall, "UTC", from, to)?.map(stamp),
        expected.map(stamp),
        textOf(rule),
      )
    },
  )

  it.prop(
    "of any text is read or refused in a sentence",
    [fc.oneof(fc.string({ maxLength: 600 }), fc.stringMatching(/^(FREQ|BYDAY|COUNT|[A-Z]+)=[A-Z0-9,;=+-]*$/))],
    ([text]) => {
      const parsed = parseRecurrence(text)
      if (Either.isLeft(parsed)) assert.match(parsed.left, /\w/)
      else
        wallTimesBetween(parsed.right, Temporal.PlainDateTime.from("2026-01-01T00:00"), "UTC", 0, Date.UTC(2027, 0, 1))
    },
  )
})
