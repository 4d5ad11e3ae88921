import { useRef } from "react"
import { isTyping, useKeyDown } from "./useKeyDown.ts"

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

/** Listens to the keys that hold on every page: Ctrl/Cmd-K, `?`, those of commands, and `g` with another. */
export const useShortcuts = (shortcuts: Shortcuts): void => {
  const goUntil = useRef(0)
  useKeyDown((event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault()
      if (document.querySelector("dialog[open]") === null) shortcuts.palette()
      return
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return
    if (event.timeStamp < goUntil.current) {
      goUntil.current = 0
      return shortcuts.go(event.key)
    }
    if (event.key === "g") goUntil.current = event.timeStamp + goFor
    else if (event.key === "?") shortcuts.help()
    else if (shortcuts.run(event.key)) event.preventDefault()
  })
}
