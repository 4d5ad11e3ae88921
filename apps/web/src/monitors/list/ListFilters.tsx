import { useEffect, useMemo, useRef, useState } from "react"
import type { MonitorSummary } from "../../api/types.ts"
import { isTyping, useKeyDown } from "../../app/useKeyDown.ts"
import { Icon } from "../../ui/Icon.tsx"
import { Menu } from "../../ui/Menu.tsx"
import { namesInUse } from "./filterMonitors.ts"
import { type ListSearch, type Order, orders, toggled } from "./listSearch.ts"

const orderWords: Readonly<Record<Order, string>> = {
  status: "Worst first",
  name: "Name",
  newest: "Newest first",
  slowest: "Slowest first",
  uptime: "Least uptime first",
}

const withCount = (label: string, selected: ReadonlyArray<string> | undefined) =>
  selected === undefined ? label : `${label}: ${selected.length === 1 ? selected[0] : selected.length}`

/** The search and the filters above the list. `/` goes to the search from anywhere. */
export const ListFilters = ({
  monitors,
  search,
  onChange,
}: {
  readonly monitors: ReadonlyArray<MonitorSummary>
  readonly search: ListSearch
  readonly onChange: (change: ListSearch) => void
}) => {
  const input = useRef<HTMLInputElement>(null)
  // What is typed is shown at once; the address follows.
  const [text, setText] = useState(search.q ?? "")
  useEffect(() => {
    if (search.q === undefined) setText("")
  }, [search.q])
  const tags = useMemo(() => namesInUse(monitors.flatMap((monitor) => monitor.tags)), [monitors])
  const kinds = useMemo(() => namesInUse(monitors.map(({ kind }) => kind)), [monitors])
  const groups = useMemo(() => namesInUse(monitors.flatMap(({ group }) => group ?? [])), [monitors])
  useKeyDown((event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || isTyping(event)) return
    event.preventDefault()
    input.current?.focus()
  })
  return (
    <search className="list-filters">
      <div className="search-field">
        <Icon name="search" />
        <input
          ref={input}
          className="input"
          type="search"
          aria-label="Search monitors"
          placeholder="Search name, URL, tag"
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            onChange({ q: event.target.value === "" ? undefined : event.target.value })
          }}
        />
        <kbd className="only-wide">/</kbd>
      </div>
      {tags.length > 0 && (
        <Menu
          label="Filter by tag"
          text={withCount("Tag", search.tag)}
          icon={<Icon name="tag" />}
          items={tags.map(({ name, count }) => ({
            label: name,
            end: count.toLocaleString("en"),
            checked: search.tag?.includes(name) === true,
            onSelect: () => onChange({ tag: toggled(search.tag, name) }),
          }))}
        />
      )}
      {groups.length > 0 && (
        <Menu
          label="Filter by group"
          text={withCount("Group", search.group)}
          icon={<Icon name="folder" />}
          items={groups.map(({ name, count }) => ({
            label: name,
            end: count.toLocaleString("en"),
            checked: search.group?.includes(name) === true,
            onSelect: () => onChange({ group: toggled(search.group, name) }),
          }))}
        />
      )}
      {kinds.length > 1 && (
        <Menu
          label="Filter by kind"
          text={withCount("Kind", search.kind)}
          icon={<Icon name="filter" />}
          items={kinds.map(({ name, count }) => ({
            label: name,
            end: count.toLocaleString("en"),
            checked: search.kind?.includes(name) === true,
            onSelect: () => onChange({ kind: toggled(search.kind, name) }),
          }))}
        />
      )}
      <Menu
        label="Sort and group"
        text={orderWords[search.sort ?? "status"]}
        icon={<Icon name="arrowDown" />}
        align="end"
        items={[
          ...orders.map((order) => ({
            label: orderWords[order],
            checked: (search.sort ?? "status") === order,
            onSelect: () => onChange({ sort: order === "status" ? undefined : order }),
          })),
          ...(groups.length > 0
            ? [
                {
                  label: "Show groups",
                  checked: search.grouped === true,
                  onSelect: () => onChange({ grouped: search.grouped === true ? undefined : true }),
                },
              ]
            : []),
        ]}
      />
    </search>
  )
}
