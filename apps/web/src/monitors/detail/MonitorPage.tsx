import { useQuery } from "@tanstack/react-query"
import { Link, useParams } from "@tanstack/react-router"
import { latestQuery, monitorQuery, recentQuery } from "../../api/queries.ts"
import { useTitle } from "../../app/useTitle.ts"
import { CheckBar } from "../../ui/CheckBar.tsx"
import { ErrorState, Loading, Skeleton } from "../../ui/Feedback.tsx"
import { duration, shortUrl, uptime } from "../../ui/format.ts"
import { Icon } from "../../ui/Icon.tsx"
import { RelativeTime } from "../../ui/RelativeTime.tsx"
import { StatusBadge } from "../../ui/StatusIcon.tsx"
import { shownStatus } from "../../ui/status.ts"
import "./detail.css"
import { MonitorActions } from "./MonitorActions.tsx"
import { RecentResults } from "./RecentResults.tsx"

/** One monitor: what it is now, and what its checks found. */
export const MonitorPage = () => {
  const { id } = useParams({ from: "/inside/monitors/$id" })
  const monitor = useQuery(monitorQuery(id))
  const latest = useQuery(latestQuery(id))
  const recent = useQuery(recentQuery(id))
  useTitle(monitor.data?.name ?? "Monitor")
  if (monitor.data === undefined) {
    return monitor.isPending ? (
      <Loading>
        <div className="stack">
          <Skeleton width={240} height={28} />
          <Skeleton height={96} />
          <Skeleton height={240} />
        </div>
      </Loading>
    ) : (
      <ErrorState error={monitor.error} onRetry={() => void monitor.refetch()} />
    )
  }
  const status = shownStatus(monitor.data)
  return (
    <div className="stack">
      <Link to="/" className="back-link">
        <Icon name="arrowLeft" />
        Monitors
      </Link>
      <div className="spread">
        <div className="monitor-title">
          <h1>{monitor.data.name}</h1>
          <p className="muted clip">{shortUrl(monitor.data.url)}</p>
        </div>
        <MonitorActions monitor={monitor.data} />
      </div>
      <dl className="facts card">
        <div>
          <dt>Status</dt>
          <dd>
            <StatusBadge status={status} />
          </dd>
        </div>
        <div>
          <dt>Since</dt>
          <dd>{monitor.data.since === null ? "–" : <RelativeTime at={monitor.data.since} />}</dd>
        </div>
        <div>
          <dt>Last check</dt>
          <dd>{monitor.data.latest === null ? "–" : <RelativeTime at={monitor.data.latest.checkedAt} />}</dd>
        </div>
        <div>
          <dt>Uptime, 24 h</dt>
          <dd>{uptime(recent.data?.uptime24h ?? null)}</dd>
        </div>
        <div>
          <dt>Uptime, 30 days</dt>
          <dd>{uptime(recent.data?.uptime30d ?? null)}</dd>
        </div>
      </dl>
      <section className="card stack" aria-labelledby="recent-title">
        <h2 id="recent-title">Last checks</h2>
        <CheckBar checks={recent.data?.checks} />
        <ul className="region-list">
          {(latest.data?.locations ?? []).map(({ location, latest: result, status: regionStatus }) => (
            <li key={location} className="spread">
              <strong>{location}</strong>
              <span className="row">
                <span className="muted">{duration(result.responseTimeMs)}</span>
                <StatusBadge status={regionStatus} />
              </span>
            </li>
          ))}
        </ul>
      </section>
      <RecentResults id={id} />
    </div>
  )
}
