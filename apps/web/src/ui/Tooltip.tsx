import type { ReactNode } from "react"
import { useId } from "react"

/**
 * Says more about something on hover and focus.
 *
 * @param focusable whether what is inside cannot be focused by itself, and now can be
 */
export const Tooltip = ({
  text,
  focusable = false,
  children,
}: {
  readonly text: string
  readonly focusable?: boolean
  readonly children: ReactNode
}) => {
  const id = useId()
  return (
    <span className="tooltip-anchor" aria-describedby={id} {...(focusable ? { tabIndex: 0, role: "note" } : {})}>
      {children}
      <span className="tooltip" role="tooltip" id={id}>
        {text}
      </span>
    </span>
  )
}
