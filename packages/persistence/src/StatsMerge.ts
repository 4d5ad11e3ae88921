import type { MonitorId } from "@uptime/domain/Ids"
import { LatencyHistogram } from "@uptime/domain/LatencyHistogram"
import { Region } from "@uptime/domain/Region"
import { toMicroseconds } from "@uptime/domain/Result"
import type { Stats, StatsPoint, StatsWindow } from "@uptime/domain/Stats"
import { coverage, uptimePercent } from "@uptime/domain/Uptime"
import { DateTime } from "effect"
import { pointMs, type StatsBounds, type SummedRow } from "./StatsReads.ts"

/**
 * Puts statistics together from what the rollups, and the ends of the window, hold. The series has every point of the
 * window, those without a result too, so that a chart has no gaps to guess.
 */
export const mergeStats = (
  monitorId: MonitorId,
  window: StatsWindow,
  pointLength: "hour" | "day",
  bounds: StatsBounds,
  rows: ReadonlyArray<SummedRow>,
): Stats => {
  const all = new Total()
  const locations = new Map<string, Total>()
  const rowsOf = new Map<number, Array<SummedRow>>()
  for (const row of rows) {
    const same = rowsOf.get(row.at)
    if (same === undefined) rowsOf.set(row.at, [row])
    else same.push(row)
  }
  const points = new Map<number, Omit<StatsPoint, "at">>()
  const point = new Total()
  for (const [at, ofPoint] of rowsOf) {
    for (const row of ofPoint) {
      const location = locations.get(row.location) ?? new Total()
      locations.set(row.location, location)
      addRow(row, [all, location, point])
    }
    points.set(at, summaryOf(point))
    point.clear()
  }
  return {
    monitorId,
    window,
    from: DateTime.unsafeMake(bounds.from),
    to: DateTime.unsafeMake(bounds.to),
    ...uptimeOf(locations.get("*") ?? new Total(), bounds),
    ...summaryOf(all),
    locations: [...locations]
      .filter(([location]) => location !== "*")
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([location, total]) => ({
        location: Region.make(location),
        ...uptimeOf(total, bounds),
        ...summaryOf(total),
      })),
    series: gridOf(pointLength, bounds).map(
      (at): StatsPoint => ({ at: DateTime.unsafeMake(at), ...(points.get(at) ?? nothing) }),
    ),
  }
}

/** Where the points of a window begin. */
const gridOf = (point: "hour" | "day", { from, to }: StatsBounds): ReadonlyArray<number> => {
  const length = pointMs[point]
  const first = Math.floor(from / length) * length
  return Array.from({ length: Math.ceil((to - first) / length) }, (_, n) => first + n * length)
}

/** Sums over rows. */
class Total {
  up = 0
  degraded = 0
  down = 0
  unknown = 0
  latencySumMs = 0
  upMs = 0
  downMs = 0
  readonly latencies = new LatencyHistogram()

  clear(): void {
    this.up = this.degraded = this.down = this.unknown = this.latencySumMs = this.upMs = this.downMs = 0
    this.latencies.clear()
  }
}

const addRow = (row: SummedRow, totals: ReadonlyArray<Total>): void => {
  for (const total of totals) {
    total.up += row.up
    total.degraded += row.degraded
    total.down += row.down
    total.unknown += row.unknown
    total.latencySumMs += row.latency_sum_ms
    total.upMs += row.up_ms
    total.downMs += row.down_ms
  }
  const [buckets, counts] = [row.histogram_buckets, row.histogram_counts]
  // Both begin with a brace; each number ends with a comma or a brace. Read side by side, since arrays of them cost more than
  // all else.
  for (let i = 1, j = 1; i < buckets.length && j < counts.length; i++, j++) {
    let bucket = 0
    for (let digit = digitAt(buckets, i); digit >= 0; digit = digitAt(buckets, ++i)) bucket = bucket * 10 + digit
    let count = 0
    for (let digit = digitAt(counts, j); digit >= 0; digit = digitAt(counts, ++j)) count = count * 10 + digit
    if (count > 0) for (const total of totals) total.latencies.add(bucket, count)
  }
}

/** The digit at a place of a text; less than 0 where there is none. */
const digitAt = (text: string, at: number): number => {
  const digit = text.charCodeAt(at) - 48
  return digit <= 9 ? digit : -1
}

const uptimeOf = ({ downMs, upMs }: Total, { from, to }: StatsBounds) => {
  const spent = { upMs, downMs }
  return { uptime: uptimePercent(spent), coverage: coverage(spent, from, to), ...spent }
}

const summaryOf = ({ degraded, down, latencies, latencySumMs, unknown, up }: Total): Omit<StatsPoint, "at"> => {
  const [p50Ms = null, p95Ms = null, p99Ms = null] = latencies
    .quantiles([0.5, 0.95, 0.99])
    .map((ms) => (ms === null ? null : toMicroseconds(ms)))
  return {
    checks: { up, degraded, down, unknown },
    avgMs: latencies.total === 0 ? null : toMicroseconds(latencySumMs / latencies.total),
    p50Ms,
    p95Ms,
    p99Ms,
  }
}

const nothing = summaryOf(new Total())
