import { useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { type ReactNode, useId, useState } from "react"
import { summariesQuery } from "../api/queries.ts"
import { matches } from "../monitors/list/filterMonitors.ts"
import { Dialog } from "../ui/Dialog.tsx"
import { nextIndex } from "../ui/focus.ts"
import { shortUrl } from "../ui/format.ts"
import { Icon } from "../ui/Icon.tsx"
import { StatusIcon } from "../ui/StatusIcon.tsx"
import { shownStatus } from "../ui/status.ts"
import { commands as commandPages } from "./commands.ts"
import { navigation } from "./navigation.ts"
import { setTheme } from "./theme.ts"

interface Command {
  readonly id: string
  readonly label: string
  readonly hint?: string
  readonly icon: ReactNode
  readonly run: () => void
}

/** The most monitors that are offered at once. */
const mostMonitors = 8

/** Finds monitors and commands by a few letters of theirs. */
export const Palette = ({ onClose, onHelp }: { readonly onClose: () => void; readonly onHelp: () => void }) => {
  const [text, setText] = useState("")
  const [at, setAt] = useState(0)
  const listId = useId()
  const navigate = useNavigate()
  const summaries = useQuery(summariesQuery)
  const needle = text.trim().toLowerCase()

  const commands: ReadonlyArray<Command> = [
    ...commandPages.map((command) => ({
      id: command.to,
      label: command.label,
      ...("key" in command ? { hint: command.key } : {}),
      icon: <Icon name={command.icon} />,
      run: () => void navigate({ to: command.to }),
    })),
    ...navigation.map(({ to, label, icon, key }) => ({
      id: `go-${to}`,
      label: `Go to ${label.toLowerCase()}`,
      hint: `g ${key}`,
      icon: <Icon name={icon} />,
      run: () => void navigate({ to }),
    })),
    ...(["light", "dark", "system"] as const).map((theme) => ({
      id: `theme-${theme}`,
      label: `Use the ${theme} theme`,
      icon: <Icon name="theme" />,
      run: () => setTheme(theme),
    })),
    { id: "help", label: "Keyboard shortcuts", hint: "?", icon: <Icon name="command" />, run: onHelp },
  ]
  const found: ReadonlyArray<Command> = [
    ...(needle === ""
      ? []
      : (summaries.data ?? [])
          .filter((monitor) => matches(monitor, needle))
          .slice(0, mostMonitors)
          .map((monitor) => ({
            id: monitor.id,
            label: monitor.name,
            hint: shortUrl(monitor.url),
            icon: <StatusIcon status={shownStatus(monitor)} label />,
            run: () => void navigate({ to: "/monitors/$id", params: { id: monitor.id } }),
          }))),
    ...commands.filter(({ label }) => label.toLowerCase().includes(needle)),
  ]
  const choose = (command: Command | undefined) => {
    if (command === undefined) return
    onClose()
    command.run()
  }
  return (
    <Dialog title="Command palette" onClose={onClose} className="palette">
      <input
        className="input"
        role="combobox"
        aria-label="Find a monitor or a command"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={found[at] === undefined ? undefined : `${listId}-${at}`}
        placeholder="Find a monitor or a command"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setAt(0)
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") choose(found[at])
          const next =
            event.key.startsWith("Arrow") && /Up|Down/.test(event.key)
              ? nextIndex(event.key, at, found.length)
              : undefined
          if (next === undefined) return
          event.preventDefault()
          setAt(next)
          document.getElementById(`${listId}-${next}`)?.scrollIntoView({ block: "nearest" })
        }}
      />
      <div id={listId} role="listbox" aria-label="Found">
        {found.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the combobox
          <div
            key={command.id}
            id={`${listId}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onClick={() => choose(command)}
            onPointerMove={() => setAt(index)}
          >
            {command.icon}
            <span className="clip">{command.label}</span>
            {command.hint !== undefined && <span className="clip muted hint">{command.hint}</span>}
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="muted none">Nothing is called “{text}”.</p>}
    </Dialog>
  )
}
