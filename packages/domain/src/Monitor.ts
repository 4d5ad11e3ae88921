import { Schema } from "effect"
import { type CheckSpec, maxTimeoutMs } from "./CheckSpec.ts"
import { MonitorId, UserId } from "./Ids.ts"
import { IntervalSeconds } from "./IntervalSeconds.ts"
import { MonitorUrl } from "./MonitorUrl.ts"
import { lineOfText } from "./Text.ts"

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

/** The deadline of a check when none is given, in milliseconds. */
export const defaultTimeoutMs = 10_000

/** The interval of a monitor when none is given and `DEFAULT_INTERVAL` says nothing else, in seconds. */
export const defaultIntervalSeconds = 180

/** A thing to check, as its owner sees it. */
export const Monitor = Schema.Struct({
  id: MonitorId,
  userId: UserId,
  name: MonitorName,
  kind: Schema.Literal("http"),
  url: MonitorUrl,
  intervalSeconds: IntervalSeconds,
  timeoutMs: TimeoutMs,
  enabled: Schema.Boolean,
  tags: Tags,
  createdAt: Schema.DateTimeUtc,
  updatedAt: Schema.DateTimeUtc,
}).annotations({ identifier: "Monitor" })
export type Monitor = typeof Monitor.Type

/** What may be set on a monitor, complete: what a create holds once its defaults are filled in. */
export interface MonitorSettings {
  readonly name: string
  readonly url: MonitorUrl
  readonly intervalSeconds: number
  readonly timeoutMs: number
  readonly enabled: boolean
  readonly tags: ReadonlyArray<string>
}

/** The name of a monitor that was given none: the host of its URL, cut to what a name may be. */
export const defaultName = (url: MonitorUrl): string => new URL(url).host.slice(0, 200)

/** The specification that a monitor's jobs carry. */
export const checkSpec = (monitor: Pick<Monitor, "kind" | "url" | "timeoutMs">): CheckSpec => ({
  kind: monitor.kind,
  url: monitor.url,
  timeoutMs: monitor.timeoutMs,
})
