import { Schema } from "effect"
import { MonitorId } from "./Ids.ts"
import { Region } from "./Region.ts"
import { Milliseconds } from "./Result.ts"

/** Where results of heartbeats come from: the location of what nobody checks but is told. */
export const pushRegion = Region.make("push")

/** A ping as it is kept: the newest 100 of a monitor. */
export const HeartbeatPing = Schema.Struct({
  at: Schema.DateTimeUtc,
  event: Schema.Literal("start", "success", "fail", "log"),
  exitCode: Schema.NullOr(Schema.Int),
  runMs: Schema.NullOr(Milliseconds),
  body: Schema.NullOr(Schema.String),
}).annotations({ identifier: "HeartbeatPing" })
export type HeartbeatPing = typeof HeartbeatPing.Type

/**
 * A heartbeat as its owner sees it: `token` belongs into push URLs as Uptime Kuma has them, `pingId` into those of
 * Healthchecks; whoever knows one can ping. `deadlineAt` is when it is missed next; null while none is expected.
 */
export const Heartbeat = Schema.Struct({
  monitorId: MonitorId,
  token: Schema.String,
  pingId: Schema.UUID,
  deadlineAt: Schema.NullOr(Schema.DateTimeUtc),
  lastPingAt: Schema.NullOr(Schema.DateTimeUtc),
  /** Newest first. */
  pings: Schema.Array(HeartbeatPing),
}).annotations({ identifier: "Heartbeat" })
export type Heartbeat = typeof Heartbeat.Type
