import { parseRecurrence } from "@uptime/incidents/Recurrence"
import { instantOfWall, wallOfInstant } from "@uptime/incidents/WallTime"
import { Either } from "effect"
import type { Request } from "../api/call.ts"
import { ownZone } from "./planText.ts"
import type { Maintenance, Plan } from "./queries.ts"
import { everyWeek, partsOf, type RuleParts, ruleOf } from "./rule.ts"

const hourMs = 3_600_000

/** The longest window of a rule, in minutes: a week. */
const longestMinutes = 10_080

/** A maintenance as its form has it. Wall times are as `2026-11-04T22:00`, on the clocks of `timeZone`. */
export interface Draft {
  readonly title: string
  readonly description: string
  readonly isPublic: boolean
  readonly monitorIds: ReadonlyArray<string>
  readonly tags: ReadonlyArray<string>
  readonly groups: ReadonlyArray<string>
  readonly kind: Plan["kind"]
  readonly timeZone: string
  readonly from: string
  /** The end of a single one. */
  readonly to: string
  /** Of a recurring one. */
  readonly hours: number
  readonly minutes: number
  /** Null while the rule is written by hand. */
  readonly parts: RuleParts | null
  readonly rule: string
}

/** A draft of a new maintenance: from the next full hour on, or from a wall time, for an hour. */
export const newDraft = (
  now: number,
  given: { readonly from?: string | undefined; readonly kind?: Plan["kind"] },
): Draft => {
  const timeZone = ownZone()
  const from = given.from ?? wallOfInstant(Math.ceil(now / hourMs) * hourMs, timeZone)
  return {
    title: "",
    description: "",
    isPublic: false,
    monitorIds: [],
    tags: [],
    groups: [],
    kind: given.kind ?? "single",
    timeZone,
    from,
    to: wallOfInstant((instantOfWall(from, timeZone) ?? now) + hourMs, timeZone),
    hours: 1,
    minutes: 0,
    parts: everyWeek,
    rule: ruleOf(everyWeek),
  }
}

/** A draft of a maintenance that there is. */
export const draftOf = (maintenance: Maintenance, now: number): Draft => {
  const { description, groups, isPublic, monitorIds, plan, tags, title } = maintenance
  const draft = { ...newDraft(now, { kind: plan.kind }), title, description, isPublic, monitorIds, tags, groups }
  const wall = (instant: string) => wallOfInstant(Date.parse(instant), draft.timeZone)
  if (plan.kind === "single") return { ...draft, from: wall(plan.from), to: wall(plan.to) }
  if (plan.kind === "manual") return { ...draft, from: wall(plan.from) }
  return {
    ...draft,
    timeZone: plan.timeZone,
    from: plan.start,
    hours: Math.floor(plan.durationMinutes / 60),
    minutes: plan.durationMinutes % 60,
    rule: plan.rule,
    parts: partsOf(plan.rule),
  }
}

/** The fields of a plan that something may be wrong with. */
export type PlanField = "from" | "to" | "timeZone" | "duration" | "rule"

/** What is wrong with a draft's plan, by field. */
export type PlanIssues = Readonly<Partial<Record<PlanField, string>>>

/** The plan that a draft means, or what is wrong with it. */
export const planOfDraft = (draft: Draft): Either.Either<Plan, PlanIssues> => {
  if (!isZone(draft.timeZone)) {
    return Either.left({ timeZone: "There is no such time zone. Choose one of the list, such as Europe/Berlin." })
  }
  const from = instantOfWall(draft.from, draft.timeZone)
  if (from === null) return Either.left({ from: "Give a date and a time." })
  if (draft.kind === "manual")
    return Either.right({ kind: "manual", from: new Date(from).toISOString(), endedAt: null })
  if (draft.kind === "recurring") return recurringPlan(draft)
  const to = instantOfWall(draft.to, draft.timeZone)
  if (to === null) return Either.left({ to: "Give a date and a time." })
  if (to <= from) return Either.left({ to: "It has to end after it begins." })
  if (to - from > 366 * 24 * hourMs) return Either.left({ to: "It can last a year at most." })
  return Either.right({ kind: "single", from: new Date(from).toISOString(), to: new Date(to).toISOString() })
}

const recurringPlan = (draft: Draft): Either.Either<Plan, PlanIssues> => {
  const durationMinutes = draft.hours * 60 + draft.minutes
  if (!Number.isInteger(durationMinutes) || durationMinutes < 1 || durationMinutes > longestMinutes) {
    return Either.left({ duration: "Each time lasts from one minute to a week." })
  }
  const rule = draft.parts === null ? draft.rule.trim() : ruleOf(draft.parts)
  const parsed = parseRecurrence(rule)
  if (Either.isLeft(parsed)) return Either.left({ rule: sentence(parsed.left) })
  const { from: start, timeZone } = draft
  return Either.right({ kind: "recurring", rule, start, timeZone, durationMinutes })
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

const isZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) !== null && /^[A-Za-z]/.test(name)
  } catch {
    return false
  }
}

/** What is sent for a new maintenance. */
export const createOf = (draft: Draft, plan: Plan): Request<"maintenances", "create">["payload"] => {
  const { description, groups, isPublic, monitorIds, tags, title } = draft
  return { title: title.trim(), description: description.trim(), isPublic, monitorIds, tags, groups, plan }
}

/** What is sent for an edit: the plan only where it is another, so that a window that was ended early stays so. */
export const editOf = (
  draft: Draft,
  plan: Plan,
  before: Maintenance,
): NonNullable<Request<"maintenances", "edit">["payload"]> => {
  const { plan: _, ...rest } = createOf(draft, plan)
  return isSamePlan(plan, before.plan) ? rest : { ...rest, plan }
}

const isSamePlan = (plan: Plan, before: Plan): boolean => {
  if (plan.kind === "recurring" && before.kind === "recurring") {
    const { durationMinutes, rule, start, timeZone } = before
    return (
      plan.rule === rule &&
      plan.start === start &&
      plan.timeZone === timeZone &&
      plan.durationMinutes === durationMinutes
    )
  }
  // The form has no seconds.
  const minute = (instant: string) => Math.floor(Date.parse(instant) / 60_000)
  if (plan.kind === "single" && before.kind === "single") {
    return minute(plan.from) === minute(before.from) && minute(plan.to) === minute(before.to)
  }
  return plan.kind === "manual" && before.kind === "manual" && minute(plan.from) === minute(before.from)
}
