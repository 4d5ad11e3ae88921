import type { Answer } from "../api/call.ts"
import type { MonitorSummary } from "../api/types.ts"
import { type ShownStatus, shownStatus, statusOrder } from "../ui/status.ts"

/** What monitors are gathered by. */
export type LabelKind = "tag" | "group"

/** How all monitors of a tag or group did over a window. */
export type ReportRow = Answer<"reports", "uptime">["items"][number]

/** A tag or group: its monitors by status as they are now, and how they did. */
export interface Label {
  readonly name: string
  readonly count: number
  /** Worst first; those that no monitor has are left out. */
  readonly statuses: ReadonlyArray<{ readonly status: ShownStatus; readonly count: number }>
  /** Null until it is known, and where nothing was seen. */
  readonly report: ReportRow | null
}

/** The tags or groups of monitors, in alphabetical order. */
export const labelsOf = (
  kind: LabelKind,
  monitors: ReadonlyArray<MonitorSummary>,
  report: ReadonlyArray<ReportRow>,
): ReadonlyArray<Label> => {
  const reports = new Map(report.map((row) => [row.key, row]))
  const members = new Map<string, Array<ShownStatus>>()
  for (const monitor of monitors) {
    for (const name of namesOf(kind, monitor)) {
      const statuses = members.get(name)
      if (statuses === undefined) members.set(name, [shownStatus(monitor)])
      else statuses.push(shownStatus(monitor))
    }
  }
  return [...members]
    .map(([name, shown]) => ({
      name,
      count: shown.length,
      statuses: statusOrder.flatMap((status) => {
        const count = shown.filter((each) => each === status).length
        return count === 0 ? [] : [{ status, count }]
      }),
      report: reports.get(name) ?? null,
    }))
    .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }))
}

/** The tags of a monitor, or its group. */
export const namesOf = (kind: LabelKind, { group, tags }: MonitorSummary): ReadonlyArray<string> => {
  if (kind === "tag") return tags
  return group === null ? [] : [group]
}

/** The orders of the table. */
export const labelOrders = ["name", "uptime", "outages", "monitors"] as const
export type LabelOrder = (typeof labelOrders)[number]

/** The words for each of them. */
export const orderWords: Readonly<Record<LabelOrder, string>> = {
  name: "Name",
  monitors: "Most monitors",
  uptime: "Least uptime",
  outages: "Most outages",
}

/** In an order: by name, the least uptime first, the most outages first, the most monitors first; then by name. */
export const sortLabels = (labels: ReadonlyArray<Label>, order: LabelOrder): ReadonlyArray<Label> => {
  const weight = ({ count, report }: Label): number => {
    if (order === "uptime") return report?.uptime ?? Number.POSITIVE_INFINITY
    if (order === "outages") return -(report?.outages ?? 0)
    return order === "monitors" ? -count : 0
  }
  return labels.toSorted((a, b) => {
    const [one, other] = [weight(a), weight(b)]
    return one === other ? 0 : one - other
  })
}
