import { type Markup, markup } from "./Markup.ts"
import type { PublicResponse } from "./PublicPage.ts"
import type { Words } from "./Words.ts"

/** The most points of a chart: three hours each for a week. */
const maxPoints = 56

/** The height of the drawing in its own units. */
const height = 40

const hourMs = 3_600_000

interface Summary {
  readonly mean: number
  readonly min: number
  readonly max: number
}

const summaryOf = (values: ReadonlyArray<number | null>): Summary | null => {
  const known = values.filter((value) => value !== null)
  if (known.length === 0) return null
  return {
    mean: known.reduce((sum, value) => sum + value / known.length, 0),
    min: known.reduce((least, value) => Math.min(least, value)),
    max: known.reduce((most, value) => Math.max(most, value)),
  }
}

/** Means of as many neighbours as it takes to be at most `maxPoints`; null where none of them is known. */
const gathered = (values: ReadonlyArray<number | null>): ReadonlyArray<number | null> => {
  const size = Math.ceil(values.length / maxPoints)
  return Array.from(
    { length: Math.ceil(values.length / Math.max(1, size)) },
    (_, i) => summaryOf(values.slice(i * size, (i + 1) * size))?.mean ?? null,
  )
}

/** Response times in words: their mean, least and greatest; that there are none. */
export const responseInWords = (response: PublicResponse, words: Words): string => {
  const summary = summaryOf(response.values)
  if (summary === null) return words.texts.page.noData
  return words.fill(words.texts.page.responseSummary, {
    mean: words.milliseconds(summary.mean),
    min: words.milliseconds(summary.min),
    max: words.milliseconds(summary.max),
  })
}

/** Response times as a chart from nothing to the greatest, with its axes named in words; null where none is known. */
export const responseChart = (response: PublicResponse, words: Words): Markup | null => {
  const points = gathered(response.values)
  const top = summaryOf(points)?.max ?? null
  if (top === null) return null
  const scaled = points.map((value) =>
    value === null ? null : Math.round(height - (top === 0 ? 0 : (value / top) * (height - 2))),
  )
  const { from } = response
  const middle = from + Math.floor(response.values.length / 2) * hourMs
  const end = from + response.values.length * hourMs
  const day = (at: number) => words.day(words.dayOf(at))
  return markup`<figure class="k"><svg viewBox="0 0 ${Math.max(1, points.length - 1)} ${height}" preserveAspectRatio="none" role="img" aria-label="${words.texts.page.responseTime}: ${responseInWords(response, words)}"><path class="a" d="${areaPath(scaled)}"/><path class="l" d="${linePath(scaled)}"/></svg><span class="y" aria-hidden="true">${words.milliseconds(top)}</span><div class="f" aria-hidden="true"><span>${day(from)}</span><span>${day(middle)}</span><span>${day(end)}</span></div></figure>`
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

const linePath = (points: ReadonlyArray<number | null>): string =>
  runs(points)
    .map(([from, run]) => `M${from} ${run[0] ?? 0}${steps(run)}`)
    .join("")

const areaPath = (points: ReadonlyArray<number | null>): string =>
  runs(points)
    .map(([from, run]) => `M${from} ${height}V${run[0] ?? 0}${steps(run)}V${height}z`)
    .join("")
