import { useEffect, useRef } from "react"
import { nextFocused } from "./focus.ts"

/** Tabs: arrow keys go from one to the next, and show it. What they show is marked with `tabPanel`. */
export const Tabs = <T extends string>({
  label,
  id,
  tabs,
  selected,
  onSelect,
}: {
  readonly label: string
  readonly id: string
  readonly tabs: ReadonlyArray<{ readonly value: T; readonly label: string }>
  readonly selected: T
  readonly onSelect: (value: T) => void
}) => {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    document.getElementById(`${id}-${selected}`)?.scrollIntoView({ block: "nearest", inline: "nearest" })
  }, [id, selected])
  return (
    <div
      ref={list}
      className="tabs"
      role="tablist"
      tabIndex={-1}
      aria-label={label}
      onKeyDown={(event) => {
        if (nextFocused(list.current, event.key)) event.preventDefault()
      }}
    >
      {tabs.map((tab) => (
        <button
          key={tab.value}
          type="button"
          role="tab"
          id={`${id}-${tab.value}`}
          aria-selected={tab.value === selected}
          aria-controls={`${id}-panel`}
          tabIndex={tab.value === selected ? 0 : -1}
          onFocus={() => onSelect(tab.value)}
          onClick={() => onSelect(tab.value)}
        >
          {tab.label}
        </button>
      ))}
    </div>
  )
}

/** The attributes of what a tab shows. */
export const tabPanel = (id: string, selected: string) =>
  ({ role: "tabpanel", id: `${id}-panel`, "aria-labelledby": `${id}-${selected}`, tabIndex: 0 }) as const
