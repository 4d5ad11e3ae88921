import { Schema } from "effect"
import { CheckKind } from "./CheckKind.ts"
import { CheckStatus } from "./CheckStatus.ts"
import { MonitorId } from "./Ids.ts"
import { IntervalSeconds } from "./IntervalSeconds.ts"
import { GroupName, MonitorName, Tags } from "./Monitor.ts"
import { MonitorStatus } from "./MonitorStatus.ts"
import { MonitorUrl } from "./MonitorUrl.ts"
import { Overlay } from "./Overlay.ts"
import { Region } from "./Region.ts"
import { Milliseconds } from "./Result.ts"

/** Uptime by time in percent, floored to three decimals; null when the monitor was seen neither up nor down. */
export const UptimePercent = Schema.NullOr(Schema.Number.pipe(Schema.finite()))

/**
 * A monitor as a list of all of them shows it. `status`, `since`, `overlay` and `regions` (in alphabetical order) are those
 * of `MonitorOverview`; `responseTimeMs` and `checkedAt` are of the newest result of any region.
 */
export const MonitorSummary = Schema.Struct({
  id: MonitorId,
  name: MonitorName,
  url: MonitorUrl,
  kind: CheckKind,
  group: Schema.NullOr(GroupName),
  tags: Tags,
  enabled: Schema.Boolean,
  intervalSeconds: IntervalSeconds,
  status: MonitorStatus,
  since: Schema.NullOr(Schema.DateTimeUtc),
  overlay: Schema.NullOr(Overlay),
  regions: Schema.Array(Schema.Struct({ location: Region, status: CheckStatus })),
  responseTimeMs: Schema.NullOr(Milliseconds),
  checkedAt: Schema.NullOr(Schema.DateTimeUtc),
  /** Over the last 24 hours. */
  uptime24h: UptimePercent,
}).annotations({ identifier: "MonitorSummary" })
export type MonitorSummary = typeof MonitorSummary.Type
