import { Schema } from "effect"
import { CheckError } from "./CheckError.ts"
import { CheckStatus } from "./CheckStatus.ts"
import { ChannelId, IncidentId, MonitorId } from "./Ids.ts"
import { Region } from "./Region.ts"
import { EvidenceSeen, Milliseconds, Phases } from "./Result.ts"
import { lineOfText, linesOfText } from "./Text.ts"

/** How bad an incident is: the status of the worst of its monitors. */
export const IncidentSeverity = Schema.Literal("Down", "Partial", "Degraded", "Unknown").annotations({
  identifier: "IncidentSeverity",
})
export type IncidentSeverity = typeof IncidentSeverity.Type

/** What people write: a comment, an update, a post-mortem. */
export const IncidentText = linesOfText(1, 10_000).annotations({ identifier: "IncidentText" })

/** An incident's title. */
export const IncidentTitle = lineOfText(1, 300).annotations({ identifier: "IncidentTitle" })

/** An incident as lists show it. Instants are null for what has not happened. */
export const Incident = Schema.Struct({
  id: IncidentId,
  title: Schema.String,
  severity: IncidentSeverity,
  /** The first failed check of the row that was confirmed. */
  startedAt: Schema.DateTimeUtc,
  /** When it was confirmed: how long that took is the time to detect. */
  noticedAt: Schema.DateTimeUtc,
  acknowledgedAt: Schema.NullOr(Schema.DateTimeUtc),
  acknowledgedBy: Schema.NullOr(Schema.String),
  resolvedAt: Schema.NullOr(Schema.DateTimeUtc),
  /** Null when it resolved by itself. */
  resolvedBy: Schema.NullOr(Schema.String),
  isPublic: Schema.Boolean,
  monitorCount: Schema.Int,
  /** The names of up to three of its monitors, those that failed first before those behind them. */
  monitorNames: Schema.Array(Schema.String),
  updatedAt: Schema.DateTimeUtc,
}).annotations({ identifier: "Incident" })
export type Incident = typeof Incident.Type

/** What was seen when a monitor failed: the first result of the row that was confirmed. */
export const Seen = Schema.Struct({
  region: Region,
  slot: Schema.DateTimeUtc,
  status: CheckStatus,
  error: Schema.NullOr(CheckError),
  httpStatus: Schema.NullOr(Schema.Int),
  responseTimeMs: Schema.NullOr(Milliseconds),
  phases: Phases,
  evidence: Schema.NullOr(EvidenceSeen),
}).annotations({ identifier: "Seen" })
export type Seen = typeof Seen.Type

/** A monitor's part in an incident; name and URL are those it had then. */
export const IncidentMonitor = Schema.Struct({
  monitorId: MonitorId,
  name: Schema.String,
  url: Schema.String,
  /** `unreachable`: it lies behind a monitor that is down. */
  role: Schema.Literal("failing", "unreachable"),
  startedAt: Schema.DateTimeUtc,
  endedAt: Schema.NullOr(Schema.DateTimeUtc),
  seen: Schema.NullOr(Seen),
}).annotations({ identifier: "IncidentMonitor" })
export type IncidentMonitor = typeof IncidentMonitor.Type

/** One entry of an incident's timeline. */
export const IncidentUpdate = Schema.Struct({
  id: Schema.UUID,
  at: Schema.DateTimeUtc,
  kind: Schema.Literal("opened", "grown", "acknowledged", "comment", "update", "flapping", "resolved", "postmortem"),
  /** The person who wrote it; null for what happened by itself. */
  author: Schema.NullOr(Schema.String),
  body: Schema.String,
  isPublic: Schema.Boolean,
}).annotations({ identifier: "IncidentUpdate" })
export type IncidentUpdate = typeof IncidentUpdate.Type

/** A message about an incident, to one channel. `dead`: it could not be delivered, and is not tried any more. */
export const Delivery = Schema.Struct({
  incidentId: IncidentId,
  channelId: ChannelId,
  /** What the channel is called; of one that was deleted, what it was called. */
  channelName: Schema.String,
  isChannelDeleted: Schema.Boolean,
  change: Schema.String,
  state: Schema.Literal("pending", "sent", "dead"),
  attempts: Schema.Int,
  at: Schema.DateTimeUtc,
  dueAt: Schema.DateTimeUtc,
  /** Of one that waits: when it is tried next, which is later than `dueAt` after a try that failed. */
  nextTryAt: Schema.NullOr(Schema.DateTimeUtc),
  sentAt: Schema.NullOr(Schema.DateTimeUtc),
  lastError: Schema.NullOr(Schema.String),
}).annotations({ identifier: "Delivery" })
export type Delivery = typeof Delivery.Type

/** An incident with all that is known of it: at most 500 monitors, 500 updates and 500 messages, newest first. */
export const IncidentDetail = Schema.Struct({
  ...Incident.fields,
  postmortem: Schema.NullOr(Schema.String),
  monitors: Schema.Array(IncidentMonitor),
  updates: Schema.Array(IncidentUpdate),
  deliveries: Schema.Array(Delivery),
}).annotations({ identifier: "IncidentDetail" })
export type IncidentDetail = typeof IncidentDetail.Type
