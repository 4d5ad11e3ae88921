import { Link } from "@tanstack/react-router"
import type { MonitorOverview } from "../../api/types.ts"
import { BackLink } from "../../ui/BackLink.tsx"
import { shortUrl } from "../../ui/format.ts"
import { Icon } from "../../ui/Icon.tsx"
import { PageHead } from "../../ui/PageHead.tsx"
import { MonitorActions } from "./MonitorActions.tsx"

/** What a monitor is: its name, its target, its group and tags, and what can be done with it. */
export const MonitorHeader = ({
  monitor,
  onTest,
}: {
  readonly monitor: MonitorOverview
  readonly onTest: () => void
}) => (
  <div className="monitor-header">
    <PageHead
      back={<BackLink to="/">Monitors</BackLink>}
      actions={<MonitorActions monitor={monitor} onTest={onTest} />}
    >
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
    </PageHead>
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
  </div>
)
