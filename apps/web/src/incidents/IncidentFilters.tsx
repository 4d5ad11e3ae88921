import { useEffect, useRef, useState } from "react"
import { isTyping, useKeyDown } from "../app/useKeyDown.ts"
import { Icon } from "../ui/Icon.tsx"
import { Segments } from "../ui/Segments.tsx"
import { type IncidentSearch, type IncidentState, incidentStates, longestText } from "./incidentSearch.ts"

const words: Readonly<Record<IncidentState, string>> = { all: "All", open: "Open", resolved: "Resolved" }

/** How long typing pauses before it is looked for, in milliseconds. */
const typingPause = 250

/** What the list of incidents shows. `/` goes to the search from anywhere. */
export const IncidentFilters = ({
  search,
  onChange,
}: {
  readonly search: IncidentSearch
  readonly onChange: (change: IncidentSearch) => void
}) => {
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(search.q ?? "")
  const latest = useRef(onChange)
  latest.current = onChange
  useKeyDown((event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || isTyping(event)) return
    event.preventDefault()
    input.current?.focus()
  })
  useEffect(() => {
    const wanted = text.trim() === "" ? undefined : text.trim()
    const timer = setTimeout(() => latest.current({ q: wanted }), typingPause)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <search className="incident-filters">
      <Segments
        label="Which incidents"
        segments={incidentStates.map((state) => ({ value: state, label: words[state] }))}
        selected={search.state ?? "all"}
        onSelect={(state) => onChange({ state: state === "all" ? undefined : state })}
      />
      <div className="search-field">
        <Icon name="search" />
        <input
          ref={input}
          className="input"
          type="search"
          aria-label="Search incidents"
          placeholder="Search title, monitor, URL"
          autoComplete="off"
          spellCheck={false}
          maxLength={longestText}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <kbd className="only-wide">/</kbd>
      </div>
    </search>
  )
}
