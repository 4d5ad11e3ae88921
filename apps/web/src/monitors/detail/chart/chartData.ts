import { phaseNames } from "../../phases.ts"
import type { Series, SeriesPoint } from "../queries.ts"
import type { Measure } from "./chartSearch.ts"
import type { Stretch } from "./stretch.ts"

/** A value of a line: null where there is none and the line is broken, undefined where it goes on to the next value. */
export type Value = number | null | undefined

/** One line of a chart. */
export interface Line {
  readonly name: string
  readonly values: ReadonlyArray<Value>
}

/** What a chart draws: instants, oldest first, and lines with a value for each of them. */
export interface ChartData {
  /** The beginnings of the buckets, in milliseconds since the epoch. */
  readonly at: ReadonlyArray<number>
  readonly lines: ReadonlyArray<Line>
}

/** The most buckets that are laid out; a series has about 300. */
const mostBuckets = 2_000

/** How many intervals may pass without a value before a line is broken. */
const patience = 2.5

/** The response times of each region. */
export const timeData = (series: Series, measure: Measure, stretch: Stretch, intervalSeconds: number): ChartData =>
  dataOf(
    series,
    stretch,
    intervalSeconds,
    series.locations.map(({ location, points }) => ({
      name: location,
      points: new Map(points.map((point) => [Date.parse(point.at), point[measure]])),
    })),
  )

/**
 * The phases of one region, each on top of those before it, so that the last line is the whole; a phase that was not
 * needed takes no time. Without a value where no phase is known.
 */
export const phaseData = (series: Series, region: string, stretch: Stretch, intervalSeconds: number): ChartData => {
  const points = series.locations.find(({ location }) => location === region)?.points ?? []
  return dataOf(
    series,
    stretch,
    intervalSeconds,
    phaseNames.map((name, index) => ({
      name,
      points: new Map(points.map((point) => [Date.parse(point.at), sumOf(point, index)])),
    })),
  )
}

const sumOf = ({ phases }: SeriesPoint, upTo: number): number | null =>
  phases === null || phaseNames.every((name) => phases[name] === null)
    ? null
    : phaseNames.slice(0, upTo + 1).reduce((sum, name) => sum + (phases[name] ?? 0), 0)

const dataOf = (
  series: Pick<Series, "bucketSeconds">,
  stretch: Stretch,
  intervalSeconds: number,
  lines: ReadonlyArray<{ readonly name: string; readonly points: ReadonlyMap<number, number | null> }>,
): ChartData => {
  const at = bucketsOf(series.bucketSeconds * 1_000, stretch, lines)
  const bridged = Math.floor((intervalSeconds * patience) / series.bucketSeconds)
  return { at, lines: lines.map(({ name, points }) => ({ name, values: valuesOf(at, points, bridged) })) }
}

/** The beginnings of all buckets of a stretch, and of those that have a point. */
const bucketsOf = (
  bucketMs: number,
  { from, to }: Stretch,
  lines: ReadonlyArray<{ readonly points: ReadonlyMap<number, unknown> }>,
): ReadonlyArray<number> => {
  const all = new Set(lines.flatMap(({ points }) => [...points.keys()]))
  const first = Math.floor(from / bucketMs) * bucketMs
  const count = Math.min(mostBuckets, Math.ceil((to - first) / bucketMs))
  for (let bucket = 0; bucket < count; bucket++) all.add(first + bucket * bucketMs)
  return [...all].sort((a, b) => a - b)
}

/** Buckets without a point are passed over when they are few: checks may be further apart than buckets. */
const valuesOf = (
  at: ReadonlyArray<number>,
  points: ReadonlyMap<number, number | null>,
  bridged: number,
): ReadonlyArray<Value> => {
  const values: Array<Value> = at.map((time) => points.get(time))
  let last = -1
  for (let index = 0; index <= values.length; index++) {
    if (index < values.length && values[index] === undefined) continue
    const missing = index - last - 1
    if (missing > bridged || last === -1 || index === values.length) values.fill(null, last + 1, index)
    last = index
  }
  return values
}

/** Values that stand alone, between two places where the line is broken: a line does not show them. */
export const isolated = (values: ReadonlyArray<Value>): ReadonlyArray<number> => {
  const known = values.flatMap((value, index) => (value === undefined ? [] : [{ value, index }]))
  return known.flatMap(({ index, value }, place) =>
    value !== null && (known[place - 1]?.value ?? null) === null && (known[place + 1]?.value ?? null) === null
      ? [index]
      : [],
  )
}

/** The value of a line at a place; null where there is none. */
export const valueAt = ({ values }: Line, index: number): number | null => values[index] ?? null

/** The mean of all values of a line; null without any. */
export const meanOf = ({ values }: Line): number | null => {
  const known = values.flatMap((value) => (typeof value === "number" ? [value] : []))
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}
