/** What is known of values. */
export interface Summary {
  readonly mean: number
  readonly min: number
  readonly max: number
}

/** Mean, least and greatest of the values that are known; null where none is. */
export const summaryOf = (values: ReadonlyArray<number | null>): Summary | null => {
  const known = values.filter((value) => value !== null)
  if (known.length === 0) return null
  return {
    mean: known.reduce((sum, value) => sum + value / known.length, 0),
    min: known.reduce((least, value) => Math.min(least, value)),
    max: known.reduce((most, value) => Math.max(most, value)),
  }
}

/** Runs of points that are known, each with the index of its first. */
const runs = (
  points: ReadonlyArray<number | null>,
): ReadonlyArray<readonly [from: number, run: ReadonlyArray<number>]> => {
  const found: Array<[number, Array<number>]> = []
  points.forEach((point, i) => {
    if (point === null) return
    const last = found.at(-1)
    if (last !== undefined && last[0] + last[1].length === i) last[1].push(point)
    else found.push([i, [point]])
  })
  return found
}

/** The line through a run of points; one alone is a short stroke. */
const steps = (run: ReadonlyArray<number>): string =>
  run.length === 1
    ? "h.5"
    : run
        .slice(1)
        .map((point, i) => `l1 ${point - (run[i] ?? 0)}`)
        .join("")
        .replaceAll(" -", "-")

/** The line through points, one unit apart, with gaps where none is known: the `d` of an SVG path. */
export const linePath = (points: ReadonlyArray<number | null>): string =>
  runs(points)
    .map(([from, run]) => `M${from} ${run[0] ?? 0}${steps(run)}`)
    .join("")

/** The area between the line through points and a base below it: the `d` of an SVG path. */
export const areaPath = (points: ReadonlyArray<number | null>, base: number): string =>
  runs(points)
    .map(([from, run]) => `M${from} ${base}V${run[0] ?? 0}${steps(run)}V${base}z`)
    .join("")
