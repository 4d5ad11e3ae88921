import { useLayoutEffect, useRef } from "react"

/**
 * Whether a key is typed into something, or belongs to a dialog or a menu. A dialog that was closed keeps the focus until it
 * is told so, a task later; what is pressed in between is meant for the page.
 */
export const isTyping = (event: KeyboardEvent): boolean =>
  event.target instanceof Element &&
  event.target.closest("dialog:not([open])") === null &&
  event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, dialog, [role=menu]") !== null

/**
 * Listens to every key that is pressed on the page, from the frame on in which the component is shown: an effect after the
 * painting would miss what is pressed as soon as something can be seen.
 */
export const useKeyDown = (onKey: (event: KeyboardEvent) => void): void => {
  const latest = useRef(onKey)
  latest.current = onKey
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => latest.current(event)
    document.addEventListener("keydown", listen)
    return () => document.removeEventListener("keydown", listen)
  }, [])
}
