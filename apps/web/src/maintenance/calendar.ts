/** The month as a calendar shows it, in the viewer's zone. Instants are milliseconds since the epoch. */

/** A day of the calendar, from `start` until before `end`. */
export interface Day {
  /** Such as `2026-11-04`. */
  readonly date: string
  readonly start: number
  readonly end: number
  readonly inMonth: boolean
}

const dayOf = (year: number, month: number, day: number, shown: number): Day => {
  const start = new Date(year, month, day)
  return {
    date: dateText(start),
    start: start.getTime(),
    end: new Date(year, month, day + 1).getTime(),
    inMonth: start.getMonth() === shown,
  }
}

/** A date as its day in the viewer's zone, such as `2026-11-04`. */
export const dateText = (date: Date): string =>
  `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`

/** The month that a date lies in, such as `2026-11`. */
export const monthText = (date: Date): string => dateText(date).slice(0, 7)

/** A month so many months after another. */
export const monthAfter = (month: string, months: number): string => {
  const [year = 0, number = 1] = month.split("-").map(Number)
  return monthText(new Date(year, number - 1 + months, 1))
}

/** The weeks that a month has days in, each from Monday to Sunday. */
export const weeksOf = (month: string): ReadonlyArray<ReadonlyArray<Day>> => {
  const [year = 0, number = 1] = month.split("-").map(Number)
  const shown = number - 1
  const before = (new Date(year, shown, 1).getDay() + 6) % 7
  const days = new Date(year, shown + 1, 0).getDate()
  return Array.from({ length: Math.ceil((before + days) / 7) }, (_, week) =>
    Array.from({ length: 7 }, (_, weekday) => dayOf(year, shown, 1 - before + week * 7 + weekday, shown)),
  )
}

/** A window's part in a week: which days it takes, in which line, and whether it goes on beyond. */
export interface Bar<W> {
  readonly window: W
  /** The first day, 0 to 6. */
  readonly day: number
  /** How many days. */
  readonly days: number
  readonly lane: number
  readonly isBegun: boolean
  readonly goesOn: boolean
}

/**
 * The bars of a week's windows: each in the first line where it covers no other.
 *
 * @param windows in the order in which they begin
 * @param now where windows that nobody has ended yet are drawn to, unless they begin later
 */
export const barsOf = <W extends { readonly startsAt: number; readonly endsAt: number | null }>(
  week: ReadonlyArray<Day>,
  windows: ReadonlyArray<W>,
  now: number,
): ReadonlyArray<Bar<W>> => {
  const lanes: Array<number> = []
  return windows.flatMap((window) => {
    const end = window.endsAt ?? Math.max(now, window.startsAt) + 1
    const taken = week.flatMap((day, index) => (window.startsAt < day.end && end > day.start ? [index] : []))
    const [first] = taken
    if (first === undefined) return []
    const found = lanes.findIndex((free) => free <= first)
    const lane = found === -1 ? lanes.length : found
    lanes[lane] = first + taken.length
    return [
      {
        window,
        day: first,
        days: taken.length,
        lane,
        isBegun: window.startsAt < (week[0]?.start ?? 0),
        goesOn: window.endsAt === null || end > (week[6]?.end ?? 0),
      },
    ]
  })
}
