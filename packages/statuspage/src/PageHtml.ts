import { barDrawings, type DayBars, dayBars } from "./DayBars.ts"
import { feedLinks } from "./FeedLinks.ts"
import { maintenanceArticle, openIncident, pastIncident } from "./IncidentParts.ts"
import { incidentsByDay } from "./IncidentWords.ts"
import { cssString, type Markup, markup } from "./Markup.ts"
import type { PageLinks } from "./PageLinks.ts"
import { pageShell } from "./PageShell.ts"
import { chartStyle } from "./PageStyle.ts"
import type { PublicItem, PublicPage } from "./PublicPage.ts"
import { regionChart, regionStyle } from "./RegionChart.ts"
import { responseChart, responseInBrief, responseInWords } from "./ResponseChart.ts"
import { statusClass, statusesWorstFirst, statusIcon, statusTag } from "./StatusIcons.ts"
import { type Words, wordsOf } from "./Words.ts"

/** How a page is shown. */
export interface PageOptions {
  /** When it is shown if its source is away, so that it may be out of date: milliseconds since the epoch. */
  readonly staleAt?: number
  /** Whether it can be subscribed to by email. */
  readonly subscribable?: boolean
}

/** What keeps a page small: how many days say more when they are pointed at, charts, incidents and days of the past. */
const maxNamedDays = 60
const maxCharts = 10
const maxOpen = 10
const maxMaintenances = 10
const maxPast = 20
const pastDays = 14

const dayMs = 86_400_000

/** A status page as an HTML document that needs no script. */
export const pageHtml = (page: PublicPage, links: PageLinks, options: PageOptions = {}): string => {
  const words = wordsOf(page)
  const { texts } = words
  const content = markup`${options.staleAt !== undefined && staleNotice(page, options.staleAt, words)}<div class="c o ${statusClass[page.status]}">${statusIcon(page.status)}<p><b>${texts.overall[page.status]}</b><small class="w">${words.fill(texts.page.built, { time: words.instant(page.builtAt) })}</small></p></div>${page.incidents.length > 0 && markup`<section aria-labelledby="open"><h2 id="open">${texts.page.currentIncidents}</h2><div class="c">${page.incidents.slice(0, maxOpen).map((incident) => openIncident(incident, page, links, words))}</div></section>`}${page.maintenances.length > 0 && markup`<section aria-labelledby="planned"><h2 id="planned">${texts.page.maintenances}</h2><div class="c">${page.maintenances.slice(0, maxMaintenances).map((maintenance) => maintenanceArticle(maintenance, page, words))}</div></section>`}${sections(page, links, words)}${past(page, links, words)}`
  return pageShell(
    page,
    links,
    words,
    {
      ...options,
      heading: null,
      css: `${barEnds(words)}${hasCharts(page) ? `${chartStyle}${regionStyle}` : ""}`,
      footer: markup`<span>${feedLinks(links, words)}</span>`,
    },
    content,
  )
}

/** Says how old what is shown is. */
const staleNotice = (page: PublicPage, now: number, words: Words): Markup =>
  markup`<p class="c q j" role="status">${words.fill(words.texts.page.stale, { time: words.instant(page.builtAt), age: words.duration(now - page.builtAt) })}</p>`

/** Whether charts of response times are on the page itself. */
const hasCharts = (page: PublicPage): boolean =>
  page.sections.flatMap(({ items }) => items.filter(({ response }) => response !== null)).length <= maxCharts

const sections = (page: PublicPage, links: PageLinks, words: Words): Markup => {
  const items = page.sections.flatMap((section) => section.items)
  const hasRoom = hasCharts(page)
  let named = maxNamedDays
  const { each, shared } = barDrawings(
    items.map((item): DayBars => {
      const bars = dayBars(item.days, item.uptime90d, words, named)
      named -= bars.named
      return bars
    }),
  )
  const rows = items.map((item, i) => itemRow(item, each[i] ?? null, hasRoom, words))
  const more =
    !hasRoom &&
    markup`<nav aria-label="${words.texts.page.responseTimes}"><a href="${links.responseTimes}">${words.texts.page.responseTimes}</a></nav>`
  let before = 0
  return markup`${shared}${page.sections.map((section, i) => {
    const own = rows.slice(before, before + section.items.length)
    before += own.length
    const name = section.name === "" ? words.texts.page.services : section.name
    return markup`<section aria-labelledby="s${i}"><h2 id="s${i}"${section.name === "" && markup` class="h"`}>${name}</h2><ul class="c">${own}</ul></section>`
  })}${more}`
}

