import type { MonitorId } from "@uptime/domain/Ids"
import * as LatencyHistogram from "@uptime/domain/LatencyHistogram"
import { Region } from "@uptime/domain/Region"
import { toMicroseconds } from "@uptime/domain/Result"
import type { Stats, StatsPoint, StatsWindow } from "@uptime/domain/Stats"
import { coverage, uptimePercent } from "@uptime/domain/Uptime"
import { DateTime } from "effect"
import type { StatsBounds, SummedRow } from "./StatsReads.ts"

/**
 * Puts statistics together from what the rollups, and the ends of the window, hold. The series has every point of the
 * window, those without a result too, so that a chart has no gaps to guess.
 */
export const mergeStats = (
  monitorId: MonitorId,
  window: StatsWindow,
  point: "hour" | "day",
  bounds: StatsBounds,
  rows: ReadonlyArray<SummedRow>,
): Stats => {
  const all = emptyTotal()
  const locations = new Map<string, Total>()
  const points = new Map<number, Total>()
  const length = point === "hour" ? 3_600_000 : 86_400_000
  for (let at = Math.floor(bounds.from / length) * length; at < bounds.to; at += length) points.set(at, emptyTotal())
  for (const row of rows) {
    const buckets = numbers(row.histogram_buckets)
    const counts = numbers(row.histogram_counts)
    const location = locations.get(row.location) ?? emptyTotal()
    locations.set(row.location, location)
    for (const total of [all, location, points.get(row.at)]) {
      if (total !== undefined) add(total, row, buckets, counts)
    }
  }
  return {
    monitorId,
    window,
    from: DateTime.unsafeMake(bounds.from),
    to: DateTime.unsafeMake(bounds.to),
    ...uptimeOf(locations.get("*") ?? emptyTotal(), bounds),
    ...summaryOf(all),
    locations: [...locations]
      .filter(([location]) => location !== "*")
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([location, total]) => ({
        location: Region.make(location),
        ...uptimeOf(total, bounds),
        ...summaryOf(total),
      })),
    series: [...points].map(([at, total]): StatsPoint => ({ at: DateTime.unsafeMake(at), ...summaryOf(total) })),
  }
}

/** Sums over rows; the histogram by bucket number, since three months have tens of thousands of entries to add. */
interface Total {
  up: number
  degraded: number
  down: number
  unknown: number
  latencySumMs: number
  upMs: number
  downMs: number
  readonly histogram: Float64Array
}

const emptyTotal = (): Total => ({
  up: 0,
  degraded: 0,
  down: 0,
  unknown: 0,
  latencySumMs: 0,
  upMs: 0,
  downMs: 0,
  histogram: new Float64Array(LatencyHistogram.maxBucket + 1),
})

const add = (total: Total, row: SummedRow, buckets: ReadonlyArray<number>, counts: ReadonlyArray<number>): void => {
  total.up += row.up
  total.degraded += row.degraded
  total.down += row.down
  total.unknown += row.unknown
  total.latencySumMs += row.latency_sum_ms
  total.upMs += row.up_ms
  total.downMs += row.down_ms
  for (let i = 0; i < buckets.length; i++) {
    const bucket = buckets[i] ?? 0
    total.histogram[bucket] = (total.histogram[bucket] ?? 0) + (counts[i] ?? 0)
  }
}

/** The numbers of an array of whole numbers in PostgreSQL's text form. */
const numbers = (text: string): ReadonlyArray<number> => {
  const values: Array<number> = []
  if (text.length <= 2) return values
  let value = 0
  for (let i = 1; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit
    } else {
      values.push(value)
      value = 0
    }
  }
  return values
}

const uptimeOf = ({ downMs, upMs }: Total, { from, to }: StatsBounds) => {
  const spent = { upMs, downMs }
  return { uptime: uptimePercent(spent), coverage: coverage(spent, from, to), ...spent }
}

const summaryOf = ({ degraded, down, histogram, latencySumMs, unknown, up }: Total): Omit<StatsPoint, "at"> => {
  const counts = new Map<number, number>()
  let latencies = 0
  for (let bucket = 0; bucket < histogram.length; bucket++) {
    const count = histogram[bucket] ?? 0
    if (count === 0) continue
    counts.set(bucket, count)
    latencies += count
  }
  const [p50Ms = null, p95Ms = null, p99Ms = null] = LatencyHistogram.quantiles({ counts }, [0.5, 0.95, 0.99]).map(
    (ms) => (ms === null ? null : toMicroseconds(ms)),
  )
  return {
    checks: { up, degraded, down, unknown },
    avgMs: latencies === 0 ? null : toMicroseconds(latencySumMs / latencies),
    p50Ms,
    p95Ms,
    p99Ms,
  }
}
