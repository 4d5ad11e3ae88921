import { type RefObject, useEffect, useRef } from "react"
import { isTyping } from "../app/useShortcuts.ts"

/**
 * `j` and `k` go through those links of a list that have `data-row`, by the focus, so that Enter opens one; other keys are
 * given on with the `data-row` of the link that has the focus.
 */
export const useRowKeys = (list: RefObject<HTMLElement | null>, onKey: (key: string, row: string) => void): void => {
  const latest = useRef(onKey)
  latest.current = onKey
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return
      const links = [...(list.current?.querySelectorAll<HTMLElement>("a[data-row]") ?? [])]
      const at = links.findIndex((link) => link.matches(":focus"))
      if (event.key === "j") links[at + 1]?.focus()
      else if (event.key === "k") links[at === -1 ? 0 : Math.max(0, at - 1)]?.focus()
      else if (at !== -1) latest.current(event.key, links[at]?.dataset["row"] ?? "")
    }
    document.addEventListener("keydown", listen)
    return () => document.removeEventListener("keydown", listen)
  }, [list])
}
