import { useQuery } from "@tanstack/react-query"
import { recentQuery } from "../../api/queries.ts"
import type { MonitorOverview } from "../../api/types.ts"
import { CheckBar } from "../../ui/CheckBar.tsx"
import { useNow } from "../../ui/clock.ts"
import { duration, span } from "../../ui/format.ts"
import { RelativeTime } from "../../ui/RelativeTime.tsx"
import { StatusBadge } from "../../ui/StatusIcon.tsx"
import { shownStatus } from "../../ui/status.ts"
import { NextCheck } from "./NextCheck.tsx"
import { RegionList } from "./RegionList.tsx"

const begun = new Intl.DateTimeFormat("en", { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" })
const begunLongAgo = new Intl.DateTimeFormat("en", { dateStyle: "medium" })

/** From how long ago on an instant is told by its year and not by its hour, in milliseconds. */
const longAgo = 180 * 86_400_000

const sinceText = (since: number, now: number): string => (now - since < longAgo ? begun : begunLongAgo).format(since)

/** What a monitor is now, since when, and what its regions see. */
export const StatusCard = ({ monitor }: { readonly monitor: MonitorOverview }) => {
  const recent = useQuery(recentQuery(monitor.id))
  const now = useNow()
  const times = monitor.locations.flatMap(({ latest }) => latest.responseTimeMs ?? [])
  return (
    <section className="card stack" aria-labelledby="now-title">
      <h2 id="now-title" className="visually-hidden">
        Now
      </h2>
      <dl className="facts">
        <div>
          <dt>Status</dt>
          <dd aria-live="polite">
            <StatusBadge status={shownStatus(monitor)} />
          </dd>
        </div>
        <div>
          <dt>For</dt>
          <dd>{monitor.since === null ? "–" : span(Math.max(0, now - Date.parse(monitor.since)))}</dd>
          {monitor.since !== null && <dd className="more">since {sinceText(Date.parse(monitor.since), now)}</dd>}
        </div>
        <div>
          <dt>{monitor.kind === "heartbeat" ? "Last run took" : "Response"}</dt>
          <dd>{duration(times.length === 0 ? null : times.reduce((sum, ms) => sum + ms, 0) / times.length)}</dd>
          {times.length > 1 && <dd className="more">mean of {times.length} regions</dd>}
        </div>
        <div>
          <dt>{monitor.kind === "heartbeat" ? "Last ping" : "Last check"}</dt>
          <dd>{monitor.latest === null ? "–" : <RelativeTime at={monitor.latest.checkedAt} />}</dd>
        </div>
        {monitor.kind !== "heartbeat" && (
          <div>
            <dt>Next check</dt>
            <dd>
              <NextCheck at={monitor.nextCheckAt} isPaused={!monitor.enabled} />
            </dd>
            <dd className="more">every {span(monitor.intervalSeconds * 1_000)}</dd>
          </div>
        )}
      </dl>
      <CheckBar checks={recent.data?.checks} />
      <RegionList monitor={monitor} />
    </section>
  )
}
