import { areaPath, linePath, summaryOf } from "./ChartLines.ts"
import { type Markup, markup } from "./Markup.ts"
import type { PublicResponse } from "./PublicPage.ts"
import type { Words } from "./Words.ts"

/** The most points of a chart: three hours each for a week. */
const maxPoints = 56

/** The height of the drawing in its own units. */
const height = 40

const hourMs = 3_600_000

/** Means of as many neighbours as it takes to be at most `maxPoints`; null where none of them is known. */
const gathered = (values: ReadonlyArray<number | null>): ReadonlyArray<number | null> => {
  const size = Math.ceil(values.length / maxPoints)
  return Array.from(
    { length: Math.ceil(values.length / Math.max(1, size)) },
    (_, i) => summaryOf(values.slice(i * size, (i + 1) * size))?.mean ?? null,
  )
}

/** A number and its unit on one line. */
const unbroken = (text: string): string => text.replace(" ", "\u00a0")

/** Response times in words: their mean, least and greatest; that there are none. */
export const responseInWords = (response: Pick<PublicResponse, "values">, words: Words): string => {
  const summary = summaryOf(response.values)
  if (summary === null) return words.texts.page.noData
  return words.fill(words.texts.page.responseSummary, {
    mean: unbroken(words.milliseconds(summary.mean)),
    min: unbroken(words.milliseconds(summary.min)),
    max: unbroken(words.milliseconds(summary.max)),
  })
}

/** The same as short as can be. */
export const responseInBrief = (response: PublicResponse, words: Words): string => {
  const summary = summaryOf(response.values)
  if (summary === null) return words.labelled(words.texts.page.responseTime, words.texts.page.noData)
  return words.fill(words.texts.page.responseBrief, {
    mean: words.milliseconds(summary.mean),
    min: words.whole(summary.min),
    max: unbroken(words.milliseconds(summary.max)),
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
  return markup`<figure class="k"><svg viewBox="0 0 ${Math.max(1, points.length - 1)} ${height}" preserveAspectRatio="none" role="img" aria-label="${words.labelled(words.texts.page.responseTime, responseInWords(response, words))}"><path class="a" d="${areaPath(scaled, height)}"/><path class="l" d="${linePath(scaled)}"/></svg><b aria-hidden="true">${words.milliseconds(top)}</b><div class="f" aria-hidden="true"><span>${words.shortDay(from)}</span><span>${words.shortDay(middle)}</span><span>${words.shortDay(end)}</span></div></figure>`
}
