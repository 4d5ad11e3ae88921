import { useState } from "react"
import type { MonitorSummary } from "../../api/types.ts"
import { Button } from "../../ui/Button.tsx"
import { Dialog } from "../../ui/Dialog.tsx"
import { TextField } from "../../ui/Field.tsx"
import { counted } from "../../ui/format.ts"
import { textsOf } from "../../ui/formData.ts"
import { Icon } from "../../ui/Icon.tsx"
import { addTag, deleteMonitors, setEnabled, setGroup } from "./bulk.ts"

/** What can be done with the monitors that are selected. All of it can be taken back. */
export const BulkBar = ({
  monitors,
  onDone,
}: {
  readonly monitors: ReadonlyArray<MonitorSummary>
  readonly onDone: () => void
}) => {
  const [asking, setAsking] = useState<"tag" | "group" | null>(null)
  const done = (work: Promise<void> | void) => {
    void work
    onDone()
  }
  return (
    <section className="bulk-bar" aria-label="Selected monitors">
      <strong>{counted(monitors.length, "monitor")} selected</strong>
      <Button className="small" onClick={() => done(setEnabled(monitors, false))}>
        <Icon name="pause" />
        Pause
      </Button>
      <Button className="small" onClick={() => done(setEnabled(monitors, true))}>
        <Icon name="play" />
        Resume
      </Button>
      <Button className="small" onClick={() => setAsking("tag")}>
        <Icon name="tag" />
        Tag
      </Button>
      <Button className="small" onClick={() => setAsking("group")}>
        <Icon name="folder" />
        Group
      </Button>
      <Button className="small" tone="danger" onClick={() => done(deleteMonitors(monitors))}>
        <Icon name="trash" />
        Delete
      </Button>
      <Button className="small" tone="quiet" onClick={onDone}>
        <Icon name="close" />
        <span className="visually-hidden">Select none</span>
      </Button>
      {asking !== null && (
        <Dialog
          title={`${asking === "tag" ? "Tag" : "Group"} ${counted(monitors.length, "monitor")}`}
          onClose={() => setAsking(null)}
        >
          <form
            onSubmit={(event) => {
              event.preventDefault()
              const name = (textsOf(event.currentTarget)["name"] ?? "").trim()
              setAsking(null)
              if (asking === "group") done(setGroup(monitors, name === "" ? null : name))
              else if (name !== "") done(addTag(monitors, name))
            }}
          >
            <TextField
              label={asking === "tag" ? "Tag" : "Group"}
              name="name"
              autoFocus
              autoComplete="off"
              maxLength={asking === "tag" ? 50 : 100}
              required={asking === "tag"}
              hint={asking === "group" ? "Left empty, they leave their groups." : undefined}
            />
            <footer>
              <Button onClick={() => setAsking(null)}>Cancel</Button>
              <Button tone="primary" type="submit">
                Apply
              </Button>
            </footer>
          </form>
        </Dialog>
      )}
    </section>
  )
}
