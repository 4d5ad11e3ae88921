import type { MonitorSummary } from "../api/types.ts"
import { Button } from "../ui/Button.tsx"
import { Icon } from "../ui/Icon.tsx"
import { StatusIcon } from "../ui/StatusIcon.tsx"
import { shownStatus } from "../ui/status.ts"
import type { PageMonitor } from "./sections.ts"
import { handleId, type Reorder } from "./useReorder.ts"

/** A monitor on a page: its handle, its name here, its name for the public. */
export const PageMonitorRow = ({
  monitor,
  summary,
  place,
  reorder,
  onName,
  onRemove,
}: {
  readonly monitor: PageMonitor
  readonly summary: MonitorSummary | undefined
  /** `section:index` */
  readonly place: string
  readonly reorder: Reorder
  readonly onName: (name: string) => void
  readonly onRemove: () => void
}) => {
  const { monitorId } = monitor
  const name = summary?.name ?? "A monitor that is gone"
  return (
    <li className={`page-monitor ${reorder.dragged === monitorId ? "dragged" : ""}`} data-place={place}>
      <button
        type="button"
        className="page-handle"
        id={handleId(monitorId)}
        aria-label={`Move ${name}: arrow keys up and down`}
        onPointerDown={(event) => {
          if (event.button === 0) reorder.drag(monitorId)
        }}
        onKeyDown={(event) => {
          if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return
          event.preventDefault()
          reorder.step(monitorId, event.key === "ArrowUp" ? -1 : 1)
        }}
      >
        <Icon name="grip" />
      </button>
      <span className="page-monitor-name">
        {summary !== undefined && <StatusIcon status={shownStatus(summary)} label />}
        <span className="clip">{name}</span>
      </span>
      <input
        className="input"
        aria-label={`Public name of ${name}`}
        placeholder={`Shown as ${name}`}
        maxLength={200}
        autoComplete="off"
        value={monitor.name}
        onChange={(event) => onName(event.target.value)}
      />
      <Button tone="quiet" className="icon" onClick={onRemove}>
        <Icon name="close" />
        <span className="visually-hidden">Remove {name} from the page</span>
      </Button>
    </li>
  )
}
