import type { MonitorId } from "@uptime/domain/Ids"
import * as LatencyHistogram from "@uptime/domain/LatencyHistogram"
import { Region } from "@uptime/domain/Region"
import { toMicroseconds } from "@uptime/domain/Result"
import type { LocationStats, Stats, StatsPoint, StatsWindow } from "@uptime/domain/Stats"
import { coverage, uptimePercent } from "@uptime/domain/Uptime"
import { DateTime } from "effect"
import type { StatsBounds, SummedRow } from "./StatsReads.ts"

/** Puts statistics together from what the rollups, and the ends of the window, hold. */
export const mergeStats = (
  monitorId: MonitorId,
  window: StatsWindow,
  point: "hour" | "day",
  bounds: StatsBounds,
  rows: ReadonlyArray<SummedRow>,
): Stats => {
  const sums = rows.map(sumOf)
  const locations = grouped(sums, ({ location }) => location)
  return {
    monitorId,
    window,
    from: DateTime.unsafeMake(bounds.from),
    to: DateTime.unsafeMake(bounds.to),
    ...uptimeOf(locations.get("*") ?? [], bounds),
    ...summary(sums),
    locations: [...locations.keys()]
      .filter((location) => location !== "*")
      .sort()
      .map((location): LocationStats => {
        const own = locations.get(location) ?? []
        return { location: Region.make(location), ...uptimeOf(own, bounds), ...summary(own) }
      }),
    series: series(point, bounds, sums),
  }
}

/** A row with its histogram read. */
interface Sum extends SummedRow {
  readonly buckets: ReadonlyArray<number>
  readonly counts: ReadonlyArray<number>
}

const sumOf = (row: SummedRow): Sum => ({
  ...row,
  buckets: numbers(row.histogram_buckets),
  counts: numbers(row.histogram_counts),
})

const numbers = (text: string): ReadonlyArray<number> => (text === "{}" ? [] : text.slice(1, -1).split(",").map(Number))

const uptimeOf = (sums: ReadonlyArray<Sum>, { from, to }: StatsBounds) => {
  const spent = { upMs: 0, downMs: 0 }
  for (const { down_ms, up_ms } of sums) {
    spent.upMs += up_ms
    spent.downMs += down_ms
  }
  return { uptime: uptimePercent(spent), coverage: coverage(spent, from, to), ...spent }
}

const summary = (sums: ReadonlyArray<Sum>): Omit<StatsPoint, "at"> => {
  const checks = { up: 0, down: 0, unknown: 0 }
  const buckets: Array<number> = []
  const counts: Array<number> = []
  let latencySum = 0
  let latencies = 0
  for (const sum of sums) {
    checks.up += sum.up
    checks.down += sum.down
    checks.unknown += sum.unknown
    latencySum += sum.latency_sum_ms
    buckets.push(...sum.buckets)
    counts.push(...sum.counts)
    for (const count of sum.counts) latencies += count
  }
  const histogram = LatencyHistogram.fromArrays(buckets, counts)
  const [p50Ms = null, p95Ms = null, p99Ms = null] = LatencyHistogram.quantiles(histogram, [0.5, 0.95, 0.99]).map(
    (ms) => (ms === null ? null : toMicroseconds(ms)),
  )
  return { checks, avgMs: latencies === 0 ? null : toMicroseconds(latencySum / latencies), p50Ms, p95Ms, p99Ms }
}

const grouped = <K>(sums: ReadonlyArray<Sum>, key: (sum: Sum) => K): ReadonlyMap<K, ReadonlyArray<Sum>> => {
  const groups = new Map<K, Array<Sum>>()
  for (const sum of sums) {
    const known = groups.get(key(sum))
    if (known === undefined) groups.set(key(sum), [sum])
    else known.push(sum)
  }
  return groups
}

/** Every point of the window, those without a result too, so that a chart has no gaps to guess. */
const series = (
  point: "hour" | "day",
  { from, to }: StatsBounds,
  sums: ReadonlyArray<Sum>,
): ReadonlyArray<StatsPoint> => {
  const length = point === "hour" ? 3_600_000 : 86_400_000
  const rows = grouped(sums, ({ at }) => at)
  const points: Array<StatsPoint> = []
  for (let at = Math.floor(from / length) * length; at < to; at += length) {
    points.push({ at: DateTime.unsafeMake(at), ...summary(rows.get(at) ?? []) })
  }
  return points
}
