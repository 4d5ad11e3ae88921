import { Schema } from "effect"
import { MonitorId } from "./Ids.ts"
import { Region } from "./Region.ts"
import { Milliseconds } from "./Result.ts"

/** A window that statistics are given for, ending now. */
export const StatsWindow = Schema.Literal("24h", "7d", "30d", "90d", "1y")
export type StatsWindow = typeof StatsWindow.Type

/** The length of a window in milliseconds. */
export const windowMs: Readonly<Record<StatsWindow, number>> = {
  "24h": 86_400_000,
  "7d": 7 * 86_400_000,
  "30d": 30 * 86_400_000,
  "90d": 90 * 86_400_000,
  "1y": 365 * 86_400_000,
}

/** Response times of checks that ended `Up` or `Degraded`, in milliseconds; null without any. Percentiles are within 2 %. */
const Latency = {
  avgMs: Schema.NullOr(Milliseconds),
  p50Ms: Schema.NullOr(Milliseconds),
  p95Ms: Schema.NullOr(Milliseconds),
  p99Ms: Schema.NullOr(Milliseconds),
}

/** How many results there are of each status. */
const Checks = Schema.Struct({ up: Schema.Int, degraded: Schema.Int, down: Schema.Int, unknown: Schema.Int })

/**
 * Uptime by time: `upMs / (upMs + downMs)` in percent, floored to three decimals, null when neither was seen; `coverage`
 * is the share of the window (0 to 1) in which the monitor was known to be up or down. Partial and degraded time counts
 * as up; unknown and paused time, maintenance, and what lies behind a parent that is down count neither way.
 */
const Uptime = {
  uptime: Schema.NullOr(Schema.Number.pipe(Schema.finite())),
  coverage: Schema.Number.pipe(Schema.finite()),
  upMs: Milliseconds,
  downMs: Milliseconds,
}

/** One point of a chart: an hour for `24h` and `7d`, a day (UTC) for longer windows. */
export const StatsPoint = Schema.Struct({
  at: Schema.DateTimeUtc,
  checks: Checks,
  ...Latency,
}).annotations({ identifier: "StatsPoint" })
export type StatsPoint = typeof StatsPoint.Type

/** The statistics of one region within the window. */
export const LocationStats = Schema.Struct({
  location: Region,
  ...Uptime,
  checks: Checks,
  ...Latency,
}).annotations({ identifier: "LocationStats" })
export type LocationStats = typeof LocationStats.Type

/** The statistics of a monitor over a window: overall, per region in alphabetical order, and as a series, oldest first. */
export const Stats = Schema.Struct({
  monitorId: MonitorId,
  window: StatsWindow,
  from: Schema.DateTimeUtc,
  to: Schema.DateTimeUtc,
  ...Uptime,
  checks: Checks,
  ...Latency,
  locations: Schema.Array(LocationStats),
  series: Schema.Array(StatsPoint),
}).annotations({ identifier: "Stats" })
export type Stats = typeof Stats.Type
