import type { Day } from "./queries.ts"

/** How a day was, by its uptime; `none` when nothing is known of it. */
export type DayLevel = "none" | "full" | "high" | "middle" | "low"

/** The level of an uptime in percent. */
export const levelOf = (uptime: number | null): DayLevel => {
  if (uptime === null) return "none"
  if (uptime >= 100) return "full"
  if (uptime >= 99.9) return "high"
  return uptime >= 99 ? "middle" : "low"
}

/** The weekday of a day such as `2026-11-29`: 0 for Monday to 6 for Sunday. */
export const weekdayOf = (day: string): number => (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7

/**
 * Days by week: seven rows from Monday to Sunday, a column per week, oldest first; null where a week has no day of theirs.
 *
 * @param days consecutive, oldest first
 */
export const yearGrid = (days: ReadonlyArray<Day>): ReadonlyArray<ReadonlyArray<Day | null>> => {
  const [first] = days
  if (first === undefined) return []
  const before = weekdayOf(first.day)
  const weeks = Math.ceil((before + days.length) / 7)
  return Array.from({ length: 7 }, (_, weekday) =>
    Array.from({ length: weeks }, (_, week) => days[week * 7 + weekday - before] ?? null),
  )
}

/** Which month begins in each week, by the first day of a month in it: 0 to 11, null for most weeks. */
export const monthsOf = (grid: ReadonlyArray<ReadonlyArray<Day | null>>): ReadonlyArray<number | null> =>
  (grid[0] ?? []).map((_, week) => {
    const first = grid.map((row) => row[week]).find((day) => day?.day.endsWith("-01") === true)
    return first === undefined || first === null ? null : Number(first.day.slice(5, 7)) - 1
  })

/** Where a key leads in the grid, of days by their place; undefined for keys that lead nowhere. */
export const nextDay = (key: string, at: number, count: number): number | undefined => {
  const steps: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -7, ArrowRight: 7 }
  if (key === "Home") return 0
  if (key === "End") return count - 1
  const step = steps[key]
  if (step === undefined) return undefined
  const next = at + step
  return next < 0 || next >= count ? at : next
}
