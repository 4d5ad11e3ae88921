import { Schema } from "effect"
import { CheckStatus } from "./CheckStatus.ts"
import { Monitor } from "./Monitor.ts"
import { MonitorStatus } from "./MonitorStatus.ts"
import { Overlay } from "./Overlay.ts"
import { Region } from "./Region.ts"
import { Result } from "./Result.ts"

/**
 * A change that is being confirmed: what the last `count` results in a row come to, from the slot `since` on. Where they
 * are worse in several ways, that is the mildest of them.
 */
export const Confirming = Schema.Struct({
  status: CheckStatus,
  since: Schema.DateTimeUtc,
  count: Schema.Int,
}).annotations({ identifier: "Confirming" })
export type Confirming = typeof Confirming.Type

/** A monitor's confirmed status in one region, and the newest result from there. */
export const LocationStatus = Schema.Struct({
  location: Region,
  status: CheckStatus,
  since: Schema.DateTimeUtc,
  /** Null while results say what the status says. */
  confirming: Schema.NullOr(Confirming),
  latest: Result,
}).annotations({ identifier: "LocationStatus" })
export type LocationStatus = typeof LocationStatus.Type

/**
 * A monitor with what is known of it now. Before the first result `status` is `Unknown`, `since` and `latest` are null and
 * `locations` is empty. Locations are in alphabetical order; `latest` is the newest result of any location.
 */
export const MonitorOverview = Schema.Struct({
  ...Monitor.fields,
  status: MonitorStatus,
  since: Schema.NullOr(Schema.DateTimeUtc),
  /** What lies over the status: while it does, nothing is told. */
  overlay: Schema.NullOr(Overlay),
  /** Whether it changes so often that nothing is told until it has settled. */
  flapping: Schema.Boolean,
  /** When it is checked next; null while it is paused, and for what is told instead of checked. */
  nextCheckAt: Schema.NullOr(Schema.DateTimeUtc),
  locations: Schema.Array(LocationStatus),
  latest: Schema.NullOr(Result),
}).annotations({ identifier: "MonitorOverview" })
export type MonitorOverview = typeof MonitorOverview.Type
