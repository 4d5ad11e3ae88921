import type { MonitorId } from "@uptime/domain/Ids"
import * as LatencyHistogram from "@uptime/domain/LatencyHistogram"
import { Region } from "@uptime/domain/Region"
import { toMicroseconds } from "@uptime/domain/Result"
import type { LocationStats, Stats, StatsPoint, StatsWindow } from "@uptime/domain/Stats"
import { coverage, type StateDurations, uptimePercent } from "@uptime/domain/Uptime"
import { DateTime } from "effect"
import type { DurationRow, StatsBounds, SummedRow } from "./StatsReads.ts"

/** Puts statistics together from sums of results and of intervals. */
export const mergeStats = (
  monitorId: MonitorId,
  window: StatsWindow,
  point: "hour" | "day",
  bounds: StatsBounds,
  sums: ReadonlyArray<SummedRow>,
  durations: ReadonlyArray<DurationRow>,
): Stats => {
  const locations = new Set<string>()
  for (const { location } of [...sums, ...durations]) if (location !== "*") locations.add(location)
  return {
    monitorId,
    window,
    from: DateTime.unsafeMake(bounds.from),
    to: DateTime.unsafeMake(bounds.to),
    ...uptimeOf("*", durations, bounds),
    ...summary(sums),
    locations: [...locations].sort().map(
      (location): LocationStats => ({
        location: Region.make(location),
        ...uptimeOf(location, durations, bounds),
        ...summary(sums.filter((row) => row.location === location)),
      }),
    ),
    series: series(point, bounds, sums),
  }
}

const uptimeOf = (location: string, durations: ReadonlyArray<DurationRow>, { from, to }: StatsBounds) => {
  const row = durations.find((duration) => duration.location === location)
  const spent: StateDurations = { upMs: row?.up_ms ?? 0, downMs: row?.down_ms ?? 0 }
  return { uptime: uptimePercent(spent), coverage: coverage(spent, from, to), ...spent }
}

const summary = (rows: ReadonlyArray<SummedRow>): Omit<StatsPoint, "at"> => {
  const checks = { up: 0, down: 0, unknown: 0 }
  let latencySum = 0
  let latencies = 0
  for (const row of rows) {
    checks.up += row.up
    checks.down += row.down
    checks.unknown += row.unknown
    latencySum += row.latency_sum_ms
    for (const count of row.histogram_counts) latencies += count
  }
  const histogram = LatencyHistogram.merge(
    rows.map((row) => LatencyHistogram.fromArrays(row.histogram_buckets, row.histogram_counts)),
  )
  return {
    checks,
    avgMs: latencies === 0 ? null : toMicroseconds(latencySum / latencies),
    p50Ms: percentile(histogram, 0.5),
    p95Ms: percentile(histogram, 0.95),
    p99Ms: percentile(histogram, 0.99),
  }
}

const percentile = (histogram: LatencyHistogram.LatencyHistogram, q: number): number | null => {
  const ms = LatencyHistogram.quantile(histogram, q)
  return ms === null ? null : toMicroseconds(ms)
}

/** Every point of the window, those without a result too, so that a chart has no gaps to guess. */
const series = (
  point: "hour" | "day",
  { from, to }: StatsBounds,
  sums: ReadonlyArray<SummedRow>,
): ReadonlyArray<StatsPoint> => {
  const length = point === "hour" ? 3_600_000 : 86_400_000
  const rows = new Map<number, Array<SummedRow>>()
  for (const row of sums) {
    const known = rows.get(row.at)
    if (known === undefined) rows.set(row.at, [row])
    else known.push(row)
  }
  const points: Array<StatsPoint> = []
  for (let at = Math.floor(from / length) * length; at < to; at += length) {
    points.push({ at: DateTime.unsafeMake(at), ...summary(rows.get(at) ?? []) })
  }
  return points
}
