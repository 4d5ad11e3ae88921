import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId } from "@uptime/domain/Ids"
import { gamma, maxBucket, minMs } from "@uptime/domain/LatencyHistogram"
import { Effect } from "effect"

/** Results of a check that worked. */
const isGood = "status IN ('Up', 'Degraded')"

/** States of a monitor that count as up; `Down` counts as down, and all others as neither. */
export const countsAsUp = "state IN ('Up', 'Degraded', 'Partial')"

/** The phases of a check: columns `…_ms` of results, and in rollups `…_sum_ms` and `…_count` of those that reached them. */
const phases = ["dns", "connect", "tls", "first_byte", "transfer"]

/** The columns of phases, in results and in rollups. */
export const phaseColumns = phases.map((phase) => `${phase}_ms`).join(", ")
export const phaseSumColumns = phases.map((phase) => `${phase}_sum_ms, ${phase}_count`).join(", ")

const phaseSums = phases
  .map((phase) => `coalesce(sum(${phase}_ms::float8), 0) AS ${phase}_sum_ms, count(${phase}_ms)::int AS ${phase}_count`)
  .join(", ")

/** `bucketOf` (`LatencyHistogram`) of the column `response_time_ms`, by the same constants; null without a time. */
export const histogramBucketSql = `(CASE
  WHEN response_time_ms::float8 <= ${minMs} THEN 0
  ELSE least(${maxBucket}, ceil(ln(response_time_ms::float8 / ${minMs}) / ${Math.log(gamma)}))
END)::smallint`

/**
 * The SQL that sums results into rows of a rollup's form, one per value of `key`. Latencies are those of results that are
 * `Up` or `Degraded`.
 *
 * @param key what a row stands for: names of columns of `results`, with commas between
 * @param results a query of results
 * @param withPhases whether the phases are summed too, whose columns `results` then has
 */
export const summedSql = (key: string, results: string, withPhases = false): string => `
WITH results AS MATERIALIZED (${results}), counted AS (
  SELECT ${key}, count(*) FILTER (WHERE status = 'Up') AS up,
    count(*) FILTER (WHERE status = 'Degraded') AS degraded, count(*) FILTER (WHERE status = 'Down') AS down,
    count(*) FILTER (WHERE status = 'Unknown') AS unknown,
    coalesce(sum(response_time_ms::float8) FILTER (WHERE ${isGood}), 0) AS latency_sum_ms,
    min(response_time_ms) FILTER (WHERE ${isGood}) AS latency_min_ms,
    max(response_time_ms) FILTER (WHERE ${isGood}) AS latency_max_ms${withPhases ? `, ${phaseSums}` : ""}
  FROM results GROUP BY ${key}
), histograms AS (
  SELECT ${key}, array_agg(histogram_bucket ORDER BY histogram_bucket) AS histogram_buckets,
    array_agg(n ORDER BY histogram_bucket) AS histogram_counts
  FROM (
    SELECT ${key}, ${histogramBucketSql} AS histogram_bucket, count(*)::int AS n
    FROM results WHERE ${isGood} AND response_time_ms IS NOT NULL GROUP BY ${key}, histogram_bucket
  ) AS histogram GROUP BY ${key}
)
SELECT ${key}, up::int, degraded::int, down::int, unknown::int, latency_sum_ms, latency_min_ms, latency_max_ms,
  coalesce(histogram_buckets, '{}') AS histogram_buckets, coalesce(histogram_counts, '{}') AS histogram_counts
  ${withPhases ? `, ${phaseSumColumns}` : ""}
FROM counted LEFT JOIN histograms USING (${key})`

/** Rolls up the hours of monitors within `[from, to)`, milliseconds, anew if they were before; gives the rows written. */
export const rollHours = (sql: SqlClient, ids: ReadonlyArray<MonitorId>, from: number, to: number) =>
  Effect.map(sql.unsafe<{ readonly n: number }>(hoursStatement, [ids, from, to]), ([row]) => row?.n ?? 0)

/** Rolls up the days (UTC) of monitors within `[from, to)` from their hours, anew if they were before. */
export const rollDays = (sql: SqlClient, ids: ReadonlyArray<MonitorId>, from: number, to: number) =>
  Effect.map(sql.unsafe<{ readonly n: number }>(daysStatement, [ids, from, to]), ([row]) => row?.n ?? 0)

/**
 * A query of the time spent in each state, per monitor, location and range: the column `ms` is the length of the part of
 * an interval that lies in the range, and `began` where that part begins. Reads no more than the range holds, however long the history: intervals of a
 * location follow each other, so of those that began before it only the last one reaches into it.
 *
 * @param ranges a query of `id`, `range_from` and `range_to`
 * @param location the one location that is asked for, as an SQL literal; all of them unless given
 */
export const spentSql = (ranges: string, location?: string): string => `
SELECT id, range_from, location, state,
  round(date_part('epoch', least(coalesce(ended_at, range_to), range_to) - greatest(started_at, range_from)) * 1000) AS ms,
  greatest(started_at, range_from) AS began
FROM (${ranges}) AS range ${
  location === undefined
    ? "JOIN monitor_status AS place ON place.monitor_id = range.id"
    : `CROSS JOIN (VALUES (${location})) AS place (location)`
}, LATERAL (
  (
    SELECT state, started_at, ended_at FROM state_intervals
    WHERE monitor_id = range.id AND location = place.location AND started_at < range_from
    ORDER BY started_at DESC LIMIT 1
  ) UNION ALL (
    SELECT state, started_at, ended_at FROM state_intervals
    WHERE monitor_id = range.id AND location = place.location AND started_at >= range_from AND started_at < range_to
  )
) AS interval
WHERE ended_at IS NULL OR ended_at > range_from`

