import type { MonitorSummary } from "../api/types.ts"
import type { Draft } from "./draft.ts"

/** How many of the monitors a maintenance is over: those that are named, and all with one of its tags or groups. */
export const coveredBy = (
  { groups, monitorIds, tags }: Pick<Draft, "groups" | "monitorIds" | "tags">,
  monitors: ReadonlyArray<Pick<MonitorSummary, "group" | "id" | "tags">>,
): number => {
  const named = new Set(monitorIds)
  return monitors.filter(
    ({ group, id, tags: own }) =>
      named.has(id) || own.some((tag) => tags.includes(tag)) || (group !== null && groups.includes(group)),
  ).length
}
