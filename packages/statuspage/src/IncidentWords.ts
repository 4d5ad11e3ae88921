import type { PublicIncident, PublicPage, PublicUpdate } from "./PublicPage.ts"
import type { Words } from "./Words.ts"

/** The names of items by their ids, in the page's order. Those that are not on the page are left out. */
export const namesOf = (page: PublicPage, ids: ReadonlyArray<string>): ReadonlyArray<string> => {
  const wanted = new Set(ids)
  return page.sections.flatMap(({ items }) =>
    items.filter(({ publicId }) => wanted.has(publicId)).map(({ name }) => name),
  )
}

/** What an incident is called: as a person did, or by what it is about. */
export const incidentTitle = (incident: PublicIncident, page: PublicPage, words: Words): string => {
  if (incident.title !== null && incident.title !== "") return incident.title
  const names = namesOf(page, incident.items)
  const what = words.texts.status[incident.severity]
  return names.length === 0
    ? what
    : words.fill(words.texts.page.incidentOf, { names: words.list(names.slice(0, 3)), what })
}

/** How an incident stands: for how long it lasted, or that it goes on. */
export const incidentState = (incident: PublicIncident, words: Words): string =>
  incident.resolvedAt === null
    ? words.texts.page.ongoing
    : words.fill(words.texts.page.resolvedAfter, { duration: words.duration(incident.resolvedAt - incident.startedAt) })

/** What an update is: one of while it went on, or what was learnt. */
export const updateKind = (update: PublicUpdate, words: Words): string => words.texts.page[update.kind]

/** Incidents by the day of the page's zone on which they began, in the order in which they came. */
export const incidentsByDay = (
  incidents: ReadonlyArray<PublicIncident>,
  words: Words,
): ReadonlyMap<string, ReadonlyArray<PublicIncident>> => {
  const days = new Map<string, Array<PublicIncident>>()
  for (const incident of incidents) {
    const day = words.dayOf(incident.startedAt)
    const known = days.get(day)
    if (known === undefined) days.set(day, [incident])
    else known.push(incident)
  }
  return days
}
