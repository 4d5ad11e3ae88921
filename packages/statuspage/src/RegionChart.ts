import { linePath, summaryOf } from "./ChartLines.ts"
import { type Markup, markup } from "./Markup.ts"
import type { PublicRegion } from "./PublicPage.ts"
import { responseInWords } from "./ResponseChart.ts"
import type { Words } from "./Words.ts"

/** The height of the drawing in its own units. */
const height = 40

/** The most regions that have a line; others are told in words. */
const maxLines = 6

const hourMs = 3_600_000

/** What tells lines apart besides their colour: their dashes, in the order of regions. */
export const regionStyle = [
  ["a", "0"],
  ["p", "6 3"],
  ["u", "2 3"],
  ["d", "10 3 2 3"],
  ["g", "1 4"],
  ["s", "12 4"],
]
  .map(([colour, dashes], i) => `.l${i}{stroke:var(--${colour});stroke-dasharray:${dashes};fill:none;stroke-width:2}`)
  .join("")

/**
 * Response times of the last day, a line for each region from nothing to the greatest of all, with a legend that says the
 * same in words; null where none is known. Documents with it need `regionStyle`.
 */
export const regionChart = (regions: ReadonlyArray<PublicRegion>, words: Words): Markup | null => {
  const top = summaryOf(regions.flatMap(({ values }) => values))?.max ?? null
  const [first] = regions
  if (top === null || first === undefined) return null
  const count = Math.max(...regions.map(({ values }) => values.length))
  const scaled = (values: PublicRegion["values"]) =>
    values.map((value) => (value === null ? null : Math.round(height - (top === 0 ? 0 : (value / top) * (height - 2)))))
  const lines = regions
    .slice(0, maxLines)
    .map(({ values }, i) => markup`<path class="l${i}" d="${linePath(scaled(values))}"/>`)
  const hour = (at: number) => words.hour(at)
  const legend = regions.map(
    (region, i) =>
      markup`<li>${i < maxLines && markup`<svg class="i" viewBox="0 0 20 20" aria-hidden="true"><path class="l${i}" d="M0 10h20"/></svg> `}${words.labelled(region.name, responseInWords(region, words))}</li>`,
  )
  return markup`<p class="w">${words.texts.page.responseDay}</p><figure class="k"><svg viewBox="0 0 ${Math.max(1, count - 1)} ${height}" preserveAspectRatio="none" aria-hidden="true">${lines}</svg><b aria-hidden="true">${words.milliseconds(top)}</b><div class="f" aria-hidden="true"><span>${hour(first.from)}</span><span>${hour(first.from + Math.floor(count / 2) * hourMs)}</span><span>${hour(first.from + count * hourMs)}</span></div><ul class="w">${legend}</ul></figure>`
}
