import type { RefObject } from "react"
import { isTyping, useKeyDown } from "../app/useKeyDown.ts"

/**
 * `j` and `k` go through those links of a list that have `data-row`, by the focus, so that Enter opens one; other keys are
 * given on with the `data-row` of the link that has the focus.
 */
export const useRowKeys = (list: RefObject<HTMLElement | null>, onKey: (key: string, row: string) => void): void => {
  useKeyDown((event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return
    const links = [...(list.current?.querySelectorAll<HTMLElement>("a[data-row]") ?? [])]
    const at = links.findIndex((link) => link.matches(":focus"))
    if (event.key === "j") links[at + 1]?.focus()
    else if (event.key === "k") links[at === -1 ? 0 : Math.max(0, at - 1)]?.focus()
    else if (at !== -1) onKey(event.key, links[at]?.dataset["row"] ?? "")
  })
}
