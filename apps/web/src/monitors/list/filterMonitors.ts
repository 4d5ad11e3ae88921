import type { MonitorSummary } from "../../api/types.ts"
import { type ShownStatus, shownStatus, statusOrder } from "../../ui/status.ts"
import type { ListSearch, Order } from "./listSearch.ts"
import { naturalKey } from "./naturalKey.ts"

/** What is made of a monitor once: a changed one is another object. */
const memo = <A>(make: (monitor: MonitorSummary) => A) => {
  const known = new WeakMap<MonitorSummary, A>()
  return (monitor: MonitorSummary): A => {
    const before = known.get(monitor)
    if (before !== undefined) return before
    const made = make(monitor)
    known.set(monitor, made)
    return made
  }
}

/** Where a text is looked for, a line each: none of them has a line break in it, and no text that is typed has one. */
const searched = memo(({ group, name, tags, url }) => [name, url, group ?? "", ...tags].join("\n").toLowerCase())

/** Whether a text in lower case is found in a monitor's name, URL, group or tags. */
export const matches = (monitor: MonitorSummary, text: string): boolean => searched(monitor).includes(text)

/** The monitors that a search leaves: of those with the text, one of the statuses, groups and kinds, and all of the tags. */
export const filterMonitors = (
  monitors: ReadonlyArray<MonitorSummary>,
  { q, status, tag, group, kind }: ListSearch,
): ReadonlyArray<MonitorSummary> => {
  const text = q?.trim().toLowerCase() ?? ""
  return monitors.filter(
    (monitor) =>
      (text === "" || matches(monitor, text)) &&
      (status === undefined || status.includes(shownStatus(monitor))) &&
      (group === undefined || (monitor.group !== null && group.includes(monitor.group))) &&
      (kind === undefined || kind.includes(monitor.kind)) &&
      (tag === undefined || tag.every((each) => monitor.tags.includes(each))),
  )
}

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" })
const sortedName = memo(({ name }) => naturalKey(name))
const byName = (a: MonitorSummary, b: MonitorSummary) => {
  const [one, other] = [sortedName(a), sortedName(b)]
  return one === other ? 0 : one < other ? -1 : 1
}
const severity = new Map(statusOrder.map((status, index) => [status, index]))
const severityOf = (monitor: MonitorSummary) => severity.get(shownStatus(monitor)) ?? statusOrder.length

/** By name: every other order goes on from it, and the monitors are the same for all of them. */
const sortedByName = new WeakMap<ReadonlyArray<MonitorSummary>, ReadonlyArray<MonitorSummary>>()
const inNameOrder = (monitors: ReadonlyArray<MonitorSummary>): ReadonlyArray<MonitorSummary> => {
  const known = sortedByName.get(monitors)
  if (known !== undefined) return known
  const sorted = monitors.toSorted(byName)
  sortedByName.set(monitors, sorted)
  return sorted
}

/** Sorted by a number, the smaller first; those with the same stay by name. */
const byNumber = (monitors: ReadonlyArray<MonitorSummary>, numberOf: (monitor: MonitorSummary) => number) =>
  inNameOrder(monitors)
    .map((monitor) => [numberOf(monitor), monitor] as const)
    .sort(([one], [other]) => one - other)
    .map(([, monitor]) => monitor)

/** Monitors in an order; what has no value to order by comes last. They come newest first, and `newest` leaves them so. */
export const sortMonitors = (monitors: ReadonlyArray<MonitorSummary>, order: Order): ReadonlyArray<MonitorSummary> => {
  switch (order) {
    case "newest":
      return monitors
    case "name":
      return inNameOrder(monitors)
    case "status":
      return byNumber(monitors, severityOf)
    case "slowest":
      return byNumber(monitors, ({ responseTimeMs }) => -(responseTimeMs ?? -1))
    case "uptime":
      return byNumber(monitors, ({ uptime24h }) => uptime24h ?? 101)
  }
}

/** A row of the list: a monitor, or the heading of a group. */
export type ListRow =
  | { readonly kind: "group"; readonly name: string | null; readonly count: number }
  | { readonly kind: "monitor"; readonly monitor: MonitorSummary }

/** The rows of monitors in their order, under their groups by name if wanted; those of no group come last. */
export const rowsOf = (monitors: ReadonlyArray<MonitorSummary>, grouped: boolean): ReadonlyArray<ListRow> => {
  if (!grouped) return monitors.map((monitor) => ({ kind: "monitor", monitor }))
  const groups = new Map<string | null, Array<MonitorSummary>>()
  for (const monitor of monitors) {
    const group = groups.get(monitor.group)
    if (group === undefined) groups.set(monitor.group, [monitor])
    else group.push(monitor)
  }
  return [...groups]
    .toSorted(([a], [b]) => (a === null ? 1 : b === null ? -1 : collator.compare(a, b)))
    .flatMap(
      ([name, members]): ReadonlyArray<ListRow> => [
        { kind: "group", name, count: members.length },
        ...members.map((monitor): ListRow => ({ kind: "monitor", monitor })),
      ],
    )
}

/** How many monitors have each status, worst first; only those that any has. */
export const statusCounts = (
  monitors: ReadonlyArray<MonitorSummary>,
): ReadonlyArray<{ readonly status: ShownStatus; readonly count: number }> => {
  const counts = new Map<ShownStatus, number>()
  for (const monitor of monitors) {
    const status = shownStatus(monitor)
    counts.set(status, (counts.get(status) ?? 0) + 1)
  }
  return statusOrder.flatMap((status) => {
    const count = counts.get(status) ?? 0
    return count === 0 ? [] : [{ status, count }]
  })
}

/** The names in use with how often each is, by name. */
export const namesInUse = (
  names: Iterable<string>,
): ReadonlyArray<{ readonly name: string; readonly count: number }> => {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .toSorted((a, b) => collator.compare(a.name, b.name) || (a.name < b.name ? -1 : 1))
}

/** How it stands, in a sentence: `All 12 monitors are up`, `2 of 12 monitors are down`. */
export const headline = (monitors: ReadonlyArray<MonitorSummary>): string => {
  const counts = new Map(statusCounts(monitors).map(({ status, count }) => [status, count]))
  const watched = monitors.length - (counts.get("Paused") ?? 0)
  if (watched === 0) return "All monitors are paused"
  const verb = (count: number) => (count === 1 ? "is" : "are")
  const of = (count: number) =>
    `${count.toLocaleString("en")} of ${watched.toLocaleString("en")} monitors ${verb(count)}`
  const down = counts.get("Down") ?? 0
  if (down > 0) return `${of(down)} down`
  const partial = counts.get("Partial") ?? 0
  if (partial > 0) return `${of(partial)} partly down`
  const degraded = counts.get("Degraded") ?? 0
  if (degraded > 0) return `${of(degraded)} degraded`
  const up = counts.get("Up") ?? 0
  if (up < watched) return `${of(up)} up`
  return watched === 1 ? "Your monitor is up" : `All ${watched.toLocaleString("en")} monitors are up`
}
