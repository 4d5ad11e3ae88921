import { DateTime, Either } from "effect"
import { Temporal } from "temporal-polyfill"
import { type MaintenancePlan, maxEndedEarly, type RecurringPlan } from "./MaintenancePlan.ts"
import { horizonMs, parseRecurrence, wallTimesBetween } from "./Recurrence.ts"

const dayMs = 86_400_000

/** The most windows that are listed at once. */
export const maxWindows = 1_000

/** How far a wall time, read as UTC, may lie from its instant: the furthest offset, and a day that a zone left out. */
const furthestMs = 2 * dayMs

/** The first instant that a plan is looked into, and the last: 1970 and the end of 9999. */
const earliest = 0
const latest = Date.UTC(9999, 11, 31)

/** A time under maintenance, from `startsAt` until before `endsAt`; null: until it is ended. Milliseconds since the epoch. */
export interface MaintenanceWindow {
  readonly startsAt: number
  readonly endsAt: number | null
}

/**
 * The windows of a plan that share an instant with `[from, to)`, in their order: at most 1,000, and none that begins more
 * than ten years after `from`, or after the plan's start where that is later.
 *
 * A recurring one begins by the clocks of its zone and lasts its minutes by any clock. Where a clock is put forward over
 * its beginning, it begins as much later (02:30 becomes 03:30: Temporal's `compatible`, and RFC 5545, 3.3.5); where a clock
 * shows it twice, it begins the first time. One that begins before the last has ended cuts that short: no time is in two.
 */
export const windowsBetween = (plan: MaintenancePlan, from: number, to: number): ReadonlyArray<MaintenanceWindow> => {
  const windows: Array<MaintenanceWindow> = []
  for (const window of windowsFrom(plan, from)) {
    if (window.startsAt >= to || windows.length === maxWindows) break
    windows.push(window)
  }
  return windows
}

/** The first windows of a plan that end after an instant, in their order: at most `count`, as far as plans are looked into. */
export const nextWindows = (plan: MaintenancePlan, from: number, count: number): ReadonlyArray<MaintenanceWindow> => {
  const windows: Array<MaintenanceWindow> = []
  for (const window of windowsFrom(plan, from)) if (windows.push(window) >= count) break
  return windows
}

/** The window of a plan that an instant lies in, or null. */
export const windowAt = (plan: MaintenancePlan, instant: number): MaintenanceWindow | null =>
  windowsBetween(plan, instant, instant + 1)[0] ?? null

/** The first window of a plan that begins after an instant, as far as plans are looked into; null where there is none. */
export const nextWindow = (plan: MaintenancePlan, instant: number): MaintenanceWindow | null => {
  for (const window of windowsFrom(plan, instant)) {
    if (window.startsAt > instant) return window
  }
  return null
}

/** The plan whose window at an instant is over then; the same plan where there is none, or where it begins only then. */
export const endWindow = (plan: MaintenancePlan, instant: number): MaintenancePlan => {
  const window = windowAt(plan, instant)
  if (window === null || window.startsAt === instant) return plan
  const at = DateTime.unsafeMake(instant)
  if (plan.kind === "single") return { ...plan, to: at }
  if (plan.kind === "manual") return { ...plan, endedAt: at }
  const ended = [...(plan.endedEarly ?? []), { startsAt: DateTime.unsafeMake(window.startsAt), endsAt: at }]
  return { ...plan, endedEarly: ended.slice(-maxEndedEarly) }
}

/** The windows that end after an instant, in their order. */
function* windowsFrom(plan: MaintenancePlan, instant: number): Generator<MaintenanceWindow> {
  const from = Math.min(Math.max(instant, earliest), latest)
  if (plan.kind === "recurring") {
    for (const window of recurringWindows(plan, from)) if (window.endsAt > from) yield window
    return
  }
  const startsAt = DateTime.toEpochMillis(plan.from)
  const end = plan.kind === "single" ? plan.to : plan.endedAt
  const endsAt = end === null ? null : DateTime.toEpochMillis(end)
  if (endsAt === null || (endsAt > from && endsAt > startsAt)) yield { startsAt, endsAt }
}

function* recurringWindows(
  plan: RecurringPlan,
  from: number,
): Generator<MaintenanceWindow & { readonly endsAt: number }> {
  const durationMs = plan.durationMinutes * 60_000
  const early = new Map(
    (plan.endedEarly ?? []).map(({ endsAt, startsAt }) => [
      DateTime.toEpochMillis(startsAt),
      DateTime.toEpochMillis(endsAt),
    ]),
  )
  const window = (startsAt: number, next: number) => ({
    startsAt,
    endsAt: Math.min(startsAt + durationMs, next, early.get(startsAt) ?? next),
  })
  let startsAt: number | null = null
  for (const next of startsFrom(plan, from - durationMs)) {
    if (startsAt !== null) yield window(startsAt, next)
    startsAt = next
  }
  if (startsAt !== null) yield window(startsAt, Number.POSITIVE_INFINITY)
}

/** When a recurring plan begins, from an instant on, in order and each once: looked for in stretches of what it yields. */
function* startsFrom({ rule, start, timeZone }: RecurringPlan, from: number): Generator<number> {
  const recurrence = parseRecurrence(rule)
  if (Either.isLeft(recurrence)) return
  const wall = Temporal.PlainDateTime.from(start)
  const earliestStart = instantOf(wall.toZonedDateTime("UTC").epochMilliseconds, timeZone)
  const begin = Math.max(from, earliestStart)
  const end = Math.min(begin + horizonMs, latest)
  let stretch = 30 * dayMs
  for (let at = begin; at < end; ) {
    const until = Math.min(at + stretch, end)
    const times = wallTimesBetween(recurrence.right, wall, timeZone, at - furthestMs, until + furthestMs)
    if (times === null) return
    const instants = new Set(times.map((time) => instantOf(time, timeZone)))
    const inside = [...instants].filter((instant) => instant >= at && instant < until)
    yield* inside.sort((one, other) => one - other)
    stretch = times.length < 100 ? stretch * 2 : stretch
    at = until
  }
}

/** When a clock in a zone shows what a clock in UTC shows at an instant. */
const instantOf = (wallTime: number, timeZone: string): number =>
  Temporal.Instant.fromEpochMilliseconds(wallTime).toZonedDateTimeISO("UTC").toPlainDateTime().toZonedDateTime(timeZone)
    .epochMilliseconds
