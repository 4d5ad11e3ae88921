import { useState } from "react"
import type { MonitorSummary } from "../api/types.ts"
import { Button } from "../ui/Button.tsx"
import { Dialog } from "../ui/Dialog.tsx"
import { TextField } from "../ui/Field.tsx"
import { counted } from "../ui/format.ts"
import type { LabelKind } from "./labels.ts"
import { type Relabelling, relabelling } from "./relabel.ts"

/** Does a change of many monitors, saying what goes on, and what was done in the end. */
export type RelabelRun = (change: Relabelling, doing: string, did: string) => Promise<void>

/** Asks for the new name of a tag or group, or whether it shall go from all monitors. */
export const RelabelDialog = ({
  by,
  name,
  what,
  names,
  monitors,
  onClose,
  onRun,
}: {
  readonly by: LabelKind
  readonly name: string
  readonly what: "rename" | "remove"
  readonly names: ReadonlyArray<string>
  readonly monitors: ReadonlyArray<MonitorSummary>
  readonly onClose: () => void
  readonly onRun: RelabelRun
}) => {
  const [text, setText] = useState(name)
  const next = text.trim()
  const to = what === "remove" ? null : next
  const change = relabelling(by, monitors, name, to)
  const merges = what === "rename" && next !== name && names.includes(next)
  const count = counted(change.undo.length, "monitor")
  const isIdle = what === "rename" && (next === "" || next === name)
  return (
    <Dialog title={what === "rename" ? `Rename “${name}”` : `Remove “${name}”?`} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isIdle) return
          onClose()
          void (what === "rename"
            ? onRun(change, `Renaming “${name}”`, `Renamed “${name}” to “${next}” on ${count}`)
            : onRun(change, `Removing “${name}”`, `Removed “${name}” from ${count}`))
        }}
      >
        {what === "rename" ? (
          <TextField
            label={by === "tag" ? "New name of the tag" : "New name of the group"}
            value={text}
            onChange={(event) => setText(event.target.value)}
            autoFocus
            required
            autoComplete="off"
            maxLength={by === "tag" ? 50 : 100}
            hint={
              merges
                ? `There is “${next}” already: both become one.`
                : "On all monitors that have it; maintenance windows that name it keep the old name. It can be taken back for a moment."
            }
          />
        ) : (
          <p>
            {by === "tag" ? `${count} lose this tag.` : `${count} leave this group, and are in none then.`} They are
            checked on as before. Maintenance windows that name it keep naming it. It can be taken back for a moment.
          </p>
        )}
        <footer>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone={what === "rename" ? "primary" : "danger"} type="submit" disabled={isIdle}>
            {what === "rename" ? (merges ? "Merge" : "Rename") : "Remove"}
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}