const itemRow = (item: PublicItem, bars: Markup | null, hasRoom: boolean, words: Words): Markup => {
  const { texts } = words
  return markup`<li><div class="r"><h3>${item.name}</h3>${statusTag(item.status, texts.status[item.status])}</div>${bars}<p class="f y">${item.uptime90d === null ? texts.page.noData : words.fill(texts.page.uptime, { uptime: words.percent(item.uptime90d) })}</p>${details(item, hasRoom, words)}</li>`
}

/** How an item is from each region: the regions of each status, the worst first; those that are well are not coloured. */
const byRegion = ({ regionStatuses }: PublicItem, words: Words): Markup | null => {
  const said = statusesWorstFirst.flatMap((status) => {
    const names = regionStatuses.filter((region) => region.status === status).map(({ name }) => name)
    if (names.length === 0) return []
    const text = words.labelled(words.enumeration(names), words.texts.status[status])
    return [status === "Up" || status === "Unknown" ? text : markup`<b class="${statusClass[status]}">${text}</b>`]
  })
  return said.length === 0 ? null : markup`${said.map((one, i) => [i > 0 && " · ", one])}`
}

/** What stands at the ends of all bars; whoever cannot see them is told the same by the words of each drawing. */
const barEnds = (words: Words): string =>
  `.y::before{content:${cssString(words.count(words.texts.daysAgo, 90))}}.y::after{content:${cssString(words.texts.page.today)}}`

/** What is below the bars of an item: how it is by region, and its response times as a chart, or in words where there are too many. */
const details = (item: PublicItem, hasRoom: boolean, words: Words): Markup => {
  const regions = byRegion(item, words)
  const chart = hasRoom && item.response !== null ? responseChart(item.response, words) : null
  const brief = item.response === null || chart !== null ? null : responseInBrief(item.response, words)
  const lines = [regions, brief].filter((line) => line !== null)
  return markup`${lines.length > 0 && markup`<p class="w">${lines.map((line, i) => [i > 0 && markup`<br>`, line])}</p>`}${chart !== null && item.response !== null && markup`<details><summary>${words.labelled(words.texts.page.responseTime, responseInWords(item.response, words))}</summary>${chart}${regionChart(item.regions, words)}</details>`}`
}

/** The last two weeks, day by day in the page's zone; what began earlier is in the history. */
const past = (page: PublicPage, links: PageLinks, words: Words): Markup => {
  const { texts } = words
  const byDay = incidentsByDay(page.pastIncidents.slice(0, maxPast), words)
  const today = Date.parse(`${words.dayOf(page.builtAt)}T00:00:00Z`)
  const days = Number.isNaN(today)
    ? []
    : Array.from({ length: pastDays }, (_, i) => new Date(today - i * dayMs).toISOString().slice(0, 10))
  return markup`<section aria-labelledby="past"><h2 id="past">${texts.page.pastIncidents}</h2><div class="c">${days.map(
    (day) => {
      const incidents = byDay.get(day) ?? []
      return markup`<div class="e"><h3>${words.day(day)}</h3>${incidents.length === 0 ? markup`<p>${texts.page.noIncidents}</p>` : markup`<div>${incidents.map((incident) => pastIncident(incident, page, links, words))}</div>`}</div>`
    },
  )}</div><nav aria-label="${texts.page.history}"><a href="${links.history(words.dayOf(page.builtAt).slice(0, 7))}">${texts.page.history}</a></nav></section>`
}
