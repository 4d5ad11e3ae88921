import { Metric, MetricBoundaries, MetricKey, MetricLabel } from "effect"

/**
 * A counter as Prometheus wants it: only rising, its name ending in `_total`.
 *
 * @param name in snake case, with the unit where there is one (`…_seconds_total`, `…_bytes_total`)
 * @param description the help line
 */
export const counter = (name: `${string}_total`, description: string): Metric.Metric.Counter<number> =>
  Metric.counter(name, { description, incremental: true })

/** A value that rises and falls, in base units (seconds, bytes). */
export const gauge = (name: string, description: string): Metric.Metric.Gauge<number> =>
  Metric.gauge(name, { description })

/**
 * A histogram in base units.
 *
 * @param bounds upper bounds of its buckets, rising; `+Inf` is added
 */
export const histogram = (
  name: string,
  description: string,
  bounds: ReadonlyArray<number>,
): Metric.Metric.Histogram<number> => Metric.histogram(name, MetricBoundaries.fromIterable(bounds), description)

/** Names and values that tell a series from others of its metric. */
export type Labels = Readonly<Record<string, string>>

const labelsOf = (labels: Labels) => Object.entries(labels).map(([name, value]) => MetricLabel.make(name, value))

/**
 * One series of a counter, for paths where every microsecond counts: `Metric.tagged` builds and hashes a key at each update,
 * which was a tenth of a check's processor time.
 */
export const counterSeries = (
  name: `${string}_total`,
  description: string,
  labels: Labels,
): Metric.Metric.Counter<number> =>
  Metric.fromMetricKey(
    MetricKey.counter(name, { description, incremental: true }).pipe(MetricKey.taggedWithLabels(labelsOf(labels))),
  )

/** One series of a histogram, for the same paths. */
export const histogramSeries = (
  name: string,
  description: string,
  bounds: ReadonlyArray<number>,
  labels: Labels,
): Metric.Metric.Histogram<number> =>
  Metric.fromMetricKey(
    MetricKey.histogram(name, MetricBoundaries.fromIterable(bounds), description).pipe(
      MetricKey.taggedWithLabels(labelsOf(labels)),
    ),
  )

/** Bounds for things that take a millisecond to a minute, in seconds. */
export const secondsBounds: ReadonlyArray<number> = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
]
