import { Schema } from "effect"
import { CheckStatus } from "./CheckStatus.ts"
import { Monitor } from "./Monitor.ts"
import { Region } from "./Region.ts"
import { Result } from "./Result.ts"

/** A monitor's status in one region: since when, and the newest result from there. */
export const LocationStatus = Schema.Struct({
  location: Region,
  status: CheckStatus,
  since: Schema.DateTimeUtc,
  latest: Result,
}).annotations({ identifier: "LocationStatus" })
export type LocationStatus = typeof LocationStatus.Type

/**
 * A monitor with what is known of it now. Before the first result `status` is `Unknown`, `since` and `latest` are null and
 * `locations` is empty. Locations are in alphabetical order; `latest` is the newest result of any location.
 */
export const MonitorOverview = Schema.Struct({
  ...Monitor.fields,
  status: CheckStatus,
  since: Schema.NullOr(Schema.DateTimeUtc),
  locations: Schema.Array(LocationStatus),
  latest: Schema.NullOr(Result),
}).annotations({ identifier: "MonitorOverview" })
export type MonitorOverview = typeof MonitorOverview.Type
