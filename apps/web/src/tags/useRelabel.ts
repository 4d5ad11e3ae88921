import { useState } from "react"
import { failureText } from "../api/ApiFailure.ts"
import { call } from "../api/call.ts"
import { summariesQuery } from "../api/queries.ts"
import { queryClient } from "../api/queryClient.ts"
import { type Maintenance, maintenancesQuery } from "../maintenance/queries.ts"
import { counted } from "../ui/format.ts"
import { showToast } from "../ui/Toasts.tsx"
import type { LabelKind } from "./labels.ts"
import type { LabelEdit, Relabelling } from "./relabel.ts"

/** How many monitors are changed by one call: few enough that progress is seen. */
const atOnce = 250

/** How far a change of many monitors has come. */
export interface Progress {
  readonly text: string
  readonly done: number
  readonly total: number
}

/** A tag or group that gets another name. */
export interface Renaming extends Relabelling {
  readonly by: LabelKind
  readonly from: string
  readonly to: string
  /** The maintenances that name it, as they are before. */
  readonly maintenances: ReadonlyArray<Maintenance>
}

/** Changes tags or groups of many monitors, tells how far it is, and offers to take it back. */
export const useRelabel = () => {
  const [progress, setProgress] = useState<Progress | null>(null)
  const apply = async (edits: ReadonlyArray<LabelEdit>, text: string): Promise<number> => {
    let done = 0
    setProgress({ text, done, total: edits.length })
    try {
      for (; done < edits.length; ) {
        const some = edits.slice(done, done + atOnce)
        await call("monitors", "bulk", {
          payload: { operations: some.map(({ id, monitor }) => ({ action: "edit" as const, id, monitor })) },
        })
        patch(some)
        done += some.length
        setProgress({ text, done, total: edits.length })
      }
    } catch (error) {
      const part = done === 0 ? "" : ` ${counted(done, "monitor was", "monitors were")} changed before.`
      showToast({ text: `${failureText(error)}${part}` })
    }
    setProgress(null)
    void queryClient.invalidateQueries({ queryKey: summariesQuery.queryKey })
    void queryClient.invalidateQueries({ queryKey: ["report"] })
    return done
  }
  const run = async ({ edits, undo }: Relabelling, doing: string, did: string): Promise<void> => {
    const done = await apply(edits, doing)
    if (done === 0) return
    showToast({ text: did, undo: () => void apply(undo.slice(0, done), "Taking it back") })
  }
  /** Renames at once, wherever the name is; what takes it back gives each thing what it had. */
  const rename = async ({ by, edits, from, maintenances, to, undo }: Renaming): Promise<void> => {
    const text = `Renaming “${from}”`
    setProgress({ text, done: 0, total: edits.length })
    try {
      const done = await call("labels", by === "tag" ? "renameTag" : "renameGroup", { payload: { from, to } })
      patch(edits)
      const where = [
        counted(done.monitorCount, "monitor"),
        ...(done.maintenanceCount === 0 ? [] : [counted(done.maintenanceCount, "maintenance")]),
      ].join(" and in ")
      showToast({
        text: `Renamed “${from}” to “${to}” on ${where}`,
        undo: () => void apply(undo, "Taking it back").then(() => putBack(maintenances)),
      })
    } catch (error) {
      showToast({ text: failureText(error) })
    }
    setProgress(null)
    void queryClient.invalidateQueries({ queryKey: summariesQuery.queryKey })
    void queryClient.invalidateQueries({ queryKey: ["report"] })
    void queryClient.invalidateQueries({ queryKey: maintenancesQuery.queryKey })
  }
  return { progress, rename, run }
}

/** Gives maintenances the tags and groups that they had. */
const putBack = async (maintenances: ReadonlyArray<Maintenance>): Promise<void> => {
  try {
    for (const { groups, id, tags } of maintenances) {
      await call("maintenances", "edit", { path: { id }, payload: { groups, tags } })
    }
  } catch (error) {
    showToast({ text: failureText(error) })
  }
  void queryClient.invalidateQueries({ queryKey: maintenancesQuery.queryKey })
}

const patch = (edits: ReadonlyArray<LabelEdit>) => {
  const changes = new Map(edits.map(({ id, monitor }) => [id, monitor]))
  queryClient.setQueryData(summariesQuery.queryKey, (old) =>
    old?.map((monitor) => ({ ...monitor, ...changes.get(monitor.id) })),
  )
  for (const id of changes.keys()) void queryClient.invalidateQueries({ queryKey: ["monitor", id] })
}
