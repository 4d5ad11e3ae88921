import { useEffect, useRef } from "react"

/** What the keys that hold on every page do. */
export interface Shortcuts {
  readonly palette: () => void
  readonly help: () => void
  /** `g` and then a key. */
  readonly go: (key: string) => void
  /** A key of a command; says whether it is one. */
  readonly run: (key: string) => boolean
}

/** How long after `g` the next key belongs to it, in milliseconds. */
const goFor = 1_000

/** Whether a key is typed into something, or belongs to a dialog or a menu. */
export const isTyping = (event: KeyboardEvent): boolean =>
  event.target instanceof Element && event.target.closest("input, textarea, select, dialog, [role=menu]") !== null

/** Listens to the keys that hold on every page: Ctrl/Cmd-K, `?`, those of commands, and `g` with another. */
export const useShortcuts = (shortcuts: Shortcuts): void => {
  const latest = useRef(shortcuts)
  latest.current = shortcuts
  useEffect(() => {
    let goUntil = 0
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault()
        if (document.querySelector("dialog[open]") === null) latest.current.palette()
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return
      if (event.timeStamp < goUntil) {
        goUntil = 0
        return latest.current.go(event.key)
      }
      if (event.key === "g") goUntil = event.timeStamp + goFor
      else if (event.key === "?") latest.current.help()
      else if (latest.current.run(event.key)) event.preventDefault()
    }
    document.addEventListener("keydown", onKey)
    return () => document.removeEventListener("keydown", onKey)
  }, [])
}
