import type { PageLanguage } from "@uptime/domain/StatusPage"
import { counted, filled, type Plural, type Texts, textsOf } from "./Texts.ts"

/** How a page puts things into words: in its language, and at the time of its zone. Instants are milliseconds since the epoch. */
export interface Words {
  readonly language: PageLanguage
  readonly texts: Texts
  /** Day and time with the zone's name: `Nov 25, 2026, 1:05 PM UTC`. */
  readonly instant: (at: number) => string
  /**
   * Two instants with what stands between them, without saying twice what they have in common: `Nov 26, 2026, 2:05`, ` – `,
   * `4:05 PM UTC`.
   */
  readonly range: (from: number, to: number) => readonly [from: string, between: string, to: string]
  /** The time of day: `1:05 PM`. */
  readonly hour: (at: number) => string
  /** A day of the calendar, `YYYY-MM-DD`, in words; text that is none stays. */
  readonly day: (day: string) => string
  /** The day of an instant without its year: `Nov 25`. */
  readonly shortDay: (at: number) => string
  /** A month of the calendar, `YYYY-MM`, in words; text that is none stays. */
  readonly month: (month: string) => string
  /** The day of an instant in the page's zone, `YYYY-MM-DD`. */
  readonly dayOf: (at: number) => string
  /** A length of time by its two largest units, rounded down: `2 hr, 5 min`. */
  readonly duration: (ms: number) => string
  /** Percent with two or three decimals, never rounded up. */
  readonly percent: (value: number | null) => string
  readonly milliseconds: (value: number) => string
  /** A number without decimals. */
  readonly whole: (value: number) => string
  readonly count: (plural: Plural, count: number) => string
  /** Names as an enumeration, at most ten of them. */
  readonly list: (names: ReadonlyArray<string>) => string
  /** All names as an enumeration. */
  readonly enumeration: (names: ReadonlyArray<string>) => string
  /** A value after what it is: `Started: Nov 25`. */
  readonly labelled: (label: string, value: string) => string
  readonly fill: (text: string, values: Readonly<Record<string, string | number>>) => string
}

const maxListed = 10

const units: ReadonlyArray<readonly [unit: "day" | "hour" | "minute" | "second", seconds: number]> = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
]

/** The zone, or UTC where the runtime knows no such zone. */
const knownZone = (timeZone: string): string => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone
  } catch {
    return "UTC"
  }
}

/**
 * The words of a page.
 *
 * @param timeZone an IANA name; UTC stands in for one that is not known
 */
export const wordsOf = (page: { readonly language: PageLanguage; readonly timeZone: string }): Words => {
  const { language } = page
  const timeZone = knownZone(page.timeZone)
  const texts = textsOf(language)
  const instants = new Intl.DateTimeFormat(language, {
    timeZone,
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
  })
  const hours = new Intl.DateTimeFormat(language, { timeZone, hour: "numeric", minute: "2-digit" })
  const days = new Intl.DateTimeFormat(language, { timeZone: "UTC", year: "numeric", month: "short", day: "numeric" })
  const shortDays = new Intl.DateTimeFormat(language, { timeZone, month: "short", day: "numeric" })
  const months = new Intl.DateTimeFormat(language, { timeZone: "UTC", year: "numeric", month: "long" })
  const isoDays = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" })
  const percents = new Intl.NumberFormat(language, {
    style: "percent",
    minimumFractionDigits: 2,
    maximumFractionDigits: 3,
  })
  const unitFormats = new Map<string, Intl.NumberFormat>()
  const unit = (name: string, value: number) => {
    let format = unitFormats.get(name)
    if (format === undefined) {
      format = new Intl.NumberFormat(language, {
        style: "unit",
        unit: name,
        unitDisplay: "short",
        maximumFractionDigits: 0,
      })
      unitFormats.set(name, format)
    }
    return format.format(value)
  }
  const written = (format: Intl.DateTimeFormat, iso: string, text: string) => {
    const at = Date.parse(iso)
    return Number.isNaN(at) ? text : format.format(at)
  }
  const count = (plural: Plural, number: number) => counted(language, plural, number)
  const listing = new Intl.ListFormat(language, { style: "narrow", type: "unit" })
  const enumeration = (names: ReadonlyArray<string>) => names.join(language === "ja" ? "、" : ", ")
  return {
    language,
    texts,
    instant: (at) => (isInstant(at) ? instants.format(at) : "–"),
    range: (from, to) => (isInstant(from) && isInstant(to) && from < to ? rangeOf(instants, from, to) : ["–", "", ""]),
    hour: (at) => (isInstant(at) ? hours.format(at) : "–"),
    day: (day) => written(days, `${day}T00:00:00Z`, day),
    shortDay: (at) => (isInstant(at) ? shortDays.format(at) : "–"),
    month: (month) => written(months, `${month}-01T00:00:00Z`, month),
    dayOf: (at) => (isInstant(at) ? isoDays.format(at) : ""),
    duration: (ms) => {
      let seconds = Math.max(0, Math.floor(ms / 1000))
      const parts: Array<string> = []
      for (const [name, size] of units) {
        const value = Math.floor(seconds / size)
        seconds -= value * size
        if (value > 0) parts.push(unit(name, value))
        if (parts.length === 2 || (parts.length === 1 && value === 0)) break
      }
      return parts.length === 0 ? unit("second", 0) : listing.format(parts)
    },
    percent: (value) => (value === null ? texts.page.noData : percents.format(thousandths(value) / 100_000)),
    milliseconds: (value) => unit("millisecond", value),
    whole: (value) => Math.round(value).toLocaleString(language),
    count,
    list: (names) => {
      const listed = enumeration(names.slice(0, maxListed))
      return names.length > maxListed ? `${listed} ${count(texts.more, names.length - maxListed)}` : listed
    },
    enumeration,
    labelled: (label, value) => filled(texts.page.labelled, { label, value }),
    fill: filled,
  }
}

/** A range in its parts: all that is of its beginning, what divides, and the rest. */
const rangeOf = (format: Intl.DateTimeFormat, from: number, to: number): readonly [string, string, string] => {
  const parts = format.formatRangeToParts(from, to)
  const first = parts.findLastIndex(({ source }) => source === "startRange") + 1
  const second = parts.findIndex(({ source }) => source === "endRange")
  const text = (begin: number, end?: number) =>
    parts
      .slice(begin, end)
      .map(({ value }) => value)
      .join("")
  return second < first ? [text(0), "", ""] : [text(0, first), text(first, second), text(second)]
}

/** How many whole thousandths a number holds; multiplying it rounds, so that the result may be one too many or too few. */
const thousandths = (value: number): number => {
  const rounded = Math.round(value * 1000)
  return rounded / 1000 <= value ? rounded : rounded - 1
}

/** Whether a calendar holds an instant (ECMA-262, 21.4.1.31). */
const isInstant = (at: number): boolean => Math.abs(at) <= 8.64e15
