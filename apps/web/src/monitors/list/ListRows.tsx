import { useNavigate } from "@tanstack/react-router"
import { useWindowVirtualizer } from "@tanstack/react-virtual"
import { useCallback, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react"
import { isTyping, useKeyDown } from "../../app/useKeyDown.ts"
import { counted } from "../../ui/format.ts"
import type { ListRow } from "./filterMonitors.ts"
import { MonitorRow } from "./MonitorRow.tsx"

const wide = window.matchMedia("(min-width: 720px)")
const subscribeWide = (listener: () => void) => {
  wide.addEventListener("change", listener)
  return () => wide.removeEventListener("change", listener)
}

/** The heights of the rows in pixels, as in `list.css`. */
const heights = { group: 40, wide: 60, narrow: 92 } as const

/** The rows of the list; only those in sight are there. `j` and `k` go through them, `x` selects one, Enter opens it. */
export const ListRows = ({
  rows,
  selected,
  onToggle,
  onToggleAll,
  allSelected,
}: {
  readonly rows: ReadonlyArray<ListRow>
  readonly selected: ReadonlySet<string>
  readonly onToggle: (id: string) => void
  readonly onToggleAll: () => void
  readonly allSelected: boolean | "some"
}) => {
  const isWide = useSyncExternalStore(subscribeWide, () => wide.matches)
  const list = useRef<HTMLUListElement>(null)
  const [margin, setMargin] = useState(0)
  const [current, setCurrent] = useState<string | null>(null)
  // What stands above is measured when something changes its size, never while one scrolls: to ask for a place is to lay out.
  useLayoutEffect(() => {
    const around = list.current?.closest(".monitor-list")
    if (around === null || around === undefined) return
    const measure = () => setMargin(Math.round((list.current?.getBoundingClientRect().top ?? 0) + window.scrollY))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(around)
    return () => observer.disconnect()
  }, [])
  // As long as this is the same function, the place of each row is: ten thousand are not worked out anew while one scrolls.
  const getItemKey = useCallback((index: number) => keyOf(rows[index], index), [rows])
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (index) => (rows[index]?.kind === "group" ? heights.group : isWide ? heights.wide : heights.narrow),
    getItemKey,
    overscan: 8,
    scrollMargin: margin,
  })
  const isScrolling = useCallback(() => virtualizer.isScrolling, [virtualizer])
  // Sizes are kept by key; a monitor keeps its size but for the width of the window.
  useEffect(() => {
    if (isWide !== undefined) virtualizer.measure()
  }, [isWide, virtualizer])
  useKeys({ rows, current, setCurrent, onToggle, scrollTo: (index) => virtualizer.scrollToIndex(index) })

  return (
    <div className="list-card">
      <div className="list-head monitors-head">
        <input
          type="checkbox"
          className="checkbox"
          aria-label="Select all that are shown"
          checked={allSelected === true}
          ref={(input) => {
            if (input !== null) input.indeterminate = allSelected === "some"
          }}
          onChange={onToggleAll}
        />
        <span>Monitor</span>
        <span className="only-wide">Regions</span>
        <span className="only-wide">Last checks</span>
        <span className="only-wide number">Response</span>
        <span className="only-wide number">24 h</span>
      </div>
      <ul ref={list} className="monitor-rows" style={{ height: virtualizer.getTotalSize() }} aria-label="Monitors">
        {virtualizer.getVirtualItems().map((item) => {
          const row = rows[item.index]
          if (row === undefined) return null
          return (
            <li
              key={item.key}
              aria-setsize={rows.length}
              aria-posinset={item.index + 1}
              style={{ height: item.size, transform: `translateY(${item.start - margin}px)` }}
            >
              {row.kind === "group" ? (
                <h2 className="group-head">
                  {row.name ?? "No group"} <span className="muted small">{counted(row.count, "monitor")}</span>
                </h2>
              ) : (
                <MonitorRow
                  monitor={row.monitor}
                  selected={selected.has(row.monitor.id)}
                  current={current === row.monitor.id}
                  onToggle={onToggle}
                  isScrolling={isScrolling}
                />
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

const keyOf = (row: ListRow | undefined, index: number): string | number => {
  if (row === undefined) return index
  return row.kind === "group" ? `group ${row.name}` : row.monitor.id
}

const useKeys = ({
  rows,
  current,
  setCurrent,
  onToggle,
  scrollTo,
}: {
  readonly rows: ReadonlyArray<ListRow>
  readonly current: string | null
  readonly setCurrent: (id: string) => void
  readonly onToggle: (id: string) => void
  readonly scrollTo: (index: number) => void
}) => {
  const navigate = useNavigate()
  useKeyDown((event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return
    if (event.key === "j" || event.key === "k") {
      const step = event.key === "j" ? 1 : -1
      const at = rows.findIndex((row) => row.kind === "monitor" && row.monitor.id === current)
      for (let index = at === -1 && step === -1 ? 0 : at + step; ; index += step) {
        const row = rows[index]
        if (row === undefined) return
        if (row.kind === "group") continue
        setCurrent(row.monitor.id)
        return scrollTo(index)
      }
    }
    if (current === null) return
    if (event.key === "x") onToggle(current)
    else if (event.key === "Enter" && document.activeElement === document.body) {
      void navigate({ to: "/monitors/$id", params: { id: current } })
    }
  })
}
