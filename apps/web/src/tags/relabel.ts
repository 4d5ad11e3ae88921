import type { MonitorSummary } from "../api/types.ts"
import type { Maintenance } from "../maintenance/queries.ts"
import { type LabelKind, namesOf } from "./labels.ts"

/** What of a monitor is changed. */
export interface LabelEdit {
  readonly id: string
  readonly monitor: { readonly tags: ReadonlyArray<string> } | { readonly group: string | null }
}

/** A change of many monitors, and what takes it back. */
export interface Relabelling {
  readonly edits: ReadonlyArray<LabelEdit>
  readonly undo: ReadonlyArray<LabelEdit>
}

/** The maintenances that name a tag or group. */
export const naming = <M extends Pick<Maintenance, "groups" | "tags">>(
  kind: LabelKind,
  maintenances: ReadonlyArray<M>,
  name: string,
): ReadonlyArray<M> => maintenances.filter(({ groups, tags }) => (kind === "tag" ? tags : groups).includes(name))

/**
 * Gives a tag or group another name on all monitors that have it, or takes it from them. A tag keeps its place; on monitors
 * that have the new one already, the old one goes.
 *
 * @param to the new name; null takes it away
 */
export const relabelling = (
  kind: LabelKind,
  monitors: ReadonlyArray<MonitorSummary>,
  from: string,
  to: string | null,
): Relabelling => {
  const members = monitors.filter((monitor) => to !== from && namesOf(kind, monitor).includes(from))
  return {
    edits: members.map(({ id, tags }) => ({
      id,
      monitor: kind === "group" ? { group: to } : { tags: renamed(tags, from, to) },
    })),
    undo: members.map(({ group, id, tags }) => ({ id, monitor: kind === "group" ? { group } : { tags } })),
  }
}

const renamed = (tags: ReadonlyArray<string>, from: string, to: string | null): ReadonlyArray<string> => [
  ...new Set(tags.flatMap((tag) => (tag === from ? (to === null ? [] : [to]) : [tag]))),
]
