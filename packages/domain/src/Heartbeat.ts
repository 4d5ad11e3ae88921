import { Schema } from "effect"
import { MonitorId } from "./Ids.ts"
import { Region } from "./Region.ts"
import { Milliseconds } from "./Result.ts"

/** Where results of heartbeats come from: the location of what nobody checks but is told. */
export const pushRegion = Region.make("push")

/** The token of a push URL: what Uptime Kuma makes, 10 to 64 letters, digits, `-` and `_`. */
export const PushToken = Schema.String.pipe(
  Schema.pattern(/^[\w-]{10,64}$/, { message: () => "must be 10 to 64 letters, digits, - or _" }),
).annotations({ identifier: "PushToken" })

/** What is left of a heartbeat's addresses as it is, and what is named: those that a job knows from elsewhere. */
export interface HeartbeatAddresses {
  readonly token?: string
  readonly pingId?: string
}

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
