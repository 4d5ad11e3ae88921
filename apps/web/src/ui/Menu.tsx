import { type ReactNode, useEffect, useRef, useState } from "react"
import { buttonClass } from "./Button.tsx"
import { nextFocused } from "./focus.ts"

/** One thing that a menu does; with `checked` it is one that is on or off, and the menu stays open. */
export interface MenuItem {
  readonly label: string
  readonly icon?: ReactNode
  readonly end?: string
  readonly checked?: boolean
  readonly danger?: boolean
  readonly onSelect: () => void
}

/** A button that opens a menu: arrow keys, Home and End go through it, Escape closes it. */
export const Menu = ({
  label,
  text,
  icon,
  items,
  align = "start",
  className = "",
}: {
  readonly label: string
  readonly text?: ReactNode
  readonly icon?: ReactNode
  readonly items: ReadonlyArray<MenuItem>
  readonly align?: "start" | "end"
  readonly className?: string
}) => {
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!open) return
    nextFocused(list.current, "Home")
    const outside = (event: Event) => {
      if (event.target instanceof Node && anchor.current?.contains(event.target) !== true) setOpen(false)
    }
    document.addEventListener("pointerdown", outside)
    document.addEventListener("focusin", outside)
    return () => {
      document.removeEventListener("pointerdown", outside)
      document.removeEventListener("focusin", outside)
    }
  }, [open])
  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  return (
    <div className="menu-anchor" ref={anchor}>
      <button
        ref={button}
        type="button"
        className={buttonClass("plain", `${text === undefined ? "icon" : ""} ${className}`)}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span className="visually-hidden">{label}</span>
        {icon}
        {text}
      </button>
      {open && (
        <div
          ref={list}
          className={`menu ${align}`}
          role="menu"
          tabIndex={-1}
          aria-label={label}
          onKeyDown={(event) => {
            event.stopPropagation()
            if (event.key === "Escape") close()
            else if (nextFocused(list.current, event.key)) event.preventDefault()
          }}
        >
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              {...(item.checked === undefined
                ? { role: "menuitem" }
                : { role: "menuitemcheckbox", "aria-checked": item.checked })}
              className={item.danger === true ? "danger" : ""}
              onClick={() => {
                if (item.checked === undefined) close()
                item.onSelect()
              }}
            >
              {item.checked !== undefined && <span className="checkbox-mark">{item.checked ? "✓" : ""}</span>}
              {item.icon}
              <span className="clip">{item.label}</span>
              {item.end !== undefined && <span className="end">{item.end}</span>}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
