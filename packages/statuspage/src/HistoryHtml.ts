import { pastIncident } from "./IncidentParts.ts"
import { incidentsByDay } from "./IncidentWords.ts"
import { markup } from "./Markup.ts"
import type { PageLinks } from "./PageLinks.ts"
import { pageShell } from "./PageShell.ts"
import type { PublicPage } from "./PublicPage.ts"
import { wordsOf } from "./Words.ts"

/** How many months before the present one there are. */
const monthsBack = 12

/** Months are counted as numbers here: twelve a year. */
const numberOf = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1
const monthOf = (number: number): string =>
  `${String(Math.floor(number / 12)).padStart(4, "0")}-${String((number % 12) + 1).padStart(2, "0")}`

/**
 * Whether a page has a history of a month: the present one in its zone, and the twelve before.
 *
 * @param month what stands in an address, `YYYY-MM` if it is right
 */
export const hasHistory = (page: PublicPage, month: string): boolean => {
  if (!/^\d{4}-(?:0[1-9]|1[0-2])$/.test(month)) return false
  const age = numberOf(wordsOf(page).dayOf(page.builtAt)) - numberOf(month)
  return age >= 0 && age <= monthsBack
}

/**
 * The incidents that began in a month, day by day in the page's zone, the newest first. Ask `hasHistory` first.
 *
 * @param month `YYYY-MM`
 */
export const historyHtml = (page: PublicPage, month: string, links: PageLinks): string => {
  const words = wordsOf(page)
  const { texts } = words
  const incidents = [...page.incidents, ...page.pastIncidents]
    .filter((incident) => words.dayOf(incident.startedAt).startsWith(month))
    .sort((one, other) => other.startedAt - one.startedAt)
  const byDay = [...incidentsByDay(incidents, words)]
  const [earlier, later] = [monthOf(numberOf(month) - 1), monthOf(numberOf(month) + 1)]
  const heading = words.labelled(texts.page.history, words.month(month))
  const content = markup`<h1>${heading}</h1><nav aria-label="${texts.page.history}"><span>${hasHistory(page, earlier) && markup`<a rel="prev" href="${links.history(earlier)}">← ${texts.page.previousMonth}</a>`}</span><span>${hasHistory(page, later) && markup`<a rel="next" href="${links.history(later)}">${texts.page.nextMonth} →</a>`}</span></nav><div class="c">${byDay.length === 0 ? markup`<p class="e">${texts.page.noIncidents}</p>` : byDay.map(([day, all]) => markup`<div class="e"><h2>${words.day(day)}</h2><div>${all.map((incident) => pastIncident(incident, page, links, words))}</div></div>`)}</div><nav aria-label="${page.title}"><a href="${links.home}">← ${texts.page.back}</a><span class="w">${words.fill(texts.page.built, { time: words.instant(page.builtAt) })}</span></nav>`
  return pageShell(page, links, words, { heading }, content)
}
