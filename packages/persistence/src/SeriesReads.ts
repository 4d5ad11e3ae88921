import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId } from "@uptime/domain/Ids"
import { LatencyHistogram } from "@uptime/domain/LatencyHistogram"
import { Region } from "@uptime/domain/Region"
import { type Phases, toMicroseconds } from "@uptime/domain/Result"
import type { Series, SeriesPoint, SeriesSource } from "@uptime/domain/Series"
import { DateTime, Effect } from "effect"
import { phaseColumns, phaseSumColumns, summedSql } from "./RollupSql.ts"

/** What a series is over; instants in milliseconds since the epoch, `from` inclusive and `to` exclusive. */
export interface SeriesRange {
  readonly from: number
  readonly to: number
  readonly source: SeriesSource
  readonly bucketSeconds: number
  readonly location: string | undefined
  /** Up to where hours and days are rolled up. */
  readonly hourlyTo: number
  readonly dailyTo: number
}

interface SeriesRow {
  readonly at: number
  readonly location: string
  readonly up: number
  readonly degraded: number
  readonly down: number
  readonly unknown: number
  readonly latency_sum_ms: number
  readonly histogram_buckets: ReadonlyArray<number>
  readonly histogram_counts: ReadonlyArray<number>
  readonly dns_sum_ms: number
  readonly dns_count: number
  readonly connect_sum_ms: number
  readonly connect_count: number
  readonly tls_sum_ms: number
  readonly tls_count: number
  readonly first_byte_sum_ms: number
  readonly first_byte_count: number
  readonly transfer_sum_ms: number
  readonly transfer_count: number
}

/** Response times by region and bucket: from results up to a day, else from hours or days, each with its own latency sums. */
export const readSeries = (sql: SqlClient, id: MonitorId, range: SeriesRange): Effect.Effect<Series, SeriesError> =>
  Effect.map(
    sql.unsafe<SeriesRow>(statement, [id, ...parts(range), range.bucketSeconds * 1000, range.location ?? null]),
    (rows) => seriesOf(rows, range),
  )

type SeriesError = Effect.Effect.Error<ReturnType<SqlClient["unsafe"]>>

const seriesOf = (rows: ReadonlyArray<SeriesRow>, { bucketSeconds }: SeriesRange): Series => {
  const buckets = new Map<string, Map<number, Array<SeriesRow>>>()
  for (const row of rows) {
    const points = buckets.get(row.location) ?? new Map<number, Array<SeriesRow>>()
    buckets.set(row.location, points)
    const bucket = points.get(row.at)
    if (bucket === undefined) points.set(row.at, [row])
    else bucket.push(row)
  }
  return {
    bucketSeconds,
    locations: [...buckets]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([location, points]) => ({
        location: Region.make(location),
        points: [...points].sort(([a], [b]) => a - b).map(([at, rows]) => pointOf(at, rows)),
      })),
  }
}

const pointOf = (at: number, rows: ReadonlyArray<SeriesRow>): SeriesPoint => {
  const sum = (of: (row: SeriesRow) => number) => rows.reduce((total, row) => total + of(row), 0)
  const latencies = new LatencyHistogram()
  for (const { histogram_buckets: buckets, histogram_counts: counts } of rows) {
    buckets.forEach((bucket, i) => {
      latencies.add(bucket, counts[i] ?? 0)
    })
  }
  const [p50 = null, p95 = null, p99 = null] = latencies.quantiles([0.5, 0.95, 0.99]).map(rounded)
  const up = sum((row) => row.up + row.degraded)
  const down = sum((row) => row.down)
  const unknown = sum((row) => row.unknown)
  return {
    at: DateTime.unsafeMake(at),
    count: up + down + unknown,
    avg: latencies.total === 0 ? null : toMicroseconds(sum((row) => row.latency_sum_ms) / latencies.total),
    ...{ p50, p95, p99, up, down, unknown },
    phases: phasesOf(rows),
  }
}

const rounded = (ms: number | null): number | null => (ms === null ? null : toMicroseconds(ms))

/** The mean of each phase over the results that reached it; null where none reached any, or none of them are summed. */
const phasesOf = (rows: ReadonlyArray<SeriesRow>): Phases | null => {
  const mean = (sumOf: (row: SeriesRow) => number, countOf: (row: SeriesRow) => number): number | null => {
    const count = rows.reduce((total, row) => total + countOf(row), 0)
    return count === 0 ? null : toMicroseconds(rows.reduce((total, row) => total + sumOf(row), 0) / count)
  }
  const phases: Phases = {
    dns: mean(
      (row) => row.dns_sum_ms,
      (row) => row.dns_count,
    ),
    connect: mean(
      (row) => row.connect_sum_ms,
      (row) => row.connect_count,
    ),
    tls: mean(
      (row) => row.tls_sum_ms,
      (row) => row.tls_count,
    ),
    firstByte: mean(
      (row) => row.first_byte_sum_ms,
      (row) => row.first_byte_count,
    ),
    transfer: mean(
      (row) => row.transfer_sum_ms,
      (row) => row.transfer_count,
    ),
  }
  return Object.values(phases).every((ms) => ms === null) ? null : phases
}

/**
 * Where whole days, whole hours and single results begin, and where they end: each result is counted once, and what is not
 * rolled up yet is taken from the results. Buckets are whole: the first one begins at or before `from`.
 */
const parts = ({ bucketSeconds, dailyTo, from, hourlyTo, source, to }: SeriesRange): ReadonlyArray<number> => {
  const first = Math.floor(from / bucketSeconds / 1000) * bucketSeconds * 1000
  const hoursEnd = source === "results" ? first : Math.min(to, Math.max(first, hourlyTo))
  const daysEnd = source === "days" ? Math.min(hoursEnd, Math.max(first, dailyTo)) : first
  return [first, daysEnd, hoursEnd, to]
}

/** The beginning of the bucket that an instant is in, in milliseconds since the epoch. */
const bucketOf = (column: string): string => `floor(date_part('epoch', ${column}) * 1000 / $6::float8) * $6::float8`

const within = (column: string, from: number, to: number): string => `monitor_id = $1
  AND ${column} >= to_timestamp($${from}::float8 / 1000) AND ${column} < to_timestamp($${to}::float8 / 1000)
  AND location <> '*' AND ($7::text IS NULL OR location = $7)`

const columns = `at, location, up, degraded, down, unknown, latency_sum_ms, histogram_buckets, histogram_counts,
  ${phaseSumColumns}`

const rolled = (table: string, from: number, to: number): string => `
SELECT ${columns} FROM (SELECT *, ${bucketOf("bucket")} AS at FROM ${table} WHERE ${within("bucket", from, to)}) AS rolled
WHERE up + degraded + down + unknown > 0`

const results = `
SELECT ${bucketOf("scheduled_at")} AS at, location, status, response_time_ms, ${phaseColumns}
FROM check_results WHERE ${within("scheduled_at", 4, 5)}`

const statement = `
SELECT ${columns} FROM (${summedSql("at, location", results, true)}) AS summed
UNION ALL ${rolled("rollup_daily", 2, 3)}
UNION ALL ${rolled("rollup_hourly", 3, 4)}`
