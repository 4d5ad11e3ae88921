import type { MonitorSummary } from "../api/types.ts"
import type { StatusPage } from "./queries.ts"

/** A monitor on a page; `name` is what the public knows it by, empty for its own. */
export interface PageMonitor {
  readonly monitorId: string
  readonly name: string
}

/** A section of a page; `key` tells it from others while it is edited. */
export interface PageSection {
  readonly key: string
  readonly name: string
  readonly monitors: ReadonlyArray<PageMonitor>
}

/** Where a monitor is on a page: in which section, and at which place of it. */
export interface Place {
  readonly section: number
  readonly index: number
}

type Sections = ReadonlyArray<PageSection>

/** The most monitors of a page, and the most sections. */
export const mostMonitors = 500
export const mostSections = 50

/** The sections of a stored page. */
export const sectionsOf = (sections: StatusPage["sections"]): Sections =>
  sections.map(({ name, monitors }, index) => ({
    key: `stored-${index}`,
    name,
    monitors: monitors.map(({ monitorId, name: shown }) => ({ monitorId, name: shown ?? "" })),
  }))

/** The sections as the api takes them. */
export const sentSections = (sections: Sections) =>
  sections.map(({ name, monitors }) => ({
    name: name.trim(),
    monitors: monitors.map(({ monitorId, name: shown }) => ({
      monitorId,
      name: shown.trim() === "" ? null : shown.trim(),
    })),
  }))

/** A section of monitors for a page, under a key that no other one has. */
export const newSection = (name: string, monitorIds: ReadonlyArray<string>): PageSection => ({
  key: `new-${++lastKey}`,
  name,
  monitors: monitorIds.map((monitorId) => ({ monitorId, name: "" })),
})

let lastKey = 0

/** All monitors in sections by their groups, in alphabetical order; those without a group come first, under no heading. */
export const sectionsByGroup = (monitors: ReadonlyArray<MonitorSummary>): Sections => {
  const groups = new Map<string, Array<MonitorSummary>>()
  for (const monitor of monitors) {
    const members = groups.get(monitor.group ?? "")
    if (members === undefined) groups.set(monitor.group ?? "", [monitor])
    else members.push(monitor)
  }
  return [...groups]
    .sort(([a], [b]) => a.localeCompare(b, "en"))
    .map(([group, members]) =>
      newSection(
        group,
        members.toSorted((a, b) => a.name.localeCompare(b.name, "en")).map(({ id }) => id),
      ),
    )
}

/** Where a monitor is; undefined when it is not on the page. */
export const placeOf = (sections: Sections, monitorId: string): Place | undefined => {
  for (const [section, { monitors }] of sections.entries()) {
    const index = monitors.findIndex((monitor) => monitor.monitorId === monitorId)
    if (index !== -1) return { section, index }
  }
  return undefined
}

const withSection = (sections: Sections, at: number, change: (section: PageSection) => PageSection): Sections =>
  sections.map((section, index) => (index === at ? change(section) : section))

/** The sections with monitors added at the end of one; those that are on the page already stay where they are. */
export const withMonitors = (sections: Sections, at: number, monitorIds: ReadonlyArray<string>): Sections =>
  withSection(sections, at, (section) => ({
    ...section,
    monitors: [
      ...section.monitors,
      ...monitorIds.filter((id) => placeOf(sections, id) === undefined).map((monitorId) => ({ monitorId, name: "" })),
    ],
  }))

/** The sections without a monitor. */
export const withoutMonitor = (sections: Sections, monitorId: string): Sections =>
  sections.map((section) => ({
    ...section,
    monitors: section.monitors.filter((monitor) => monitor.monitorId !== monitorId),
  }))

/** The sections with another public name for a monitor. */
export const withPublicName = (sections: Sections, monitorId: string, name: string): Sections =>
  sections.map((section) => ({
    ...section,
    monitors: section.monitors.map((monitor) => (monitor.monitorId === monitorId ? { ...monitor, name } : monitor)),
  }))

/** The sections with a monitor taken to another place; its index counts without it. */
export const withMonitorAt = (sections: Sections, monitorId: string, to: Place): Sections => {
  const from = placeOf(sections, monitorId)
  const monitor = from === undefined ? undefined : sections[from.section]?.monitors[from.index]
  if (monitor === undefined || sections[to.section] === undefined) return sections
  return withSection(withoutMonitor(sections, monitorId), to.section, (section) => ({
    ...section,
    monitors: section.monitors.toSpliced(to.index, 0, monitor),
  }))
}

/** Where a step up (-1) or down (1) leads: through the ends of a section into the next; undefined where there is none. */
export const stepFrom = (sections: Sections, { section, index }: Place, step: -1 | 1): Place | undefined => {
  const count = sections[section]?.monitors.length ?? 0
  if (index + step >= 0 && index + step < count) return { section, index: index + step }
  const next = sections[section + step]
  if (next === undefined) return undefined
  return { section: section + step, index: step === 1 ? 0 : next.monitors.length }
}

/** The sections with one a step up (-1) or down (1). */
export const withSectionMoved = (sections: Sections, at: number, step: -1 | 1): Sections => {
  const [section, other] = [sections[at], sections[at + step]]
  if (section === undefined || other === undefined) return sections
  return sections.with(at, other).with(at + step, section)
}

/** The sections with another heading for one. */
export const withHeading = (sections: Sections, at: number, name: string): Sections =>
  withSection(sections, at, (section) => ({ ...section, name }))
