import { incidentState, incidentTitle, namesOf, updateKind } from "./IncidentWords.ts"
import { type Markup, markup } from "./Markup.ts"
import type { PageLinks } from "./PageLinks.ts"
import type { PublicIncident, PublicMaintenance, PublicPage } from "./PublicPage.ts"
import { statusTag } from "./StatusIcons.ts"
import type { Words } from "./Words.ts"

/** An instant for people and for programs. */
export const timeElement = (at: number, words: Words): Markup => timed(at, words.instant(at))

const timed = (at: number, text: string): Markup =>
  Math.abs(at) <= 8.64e15 ? markup`<time datetime="${new Date(at).toISOString()}">${text}</time>` : markup`${text}`

/** From when to when a maintenance is. */
const windowElement = ({ endsAt, startsAt }: PublicMaintenance, words: Words): Markup => {
  if (endsAt === null) return markup`${timeElement(startsAt, words)} – ${words.texts.page.untilEnded}`
  if (endsAt <= startsAt) return timeElement(startsAt, words)
  const [from, between, to] = words.range(startsAt, endsAt)
  return markup`${timed(startsAt, from)}${between}${to !== "" && timed(endsAt, to)}`
}

/**
 * The updates of an incident, the newest first.
 *
 * @param most how many of them are shown
 */
export const updateList = (incident: PublicIncident, words: Words, most: number): Markup | null =>
  incident.updates.length === 0
    ? null
    : markup`<ol class="v">${incident.updates
        .slice(0, most)
        .map(
          (update) =>
            markup`<li><p class="w"><strong>${updateKind(update, words)}</strong> ${timeElement(update.at, words)}</p><p class="x">${update.body}</p></li>`,
        )}</ol>`

/** What an incident is about and when it began; and how it stands, where that is not said already. */
export const incidentFacts = (
  incident: PublicIncident,
  page: PublicPage,
  words: Words,
  { isStateSaid = false }: { readonly isStateSaid?: boolean } = {},
): Markup => {
  const names = namesOf(page, incident.items)
  const { texts } = words
  return markup`<p class="w">${words.labelled(texts.page.started, "")}${timeElement(incident.startedAt, words)}</p>${!isStateSaid && markup`<p class="w">${incidentState(incident, words)}</p>`}${names.length > 0 && markup`<p class="w">${words.fill(texts.page.affected, { names: words.list(names) })}</p>`}`
}

/** The most updates that stand beside an incident elsewhere than on its own page. */
const maxUpdatesBeside = 3

/** An incident that is open, with its newest updates. */
export const openIncident = (incident: PublicIncident, page: PublicPage, links: PageLinks, words: Words): Markup =>
  markup`<article><div class="r"><h3><a href="${links.incident(incident.id)}">${incidentTitle(incident, page, words)}</a></h3>${statusTag(incident.severity, words.texts.status[incident.severity])}</div>${incidentFacts(incident, page, words, { isStateSaid: true })}${updateList(incident, words, maxUpdatesBeside)}</article>`

/** An incident that is over, folded. */
export const pastIncident = (incident: PublicIncident, page: PublicPage, links: PageLinks, words: Words): Markup =>
  markup`<article><details><summary><b>${incidentTitle(incident, page, words)}</b> <span>${incidentState(incident, words)}</span></summary>${incidentFacts(incident, page, words, { isStateSaid: true })}${updateList(incident, words, maxUpdatesBeside)}<p class="w"><a href="${links.incident(incident.id)}">${words.texts.page.incidentDetails}</a>${incident.updates.length > maxUpdatesBeside && ` · ${words.count(words.texts.updates, incident.updates.length)}`}</p></details></article>`

/** A maintenance that runs or is to come. */
export const maintenanceArticle = (maintenance: PublicMaintenance, page: PublicPage, words: Words): Markup => {
  const { texts } = words
  const isRunning = maintenance.startsAt <= page.builtAt
  const names = namesOf(page, maintenance.items)
  return markup`<article><div class="r"><h3>${maintenance.title}</h3>${statusTag("Maintenance", isRunning ? texts.page.running : texts.page.scheduled)}</div><p class="w">${windowElement(maintenance, words)}</p>${names.length > 0 && markup`<p class="w">${words.fill(texts.page.affected, { names: words.list(names) })}</p>`}${maintenance.description !== "" && markup`<p class="x">${maintenance.description}</p>`}</article>`
}
