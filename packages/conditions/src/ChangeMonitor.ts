import type { CheckKind } from "@uptime/domain/CheckKind"
import type { StoredCondition } from "@uptime/domain/Condition"
import type { MonitorSettings } from "@uptime/domain/Monitor"
import { changeSettings, type MonitorChanges, type SettingsIssue } from "@uptime/domain/MonitorChanges"
import { kindOfUrl } from "@uptime/domain/UrlScheme"
import { Either } from "effect"
import { parseOnce } from "./ConditionCache.ts"
import { kindsWith } from "./KindPlaceholders.ts"
import { placeholderIn } from "./ParsedCondition.ts"
import { nameOf, type PlaceholderName } from "./Placeholder.ts"

/**
 * Settings with changes made, or all that speaks against them: what `changeSettings` says, and conditions that ask for what
 * checks of this kind never see. Those that stay as they are, under the same URL, are not looked at again.
 */
export const changeMonitor = (
  before: MonitorSettings,
  changes: MonitorChanges,
): Either.Either<MonitorSettings, ReadonlyArray<SettingsIssue>> =>
  Either.flatMap(changeSettings(before, changes), (settings) => {
    const isAsked = changes.conditions !== undefined || changes.url !== undefined
    const issues = isAsked ? conditionIssues(kindOfUrl(settings.url), settings.check.conditions ?? []) : []
    return issues.length === 0 ? Either.right(settings) : Either.left(issues)
  })

const conditionIssues = (kind: CheckKind, conditions: ReadonlyArray<StoredCondition>): ReadonlyArray<SettingsIssue> =>
  conditions.flatMap(({ condition }, i) => {
    const foreign = placeholdersOf(condition).filter((name) => !kindsWith[name].includes(kind))
    return foreign.map((name) => ({ path: ["conditions", i, "condition"], message: neverThere(name, kind) }))
  })

/** What a condition asks for; nothing where it cannot be read, which whoever takes it has looked at. */
const placeholdersOf = (text: string): ReadonlyArray<PlaceholderName> =>
  Either.match(parseOnce(text), {
    onLeft: () => [],
    onRight: ({ left, right }) => {
      const names = [placeholderIn(left), placeholderIn(right)].flatMap((one) => (one === null ? [] : [nameOf(one)]))
      return [...new Set(names)]
    },
  })

const neverThere = (name: PlaceholderName, kind: CheckKind): string => {
  const kinds = kindsWith[name]
  const others = kinds.length === 1 ? `those of the kind ${kinds[0]}` : `those of the kinds ${kinds.join(", ")}`
  return `asks for [${name}], which checks of the kind ${kind} never see: only ${others} do`
}
