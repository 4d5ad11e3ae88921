import { Link } from "@tanstack/react-router"
import type { MonitorOverview } from "../../api/types.ts"
import { shortUrl } from "../../ui/format.ts"
import { Icon } from "../../ui/Icon.tsx"
import { MonitorActions } from "./MonitorActions.tsx"

/** What a monitor is: its name, its target, its group and tags, and what can be done with it. */
export const MonitorHeader = ({
  monitor,
  onTest,
}: {
  readonly monitor: MonitorOverview
  readonly onTest: () => void
}) => (
  <header className="monitor-header">
    <Link to="/" className="back-link">
      <Icon name="arrowLeft" />
      Monitors
    </Link>
    <div className="spread">
      <div className="monitor-title">
        <h1>{monitor.name}</h1>
        <p className="muted">
          {/^https?:/.test(monitor.url) ? (
            <a href={monitor.url} target="_blank" rel="noreferrer">
              {shortUrl(monitor.url)}
              <span className="visually-hidden"> (opens in a new tab)</span>
            </a>
          ) : (
            monitor.url
          )}
        </p>
      </div>
      <MonitorActions monitor={monitor} onTest={onTest} />
    </div>
    {(monitor.group !== null || monitor.tags.length > 0) && (
      <ul className="monitor-tags" aria-label="Group and tags">
        {monitor.group !== null && (
          <li className="tag group">
            <Icon name="folder" size={12} />
            {monitor.group}
          </li>
        )}
        {monitor.tags.map((tag) => (
          <li key={tag}>
            <Link to="/" search={{ tag: [tag] }} className="tag">
              {tag}
            </Link>
          </li>
        ))}
      </ul>
    )}
  </header>
)
