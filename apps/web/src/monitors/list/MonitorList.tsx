import { Link } from "@tanstack/react-router"
import { useCallback, useMemo, useState } from "react"
import type { MonitorSummary } from "../../api/types.ts"
import { Button, buttonClass } from "../../ui/Button.tsx"
import { Empty } from "../../ui/Feedback.tsx"
import { counted } from "../../ui/format.ts"
import { Icon } from "../../ui/Icon.tsx"
import { BulkBar } from "./BulkBar.tsx"
import { filterMonitors, headline, rowsOf, sortMonitors } from "./filterMonitors.ts"
import { ListFilters } from "./ListFilters.tsx"
import { ListRows } from "./ListRows.tsx"
import { StatusFilter } from "./StatusFilter.tsx"
import { useListSearch } from "./useListSearch.ts"

const noneSelected: ReadonlySet<string> = new Set()

/** Every filter taken away; the order stays. */
const noSearch = { q: undefined, status: undefined, tag: undefined, group: undefined, kind: undefined }

/** The list of monitors: how it stands, filters, rows, and what can be done with those that are selected. */
export const MonitorList = ({ monitors }: { readonly monitors: ReadonlyArray<MonitorSummary> }) => {
  const [search, setSearch] = useListSearch()
  const [selected, setSelected] = useState(noneSelected)
  // Sorted first: what is typed only leaves some of them out.
  const sorted = useMemo(() => sortMonitors(monitors, search.sort ?? "status"), [monitors, search.sort])
  const shown = useMemo(() => filterMonitors(sorted, search), [sorted, search])
  const rows = useMemo(() => rowsOf(shown, search.grouped === true), [shown, search.grouped])
  const chosen = useMemo(() => shown.filter(({ id }) => selected.has(id)), [shown, selected])
  const title = useMemo(() => headline(monitors), [monitors])
  const toggle = useCallback(
    (id: string) =>
      setSelected((old) => {
        const next = new Set(old)
        if (!next.delete(id)) next.add(id)
        return next
      }),
    [],
  )

  return (
    <div className="monitor-list">
      <div className="list-title">
        <h1>{title}</h1>
        <Link to="/monitors/new" className={buttonClass("primary")}>
          <Icon name="plus" />
          New<span className="only-wide"> monitor</span>
        </Link>
      </div>
      <StatusFilter monitors={monitors} selected={search.status} onChange={(status) => setSearch({ status })} />
      <ListFilters monitors={monitors} search={search} onChange={setSearch} />
      <p className="visually-hidden" role="status">
        {counted(shown.length, "monitor")} shown
      </p>
      {shown.length === 0 ? (
        <div className="list-card">
          <Empty
            icon="search"
            title="No monitor matches"
            action={<Button onClick={() => setSearch(noSearch)}>Clear all filters</Button>}
          >
            None of your {counted(monitors.length, "monitor")} has all that is asked for.
          </Empty>
        </div>
      ) : (
        <ListRows
          rows={rows}
          selected={selected}
          onToggle={toggle}
          onToggleAll={() =>
            setSelected(chosen.length === shown.length ? noneSelected : new Set(shown.map(({ id }) => id)))
          }
          allSelected={chosen.length === shown.length ? true : chosen.length === 0 ? false : "some"}
        />
      )}
      {chosen.length > 0 && <BulkBar monitors={chosen} onDone={() => setSelected(noneSelected)} />}
    </div>
  )
}