const columns = `up, degraded, down, unknown, latency_sum_ms, latency_min_ms, latency_max_ms, histogram_buckets,
  histogram_counts, up_ms, down_ms, ${phaseSumColumns}`

const writing = (table: string, rows: string): string => `
WITH rows AS (${rows}), written AS (
  INSERT INTO ${table} (monitor_id, location, bucket, ${columns})
  SELECT monitor_id, location, bucket, ${columns} FROM rows
  ON CONFLICT (monitor_id, bucket, location) DO UPDATE SET (${columns}) = ROW (${columns.replaceAll(/\w+/g, "excluded.$&")})
  RETURNING 1
)
SELECT count(*)::int AS n FROM written`

// Monitor by monitor, each a short range of the primary key: a chunk of an hour never reads the hours of all others.
const summedHours = summedSql(
  "monitor_id, location, bucket",
  `SELECT result.* FROM unnest($1::uuid[]) AS wanted (id), LATERAL (
    SELECT monitor_id, location, date_trunc('hour', scheduled_at, 'UTC') AS bucket, status, response_time_ms, ${phaseColumns}
    FROM check_results
    WHERE monitor_id = wanted.id AND scheduled_at >= to_timestamp($2::float8 / 1000)
      AND scheduled_at < to_timestamp($3::float8 / 1000)
  ) AS result`,
  true,
)

const spentHours = spentSql(`
  SELECT id, hour AS range_from, hour + interval '1 hour' AS range_to
  FROM unnest($1::uuid[]) AS wanted (id), generate_series(
    to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000) - interval '1 hour', interval '1 hour') AS hour`)

// A row that says nothing is written only over one that said something before.
const hoursStatement = writing(
  "rollup_hourly",
  `WITH summed AS (${summedHours}), spent AS (
    SELECT id AS monitor_id, location, range_from AS bucket,
      coalesce(sum(ms) FILTER (WHERE ${countsAsUp}), 0)::int AS up_ms,
      coalesce(sum(ms) FILTER (WHERE state = 'Down'), 0)::int AS down_ms
    FROM (${spentHours}) AS spent GROUP BY id, location, range_from
  )
  SELECT monitor_id, location, bucket, coalesce(up, 0) AS up, coalesce(degraded, 0) AS degraded,
    coalesce(down, 0) AS down,
    coalesce(unknown, 0) AS unknown, coalesce(latency_sum_ms, 0) AS latency_sum_ms, latency_min_ms, latency_max_ms,
    coalesce(histogram_buckets, '{}') AS histogram_buckets, coalesce(histogram_counts, '{}') AS histogram_counts,
    coalesce(up_ms, 0) AS up_ms, coalesce(down_ms, 0) AS down_ms,
    ${phaseSumColumns.replaceAll(/\w+/g, "coalesce($&, 0) AS $&")}
  FROM summed FULL JOIN spent USING (monitor_id, location, bucket)
  WHERE up IS NOT NULL OR up_ms > 0 OR down_ms > 0 OR EXISTS (
    SELECT FROM rollup_hourly AS old
    WHERE old.monitor_id = spent.monitor_id AND old.bucket = spent.bucket AND old.location = spent.location
  )`,
)

const daysStatement = writing(
  "rollup_daily",
  `WITH hours AS (
    SELECT *, date_trunc('day', bucket, 'UTC') AS day FROM rollup_hourly
    WHERE monitor_id = ANY($1::uuid[]) AND bucket >= to_timestamp($2::float8 / 1000)
      AND bucket < to_timestamp($3::float8 / 1000)
  ), histograms AS (
    SELECT monitor_id, location, day, array_agg(histogram_bucket ORDER BY histogram_bucket) AS histogram_buckets,
      array_agg(n ORDER BY histogram_bucket) AS histogram_counts
    FROM (
      SELECT monitor_id, location, day, histogram_bucket, sum(n)::int AS n
      FROM hours, unnest(histogram_buckets, histogram_counts) AS part (histogram_bucket, n)
      GROUP BY monitor_id, location, day, histogram_bucket
    ) AS histogram GROUP BY monitor_id, location, day
  ), summed AS (
    SELECT monitor_id, location, day, sum(up)::int AS up, sum(degraded)::int AS degraded, sum(down)::int AS down, sum(unknown)::int AS unknown,
      sum(latency_sum_ms) AS latency_sum_ms, min(latency_min_ms) AS latency_min_ms, max(latency_max_ms) AS latency_max_ms,
      sum(up_ms)::int AS up_ms, sum(down_ms)::int AS down_ms,
      ${phases.map((phase) => `sum(${phase}_sum_ms) AS ${phase}_sum_ms, sum(${phase}_count)::int AS ${phase}_count`).join(", ")}
    FROM hours GROUP BY monitor_id, location, day
  )
  SELECT monitor_id, location, day AS bucket, up, degraded, down, unknown, latency_sum_ms, latency_min_ms, latency_max_ms,
    coalesce(histogram_buckets, '{}') AS histogram_buckets, coalesce(histogram_counts, '{}') AS histogram_counts,
    up_ms, down_ms, ${phaseSumColumns}
  FROM summed LEFT JOIN histograms USING (monitor_id, location, day)`,
)
