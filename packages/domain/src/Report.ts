import { Schema } from "effect"
import { IncidentId, MonitorId } from "./Ids.ts"
import { Milliseconds } from "./Result.ts"

/** What a report is given per: each monitor, each group, or each tag. */
export const ReportBy = Schema.Literal("monitor", "group", "tag")
export type ReportBy = typeof ReportBy.Type

/**
 * How one monitor, or all monitors of a group or tag together, did over a window.
 *
 * - `uptime`: `upMs / (upMs + downMs)` in percent, floored to three decimals; null when neither was seen
 * - `outages`: how many reach into the window; one that a pause, a maintenance, a parent that is down, or time without data
 *   cuts is two
 * - `meanTimeToDetectMs`: from the first failed check of an outage to the moment it was confirmed
 * - `meanTimeToRecoverMs`: from the first failed check to the first good one after it (`Up`, `Degraded` or `Partial`: what
 *   counts as up), over outages that ended so; of one that was cut nobody knows when it would have
 */
export const ReportRow = Schema.Struct({
  key: Schema.String,
  monitorId: Schema.NullOr(MonitorId),
  monitorCount: Schema.Int,
  uptime: Schema.NullOr(Schema.Number.pipe(Schema.finite())),
  upMs: Milliseconds,
  downMs: Milliseconds,
  outages: Schema.Int,
  meanTimeToDetectMs: Schema.NullOr(Milliseconds),
  meanTimeToRecoverMs: Schema.NullOr(Milliseconds),
}).annotations({ identifier: "ReportRow" })
export type ReportRow = typeof ReportRow.Type

/** An interval in which a monitor was down; `endedAt` is null while it is. */
export const Outage = Schema.Struct({
  monitorId: MonitorId,
  name: Schema.String,
  startedAt: Schema.DateTimeUtc,
  endedAt: Schema.NullOr(Schema.DateTimeUtc),
  incidentId: Schema.NullOr(IncidentId),
}).annotations({ identifier: "Outage" })
export type Outage = typeof Outage.Type

/**
 * How many monitors of a tag or group have each status. Those with an overlay are in none of them, but under its name; those
 * that are paused are `unknown`.
 */
export const LabelCount = Schema.Struct({
  name: Schema.String,
  monitorCount: Schema.Int,
  up: Schema.Int,
  degraded: Schema.Int,
  partial: Schema.Int,
  down: Schema.Int,
  unknown: Schema.Int,
  maintenance: Schema.Int,
  unreachable: Schema.Int,
}).annotations({ identifier: "LabelCount" })
export type LabelCount = typeof LabelCount.Type
