import { Link } from "@tanstack/react-router"
import { useNow } from "../ui/clock.ts"
import { counted, span } from "../ui/format.ts"
import { RelativeTime } from "../ui/RelativeTime.tsx"
import { StatusIcon } from "../ui/StatusIcon.tsx"
import { statusWords } from "../ui/status.ts"
import type { Incident } from "./queries.ts"

/** Whose incident it is: `web, api and 3 more`. */
const whose = ({ monitorCount, monitorNames }: Incident): string => {
  const more = monitorCount - monitorNames.length
  if (monitorCount === 0) return "No monitor"
  return more > 0 ? `${monitorNames.join(", ")} and ${more.toLocaleString("en")} more` : monitorNames.join(", ")
}

/** An incident in the list. */
export const IncidentRow = ({ incident }: { readonly incident: Incident }) => {
  const now = useNow()
  const { acknowledgedBy, resolvedAt } = incident
  const lasted = span((resolvedAt === null ? now : Date.parse(resolvedAt)) - Date.parse(incident.startedAt))
  return (
    <article className={`list-row incident-row${resolvedAt === null ? "" : " over"}`}>
      <StatusIcon status={incident.severity} size={20} label />
      <div className="what">
        <Link to="/incidents/$id" params={{ id: incident.id }} className="clip row-link" data-row={incident.id}>
          {incident.title}
        </Link>
        <p className="small muted about">
          <span className={`severity status-${incident.severity}`}>{statusWords[incident.severity]}</span>
          <span className="clip" title={counted(incident.monitorCount, "monitor")}>
            {whose(incident)}
          </span>
        </p>
      </div>
      <span className="clip acknowledged">
        {acknowledgedBy !== null ? (
          <>
            <span className="only-narrow">Acknowledged by </span>
            {acknowledgedBy}
          </>
        ) : resolvedAt === null ? (
          <span className="status-Degraded nobody">Nobody yet</span>
        ) : (
          <span className="muted only-wide">–</span>
        )}
      </span>
      <span className="number lasted">
        <span className="only-narrow muted">{resolvedAt === null ? "for " : "took "}</span>
        {lasted}
      </span>
      <span className="number began">
        <RelativeTime at={incident.startedAt} />
      </span>
    </article>
  )
}
