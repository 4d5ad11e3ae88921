import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import type { MonitorSummary } from "../api/types.ts"
import { maintenancesQuery } from "../maintenance/queries.ts"
import { Button } from "../ui/Button.tsx"
import { Dialog } from "../ui/Dialog.tsx"
import { TextField } from "../ui/Field.tsx"
import { counted } from "../ui/format.ts"
import type { LabelKind } from "./labels.ts"
import { naming, type Relabelling, relabelling } from "./relabel.ts"
import type { Renaming } from "./useRelabel.ts"

/** Does a change of many monitors, saying what goes on, and what was done in the end. */
export type RelabelRun = (change: Relabelling, doing: string, did: string) => Promise<void>

/** Renames a tag or group wherever it is named. */
export type RenameRun = (renaming: Renaming) => Promise<void>

/** The most maintenances that are named. */
const maxNamed = 3

/** Asks for the new name of a tag or group, or whether it shall go from all monitors. */
export const RelabelDialog = ({
  by,
  name,
  what,
  names,
  monitors,
  onClose,
  onRun,
  onRename,
}: {
  readonly by: LabelKind
  readonly name: string
  readonly what: "rename" | "remove"
  readonly names: ReadonlyArray<string>
  readonly monitors: ReadonlyArray<MonitorSummary>
  readonly onClose: () => void
  readonly onRun: RelabelRun
  readonly onRename: RenameRun
}) => {
  const [text, setText] = useState(name)
  const next = text.trim()
  const to = what === "remove" ? null : next
  const change = relabelling(by, monitors, name, to)
  const merges = what === "rename" && next !== name && names.includes(next)
  const count = counted(relabelling(by, monitors, name, null).undo.length, "monitor")
  const maintenances = useQuery(maintenancesQuery)
  const named = naming(by, maintenances.data ?? [], name)
  const titles = named.slice(0, maxNamed).map(({ title }) => `“${title}”`)
  const more = named.length - titles.length
  const inMaintenances = `${counted(named.length, "maintenance")}: ${titles.join(", ")}${more > 0 ? ` and ${more} more` : ""}`
  const isIdle = what === "rename" && (next === "" || next === name || maintenances.isPending)
  return (
    <Dialog title={what === "rename" ? `Rename “${name}”` : `Remove “${name}”?`} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isIdle) return
          onClose()
          void (what === "rename"
            ? onRename({ ...change, by, from: name, to: next, maintenances: named })
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
            hint={merges ? `There is “${next}” already: both become one.` : "It can be taken back for a moment."}
          />
        ) : (
          <p>
            {by === "tag" ? `${count} lose this tag.` : `${count} leave this group, and are in none then.`} They are
            checked on as before. It can be taken back for a moment.
          </p>
        )}
        <p className="relabel-changes small">
          {maintenances.isPending
            ? "Looking for maintenances that name it"
            : what === "rename"
              ? `Renames it on ${count}${named.length === 0 ? "" : ` and in ${inMaintenances}`}.`
              : named.length > 0 && `Still named by ${inMaintenances}.`}
        </p>
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
