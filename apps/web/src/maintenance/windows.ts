import type { MaintenancePlan } from "@uptime/incidents/MaintenancePlan"
import {
  type MaintenanceWindow,
  nextWindow,
  nextWindows,
  windowAt,
  windowsBetween,
} from "@uptime/incidents/MaintenanceSchedule"
import { DateTime } from "effect"
import type { Maintenance, Plan } from "./queries.ts"

/** A plan as the schedule takes it. */
const planOf = (plan: Plan): MaintenancePlan => {
  switch (plan.kind) {
    case "single":
      return { ...plan, from: DateTime.unsafeMake(plan.from), to: DateTime.unsafeMake(plan.to) }
    case "manual":
      return {
        ...plan,
        from: DateTime.unsafeMake(plan.from),
        endedAt: plan.endedAt === null ? null : DateTime.unsafeMake(plan.endedAt),
      }
    case "recurring": {
      const { endedEarly, ...rest } = plan
      if (endedEarly === undefined) return rest
      const early = endedEarly.map(({ endsAt, startsAt }) => ({
        startsAt: DateTime.unsafeMake(startsAt),
        endsAt: DateTime.unsafeMake(endsAt),
      }))
      return { ...rest, endedEarly: early }
    }
  }
}

/** A window with its maintenance. Milliseconds since the epoch; `endsAt` is null until somebody ends it. */
export interface ShownWindow extends MaintenanceWindow {
  readonly maintenance: Maintenance
}

/** The first windows of a plan that end after an instant, at most `count`. */
export const firstWindows = (plan: Plan, from: number, count: number): ReadonlyArray<MaintenanceWindow> =>
  nextWindows(planOf(plan), from, count)

/** The windows of all maintenances that share an instant with `[from, to)`; in the order in which they begin. */
export const windowsOfAll = (
  maintenances: ReadonlyArray<Maintenance>,
  from: number,
  to: number,
): ReadonlyArray<ShownWindow> =>
  maintenances
    .flatMap((maintenance) =>
      windowsBetween(planOf(maintenance.plan), from, to).map((window) => ({ ...window, maintenance })),
    )
    .sort((one, other) => one.startsAt - other.startsAt || (one.maintenance.id < other.maintenance.id ? -1 : 1))

/** How a maintenance stands: a window is open, one is to come, or there is none any more. */
export type Standing =
  | { readonly state: "open" | "coming"; readonly window: MaintenanceWindow }
  /** The last window, as far as a year back; null where there was none. */
  | { readonly state: "past"; readonly window: MaintenanceWindow | null }

/** How far back the last window is looked for, in milliseconds. */
const lookBackMs = 366 * 86_400_000

const known = new WeakMap<Maintenance, { readonly standing: Standing; readonly until: number }>()

/** How a maintenance stands at an instant; worked out anew only when that changes. */
export const standingAt = (maintenance: Maintenance, now: number): Standing => {
  const before = known.get(maintenance)
  if (before !== undefined && now < before.until) return before.standing
  const plan = planOf(maintenance.plan)
  const open = windowAt(plan, now)
  const coming = open === null ? nextWindow(plan, now) : null
  const standing: Standing =
    open !== null
      ? { state: "open", window: open }
      : coming !== null
        ? { state: "coming", window: coming }
        : { state: "past", window: windowsBetween(plan, now - lookBackMs, now).at(-1) ?? null }
  known.set(maintenance, { standing, until: open?.endsAt ?? coming?.startsAt ?? Number.POSITIVE_INFINITY })
  return standing
}
