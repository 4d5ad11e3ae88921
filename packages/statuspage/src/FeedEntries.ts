import { incidentState, incidentTitle, namesOf, updateKind } from "./IncidentWords.ts"
import type { PageLinks } from "./PageLinks.ts"
import type { PublicIncident, PublicMaintenance, PublicPage } from "./PublicPage.ts"
import { type Words, wordsOf } from "./Words.ts"

/** The most entries of a feed. */
const maxEntries = 50

/** The most updates of an entry. */
const maxUpdates = 20

/** One thing that a feed tells, in plain text. Instants are milliseconds since the epoch. */
export interface FeedEntry {
  /** A URN that never changes (RFC 9562), whatever else does. */
  readonly id: string
  readonly url: string
  readonly title: string
  readonly text: string
  readonly publishedAt: number
  readonly updatedAt: number
}

/** What a page's feeds tell: its incidents and what is planned, the newest first. */
export const feedEntries = (page: PublicPage, links: PageLinks): ReadonlyArray<FeedEntry> => {
  const words = wordsOf(page)
  return [
    ...page.maintenances.map((maintenance) => ofMaintenance(maintenance, page, links, words)),
    ...[...page.incidents, ...page.pastIncidents].map((incident) => ofIncident(incident, page, links, words)),
  ]
    .filter((entry) => isInstant(entry.publishedAt) && isInstant(entry.updatedAt))
    .sort((one, other) => other.updatedAt - one.updatedAt)
    .slice(0, maxEntries)
}

/** When the newest of the entries changed; the page itself where there are none. */
export const feedUpdatedAt = (page: PublicPage, entries: ReadonlyArray<FeedEntry>): number =>
  entries[0]?.updatedAt ?? (isInstant(page.builtAt) ? page.builtAt : 0)

/** Whether an instant has a year of four digits, as the dates of feeds have (RFC 3339, RFC 5322). */
const isInstant = (at: number): boolean => at >= 0 && at < 253_402_300_800_000

const ofIncident = (incident: PublicIncident, page: PublicPage, links: PageLinks, words: Words): FeedEntry => {
  const names = namesOf(page, incident.items)
  const lines = [
    `${words.texts.status[incident.severity]} · ${incidentState(incident, words)}`,
    ...(names.length === 0 ? [] : [words.fill(words.texts.page.affected, { names: words.list(names) })]),
    ...incident.updates
      .slice(0, maxUpdates)
      .map((update) => `${updateKind(update, words)} · ${words.instant(update.at)}\n${update.body}`),
  ]
  return {
    id: `urn:uuid:${incident.id.toLowerCase()}`,
    url: links.incidentUrl(incident.id),
    title: incidentTitle(incident, page, words),
    text: lines.join("\n\n"),
    publishedAt: incident.startedAt,
    updatedAt: Math.max(incident.startedAt, incident.resolvedAt ?? 0, ...incident.updates.map((update) => update.at)),
  }
}

const ofMaintenance = (maintenance: PublicMaintenance, page: PublicPage, links: PageLinks, words: Words): FeedEntry => {
  const until = maintenance.endsAt === null ? words.texts.page.untilEnded : words.instant(maintenance.endsAt)
  const names = namesOf(page, maintenance.items)
  const lines = [
    `${words.instant(maintenance.startsAt)} – ${until}`,
    ...(names.length === 0 ? [] : [words.fill(words.texts.page.affected, { names: words.list(names) })]),
    ...(maintenance.description === "" ? [] : [maintenance.description]),
  ]
  return {
    // A maintenance may come again; each of its windows is told of.
    id: `urn:uuid:${maintenance.id.toLowerCase()}#${maintenance.startsAt}`,
    url: links.page,
    title: words.fill(words.texts.mail.maintenance, { name: maintenance.title }),
    text: lines.join("\n\n"),
    publishedAt: Math.min(maintenance.startsAt, page.builtAt),
    updatedAt: Math.min(maintenance.startsAt, page.builtAt),
  }
}
