import { Schema } from "effect"
import { UptimePercent } from "./MonitorSummary.ts"
import { Region } from "./Region.ts"
import { Milliseconds, Phases } from "./Result.ts"

const minute = 60
const hour = 60 * minute
const day = 24 * hour

/** The lengths that a bucket of a series may have, in seconds. */
const bucketLengths: ReadonlyArray<number> = [
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  7 * day,
  14 * day,
  30 * day,
]

/** The most buckets of a series per region. */
export const maxBuckets = 300

/** Stretches up to a day are summed from results, up to ninety days from hours, longer ones from days; in milliseconds. */
export const rawSeriesMs = day * 1000
export const hourlySeriesMs = 90 * day * 1000

/** What a series is made of. */
export type SeriesSource = "results" | "hours" | "days"

/** What a series over a stretch is made of, and how long its buckets are, in seconds: at most about 300 of them. */
export const seriesGrid = (
  from: number,
  to: number,
): { readonly source: SeriesSource; readonly bucketSeconds: number } => {
  const length = to - from
  const source = length <= rawSeriesMs ? "results" : length <= hourlySeriesMs ? "hours" : "days"
  const least = source === "results" ? minute : source === "hours" ? hour : day
  const bucketSeconds = bucketLengths.find((seconds) => seconds >= least && length / 1000 / seconds <= maxBuckets)
  return { source, bucketSeconds: bucketSeconds ?? 30 * day }
}

/**
 * One bucket of a series: `count` results of a region, of which `up` (`Degraded` among them), `down` and `unknown`; the
 * response times of those that are up, in milliseconds, percentiles within 2 %; and the mean of each phase over the results
 * that reached it, null where none reached any.
 */
export const SeriesPoint = Schema.Struct({
  at: Schema.DateTimeUtc,
  count: Schema.Int,
  avg: Schema.NullOr(Milliseconds),
  p50: Schema.NullOr(Milliseconds),
  p95: Schema.NullOr(Milliseconds),
  p99: Schema.NullOr(Milliseconds),
  up: Schema.Int,
  down: Schema.Int,
  unknown: Schema.Int,
  phases: Schema.NullOr(Phases),
}).annotations({ identifier: "SeriesPoint" })
export type SeriesPoint = typeof SeriesPoint.Type

/** Response times of a monitor by region, in alphabetical order, each oldest first; buckets without a result are not there. */
export const Series = Schema.Struct({
  bucketSeconds: Schema.Int,
  locations: Schema.Array(Schema.Struct({ location: Region, points: Schema.Array(SeriesPoint) })),
}).annotations({ identifier: "Series" })
export type Series = typeof Series.Type

/**
 * How a monitor did on one day (UTC): its uptime, for how long it was down, the share of the day (0 to 1) in which it was
 * known to be either, and how many results there are, of all regions.
 */
export const DayUptime = Schema.Struct({
  day: Schema.String.pipe(Schema.pattern(/^\d{4}-\d\d-\d\d$/)),
  uptime: UptimePercent,
  downSeconds: Schema.Int,
  coverage: Schema.Number.pipe(Schema.finite()),
  checks: Schema.Int,
}).annotations({ identifier: "DayUptime" })
export type DayUptime = typeof DayUptime.Type
