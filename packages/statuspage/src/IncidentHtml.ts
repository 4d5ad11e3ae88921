import { incidentFacts, updateList } from "./IncidentParts.ts"
import { incidentTitle } from "./IncidentWords.ts"
import { markup } from "./Markup.ts"
import type { PageLinks } from "./PageLinks.ts"
import { pageShell } from "./PageShell.ts"
import type { PublicIncident, PublicPage } from "./PublicPage.ts"
import { statusTag } from "./StatusIcons.ts"
import { wordsOf } from "./Words.ts"

/** The most updates of an incident that are shown. */
const maxUpdates = 500

/** The incident of a page with that id, or null: what is not on the page is not known here. */
export const incidentOf = (page: PublicPage, id: string): PublicIncident | null =>
  [...page.incidents, ...page.pastIncidents].find((incident) => incident.id === id) ?? null

/** An incident with all that was written about it, the newest first. */
export const incidentHtml = (page: PublicPage, incident: PublicIncident, links: PageLinks): string => {
  const words = wordsOf(page)
  const { texts } = words
  const heading = incidentTitle(incident, page, words)
  const tag = incident.resolvedAt === null ? incident.severity : "Up"
  const word = incident.resolvedAt === null ? texts.status[incident.severity] : texts.page.resolved
  const content = markup`<article class="c q"><div class="r"><h1>${heading}</h1>${statusTag(tag, word)}</div>${incidentFacts(incident, page, words)}${updateList(incident, words, maxUpdates)}</article><nav aria-label="${page.title}"><a href="${links.home}">← ${texts.page.back}</a></nav>`
  return pageShell(page, links, words, { heading }, content)
}
