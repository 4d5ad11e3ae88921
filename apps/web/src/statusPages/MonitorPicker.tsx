import { useState } from "react"
import type { MonitorSummary } from "../api/types.ts"
import { matches } from "../monitors/list/filterMonitors.ts"
import { Button } from "../ui/Button.tsx"
import { Dialog } from "../ui/Dialog.tsx"
import { counted, shortUrl } from "../ui/format.ts"

/** The most monitors that are listed at once. */
const mostListed = 100

/** Picks monitors for a section, among those that are not on the page. */
export const MonitorPicker = ({
  monitors,
  room,
  onClose,
  onPick,
}: {
  readonly monitors: ReadonlyArray<MonitorSummary>
  /** How many the page has room for. */
  readonly room: number
  readonly onClose: () => void
  readonly onPick: (ids: ReadonlyArray<string>) => void
}) => {
  const [text, setText] = useState("")
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const needle = text.trim().toLowerCase()
  const found = needle === "" ? monitors : monitors.filter((monitor) => matches(monitor, needle))
  const listed = found.slice(0, mostListed)
  const isTooMany = picked.size > room
  const toggle = (id: string) => {
    const next = new Set(picked)
    if (!next.delete(id)) next.add(id)
    setPicked(next)
  }
  return (
    <Dialog title="Add monitors" onClose={onClose} className="picker">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (picked.size === 0 || isTooMany) return
          onPick([...picked])
          onClose()
        }}
      >
        <input
          className="input"
          type="search"
          aria-label="Search monitors"
          placeholder="Search name, URL, tag"
          autoComplete="off"
          spellCheck={false}
          autoFocus
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <ul className="picker-list" aria-label="Monitors">
          {listed.map((monitor) => (
            <li key={monitor.id}>
              <label className="picker-item">
                <input
                  type="checkbox"
                  className="checkbox"
                  checked={picked.has(monitor.id)}
                  onChange={() => toggle(monitor.id)}
                />
                <span className="clip">{monitor.name}</span>
                <span className="clip muted small">{shortUrl(monitor.url)}</span>
              </label>
            </li>
          ))}
        </ul>
        <p className="muted small" role="status">
          {found.length === 0
            ? monitors.length === 0
              ? "All your monitors are on the page already."
              : "No monitor matches."
            : found.length > mostListed
              ? `The first ${mostListed} of ${counted(found.length, "monitor")}; search for others.`
              : counted(found.length, "monitor")}
          {isTooMany && ` The page has room for ${room} more.`}
        </p>
        <footer>
          {found.length > 1 && listed.some(({ id }) => !picked.has(id)) && (
            <Button
              tone="quiet"
              className="picker-all"
              onClick={() => setPicked(new Set([...picked, ...listed.map(({ id }) => id)]))}
            >
              Select these {listed.length}
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" type="submit" disabled={picked.size === 0 || isTooMany}>
            {picked.size === 0 ? "Add" : `Add ${picked.size}`}
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}
