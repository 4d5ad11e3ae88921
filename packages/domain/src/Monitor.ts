import { Schema } from "effect"
import { AlertRules } from "./AlertRules.ts"
import { CheckKind } from "./CheckKind.ts"
import { type CheckOptions, type CheckSpec, kindOptions, maxTimeoutMs } from "./CheckSpec.ts"
import { maxConditions, StoredCondition } from "./Condition.ts"
import { Confirmation } from "./Confirmation.ts"
import { MonitorId, UserId } from "./Ids.ts"
import { IntervalSeconds } from "./IntervalSeconds.ts"
import { MonitorUrl } from "./MonitorUrl.ts"
import { secretMask } from "./SecretMask.ts"
import { lineOfText } from "./Text.ts"
import { kindOfUrl } from "./UrlScheme.ts"

/** A monitor's name: 1 to 200 characters. */
export const MonitorName = lineOfText(1, 200).annotations({ identifier: "MonitorName" })

/** A tag: 1 to 50 characters. A monitor has at most 20, each once. */
export const Tag = lineOfText(1, 50).annotations({ identifier: "Tag" })
export const Tags = Schema.Array(Tag).pipe(
  Schema.maxItems(20),
  Schema.filter((tags) => new Set(tags).size === tags.length || "each tag may be given once"),
)

/** The name of a group: 1 to 100 characters. */
export const GroupName = lineOfText(1, 100).annotations({ identifier: "GroupName" })

/** The total deadline of one check in milliseconds: 100 to 60,000, whole. */
export const TimeoutMs = Schema.Int.pipe(Schema.between(100, maxTimeoutMs)).annotations({ identifier: "TimeoutMs" })

/** The monitors that another one lies behind: at most 10, each once. While one of them is down, nothing is told of it. */
export const Parents = Schema.Array(MonitorId).pipe(
  Schema.maxItems(10),
  Schema.filter(
    (ids) => new Set(ids.map((id) => id.toLowerCase())).size === ids.length || "each parent may be given once",
  ),
)

/** A thing to check, as its owner sees it: secrets can be written and never read. */
export const Monitor = Schema.Struct({
  id: MonitorId,
  userId: UserId,
  name: MonitorName,
  kind: CheckKind,
  url: MonitorUrl,
  intervalSeconds: IntervalSeconds,
  timeoutMs: TimeoutMs,
  enabled: Schema.Boolean,
  tags: Tags,
  conditions: Schema.Array(StoredCondition).pipe(Schema.maxItems(maxConditions)),
  confirmation: Confirmation,
  alerts: AlertRules,
  group: Schema.NullOr(GroupName),
  parents: Parents,
  ...kindOptions(Schema.Literal(secretMask)),
  createdAt: Schema.DateTimeUtc,
  updatedAt: Schema.DateTimeUtc,
}).annotations({ identifier: "Monitor" })
export type Monitor = typeof Monitor.Type

/** What may be set on a monitor, complete, with its secrets sealed. Its kind is that of its URL. */
export interface MonitorSettings {
  readonly name: string
  readonly url: MonitorUrl
  readonly intervalSeconds: number
  readonly timeoutMs: number
  readonly enabled: boolean
  readonly tags: ReadonlyArray<string>
  /** What its checks are told: conditions, and the options of its kind. Neither is there when it would be empty. */
  readonly check: CheckOptions
  readonly confirmation: Confirmation
  readonly alerts: AlertRules
  readonly group: string | null
  readonly parents: ReadonlyArray<MonitorId>
}

/** The name of a monitor that was given none: the host of its URL, cut to what a name may be. */
export const defaultName = (url: MonitorUrl): string => {
  const { host } = new URL(url)
  return host === "" ? "Heartbeat" : host.slice(0, 200)
}

/** The specification that a monitor's jobs carry. */
export const checkSpec = (monitor: Pick<MonitorSettings, "url" | "timeoutMs" | "check">): CheckSpec => ({
  kind: kindOfUrl(monitor.url),
  url: monitor.url,
  timeoutMs: monitor.timeoutMs,
  ...monitor.check,
})
