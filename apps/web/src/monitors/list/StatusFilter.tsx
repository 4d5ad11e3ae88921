import { useMemo } from "react"
import type { MonitorSummary } from "../../api/types.ts"
import { StatusIcon } from "../../ui/StatusIcon.tsx"
import { type ShownStatus, statusWords } from "../../ui/status.ts"
import { statusCounts } from "./filterMonitors.ts"
import { toggled } from "./listSearch.ts"

/** How many monitors have each status; pressed, only those are shown. */
export const StatusFilter = ({
  monitors,
  selected,
  onChange,
}: {
  readonly monitors: ReadonlyArray<MonitorSummary>
  readonly selected: ReadonlyArray<ShownStatus> | undefined
  readonly onChange: (selected: ReadonlyArray<ShownStatus> | undefined) => void
}) => {
  const counts = useMemo(() => statusCounts(monitors), [monitors])
  return (
    <fieldset className="status-filter">
      <legend className="visually-hidden">Status</legend>
      {counts.map(({ status, count }) => (
        <button
          key={status}
          type="button"
          className={`status-${status}`}
          aria-pressed={selected?.includes(status) === true}
          onClick={() => onChange(toggled(selected, status))}
        >
          <StatusIcon status={status} />
          {statusWords[status]}
          <strong>{count.toLocaleString("en")}</strong>
        </button>
      ))}
    </fieldset>
  )
}
