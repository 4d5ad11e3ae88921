import { IncidentId, MaintenanceId } from "@uptime/domain/Ids"
import { IncidentSeverity } from "@uptime/domain/Incident"
import { LogoType, PageLanguage, PublicId } from "@uptime/domain/StatusPage"
import { Schema } from "effect"

/**
 * What the public is shown of a status page: all that is here everybody who may open the page may know, and nothing else of
 * the account gets here. Kept as JSON and read back, so that a page can be shown when all else is away. Instants are
 * milliseconds since the epoch.
 */

const Instant = Schema.Int
const Count = Schema.NonNegativeInt

/** Percent, floored to three decimals; null where nothing is known. */
const Uptime = Schema.NullOr(Schema.Number.pipe(Schema.between(0, 100)))

/** What something is said to be. `Unknown`: there is no data, because it is paused, new, or lies behind something that is down. */
export const PublicStatus = Schema.Literal("Up", "Degraded", "Partial", "Down", "Maintenance", "Unknown")
export type PublicStatus = typeof PublicStatus.Type

/** One day (UTC), `YYYY-MM-DD`. `worst` is null where nothing is known. */
export const PublicDay = Schema.Struct({
  day: Schema.String,
  uptime: Uptime,
  downSeconds: Count,
  worst: Schema.NullOr(Schema.Literal("Up", "Down")),
})
export type PublicDay = typeof PublicDay.Type

/** Mean response times in milliseconds of each hour of the last 7 days, oldest first, from the hour `from` on. */
export const PublicResponse = Schema.Struct({
  from: Instant,
  values: Schema.Array(Schema.NullOr(Schema.Number.pipe(Schema.finite(), Schema.nonNegative()))).pipe(
    Schema.maxItems(169),
  ),
})
export type PublicResponse = typeof PublicResponse.Type

/** Mean response times in milliseconds that a region saw in each hour of the last 24, oldest first, from the hour `from` on. */
export const PublicRegion = Schema.Struct({
  name: Schema.String,
  from: Instant,
  values: Schema.Array(Schema.NullOr(Schema.Number.pipe(Schema.finite(), Schema.nonNegative()))).pipe(
    Schema.maxItems(24),
  ),
})
export type PublicRegion = typeof PublicRegion.Type

/** How a monitor is from a region. */
export const PublicRegionStatus = Schema.Struct({ name: Schema.String, status: PublicStatus })
export type PublicRegionStatus = typeof PublicRegionStatus.Type

/** A monitor as the public knows it. */
export const PublicItem = Schema.Struct({
  publicId: PublicId,
  name: Schema.String,
  status: PublicStatus,
  since: Schema.NullOr(Instant),
  /** The last 90 days, oldest first, today last. */
  days: Schema.Array(PublicDay).pipe(Schema.maxItems(90)),
  uptime24h: Uptime,
  /** Of the last days of `days`, today among them. */
  uptime7d: Uptime,
  uptime30d: Uptime,
  uptime90d: Uptime,
  /** Null where the page shows none. */
  response: Schema.NullOr(PublicResponse),
  /** By name; none where the page shows no response times, nor in pages that were built before there were any. */
  regions: Schema.optionalWith(Schema.Array(PublicRegion).pipe(Schema.maxItems(64)), { default: () => [] }),
  /** By name; none where the page does not say how monitors are by region, nor in pages that were built before any did. */
  regionStatuses: Schema.optionalWith(Schema.Array(PublicRegionStatus).pipe(Schema.maxItems(64)), {
    default: () => [],
  }),
  /** When the certificate that the site shows to everybody ends; null where there is none. */
  certificateExpiresAt: Schema.NullOr(Instant),
})
export type PublicItem = typeof PublicItem.Type

/** Items under a heading; the heading may be empty. */
export const PublicSection = Schema.Struct({ name: Schema.String, items: Schema.Array(PublicItem) })
export type PublicSection = typeof PublicSection.Type

/** What a person wrote about an incident for everybody. */
export const PublicUpdate = Schema.Struct({
  id: Schema.UUID,
  at: Instant,
  kind: Schema.Literal("update", "postmortem"),
  body: Schema.String,
})
export type PublicUpdate = typeof PublicUpdate.Type

/** An incident that was published. */
export const PublicIncident = Schema.Struct({
  id: IncidentId,
  /** As a person wrote it; null where nobody did: then it is named after `items`. */
  title: Schema.NullOr(Schema.String),
  severity: IncidentSeverity,
  startedAt: Instant,
  /** Null while it is open. */
  resolvedAt: Schema.NullOr(Instant),
  /** The items of the page that it is about. */
  items: Schema.Array(PublicId),
  /** Newest first. */
  updates: Schema.Array(PublicUpdate),
})
export type PublicIncident = typeof PublicIncident.Type

/** A window of a maintenance that was published. */
export const PublicMaintenance = Schema.Struct({
  id: MaintenanceId,
  title: Schema.String,
  description: Schema.String,
  startsAt: Instant,
  /** Null: until it is ended. */
  endsAt: Schema.NullOr(Instant),
  items: Schema.Array(PublicId),
})
export type PublicMaintenance = typeof PublicMaintenance.Type

/** A whole page. */
export const PublicPage = Schema.Struct({
  slug: Schema.String,
  /** Its own host name; null where it has none. */
  domain: Schema.NullOr(Schema.String),
  title: Schema.String,
  description: Schema.String,
  language: PageLanguage,
  timeZone: Schema.String,
  /** `#rrggbb` */
  accent: Schema.String,
  logo: Schema.NullOr(Schema.Struct({ type: LogoType, hash: Schema.String })),
  /** The hash of its own style sheet; null where it has none. */
  customCss: Schema.NullOr(Schema.String),
  noindex: Schema.Boolean,
  /** The worst of all items. */
  status: PublicStatus,
  sections: Schema.Array(PublicSection),
  /** Those that are open, the newest first. */
  incidents: Schema.Array(PublicIncident),
  /** Those that run, and those of the next 30 days, the next first. */
  maintenances: Schema.Array(PublicMaintenance),
  /** Those of the last 12 months that are over, the newest first; at most 500. */
  pastIncidents: Schema.Array(PublicIncident),
  builtAt: Instant,
})
export type PublicPage = typeof PublicPage.Type
