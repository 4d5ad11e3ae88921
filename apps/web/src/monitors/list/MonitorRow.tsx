import { Link } from "@tanstack/react-router"
import { memo } from "react"
import type { MonitorSummary } from "../../api/types.ts"
import { useNow } from "../../ui/clock.ts"
import { duration, shortUrl, span, uptime } from "../../ui/format.ts"
import { StatusIcon } from "../../ui/StatusIcon.tsx"
import { type ShownStatus, shownStatus, statusWords } from "../../ui/status.ts"
import { RecentBar } from "./RecentBar.tsx"

/** The most tags that a row has room for. */
const mostTags = 2

/** A monitor in the list. */
export const MonitorRow = memo(
  ({
    monitor,
    selected,
    current,
    onToggle,
    isScrolling,
  }: {
    readonly monitor: MonitorSummary
    readonly selected: boolean
    readonly current: boolean
    readonly onToggle: (id: string) => void
    readonly isScrolling: () => boolean
  }) => {
    const status = shownStatus(monitor)
    return (
      <article className={`list-row monitor-row${current ? " current" : ""}${selected ? " selected" : ""}`}>
        <input
          type="checkbox"
          className="checkbox"
          aria-label={`Select ${monitor.name}`}
          checked={selected}
          onChange={() => onToggle(monitor.id)}
        />
        <StatusIcon status={status} size={20} label />
        <div className="what">
          <Link to="/monitors/$id" params={{ id: monitor.id }} className="clip row-link">
            {monitor.name}
          </Link>
          <div className="about small muted">
            <StatusSince status={status} since={monitor.since} />
            <span className="clip" title={monitor.url}>
              {shortUrl(monitor.url)}
            </span>
            {monitor.tags.slice(0, mostTags).map((tag) => (
              <span key={tag} className="tag only-wide">
                {tag}
              </span>
            ))}
            {monitor.tags.length > mostTags && <span className="only-wide">+{monitor.tags.length - mostTags}</span>}
          </div>
        </div>
        <ul className="regions only-wide" aria-label="Regions">
          {monitor.regions.map(({ location, status: seen }) => (
            <li key={location} title={`${location}: ${statusWords[seen]}`}>
              <StatusIcon status={seen} size={12} />
              <span className="visually-hidden">
                {location}: {statusWords[seen]}
              </span>
            </li>
          ))}
        </ul>
        <RecentBar monitorId={monitor.id} isScrolling={isScrolling} />
        <span className="number">{duration(monitor.responseTimeMs)}</span>
        <span className="number">{uptime(monitor.uptime24h)}</span>
      </article>
    )
  },
)

const StatusSince = ({ status, since }: { readonly status: ShownStatus; readonly since: string | null }) => {
  const now = useNow()
  const shows = status !== "Waiting" && status !== "Paused" && since !== null
  return (
    <span className={`status-since status-${status}`}>
      {statusWords[status]}
      {shows && ` ${span(now - Date.parse(since))}`}
    </span>
  )
}
