import { type Markup, markup } from "./Markup.ts"
import type { PageLinks } from "./PageLinks.ts"
import { pageShell } from "./PageShell.ts"
import { chartStyle } from "./PageStyle.ts"
import type { PublicItem, PublicPage } from "./PublicPage.ts"
import { regionChart, regionStyle } from "./RegionChart.ts"
import { responseChart, responseInWords } from "./ResponseChart.ts"
import { type Words, wordsOf } from "./Words.ts"

/** The most items whose response times are drawn; others are told in words. */
const maxDrawn = 100

/** Whether a page has a document of response times. */
export const hasResponseTimes = (page: PublicPage): boolean =>
  page.sections.some(({ items }) => items.some(({ response }) => response !== null))

/** Response times of all items: of the last day by region, and of the last week. Ask `hasResponseTimes` first. */
export const responseHtml = (page: PublicPage, links: PageLinks): string => {
  const words = wordsOf(page)
  const { texts } = words
  let drawn = 0
  const sections = page.sections.map((section, i) => {
    const items = section.items.filter(({ response }) => response !== null)
    if (items.length === 0) return null
    const name = section.name === "" ? texts.page.services : section.name
    return markup`<section aria-labelledby="s${i}"><h2 id="s${i}"${section.name === "" && markup` class="h"`}>${name}</h2><ul class="c">${items.map((item) => ofItem(item, drawn++ < maxDrawn, words))}</ul></section>`
  })
  const heading = texts.page.responseTimes
  const content = markup`<h1>${heading}</h1>${sections}<nav aria-label="${page.title}"><a href="${links.home}">← ${texts.page.back}</a><span class="w">${words.fill(texts.page.built, { time: words.instant(page.builtAt) })}</span></nav>`
  return pageShell(page, links, words, { heading, css: `${chartStyle}${regionStyle}` }, content)
}

const ofItem = (item: PublicItem, isDrawn: boolean, words: Words): Markup | null => {
  if (item.response === null) return null
  const inWords = markup`<p class="w">${words.labelled(words.texts.page.responseTime, responseInWords(item.response, words))}</p>`
  return markup`<li><h3>${item.name}</h3>${isDrawn && regionChart(item.regions, words)}${inWords}${isDrawn && responseChart(item.response, words)}</li>`
}
