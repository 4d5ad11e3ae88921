import { useState } from "react"
import { failureText } from "../api/ApiFailure.ts"
import { call } from "../api/call.ts"
import { summariesQuery } from "../api/queries.ts"
import { queryClient } from "../api/queryClient.ts"
import { counted } from "../ui/format.ts"
import { showToast } from "../ui/Toasts.tsx"
import type { LabelEdit, Relabelling } from "./relabel.ts"

/** How many monitors are changed by one call: few enough that progress is seen. */
const atOnce = 250

/** How far a change of many monitors has come. */
export interface Progress {
  readonly text: string
  readonly done: number
  readonly total: number
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
  return { progress, run }
}

const patch = (edits: ReadonlyArray<LabelEdit>) => {
  const changes = new Map(edits.map(({ id, monitor }) => [id, monitor]))
  queryClient.setQueryData(summariesQuery.queryKey, (old) =>
    old?.map((monitor) => ({ ...monitor, ...changes.get(monitor.id) })),
  )
  for (const id of changes.keys()) void queryClient.invalidateQueries({ queryKey: ["monitor", id] })
}
