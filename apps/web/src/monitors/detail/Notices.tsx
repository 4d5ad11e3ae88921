import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { summariesQuery } from "../../api/queries.ts"
import type { MonitorOverview } from "../../api/types.ts"
import { Icon } from "../../ui/Icon.tsx"
import { RelativeTime } from "../../ui/RelativeTime.tsx"
import { StatusIcon } from "../../ui/StatusIcon.tsx"
import { IncidentLink } from "./IncidentLink.tsx"
import { type IncidentSummary, openIncidentsQuery } from "./queries.ts"

/** What one has to know about a monitor besides its status: open incidents, and why nothing is told. */
export const Notices = ({ monitor }: { readonly monitor: MonitorOverview }) => {
  const open = useQuery(openIncidentsQuery(monitor.id))
  const incidents = open.data ?? []
  if (incidents.length === 0 && monitor.overlay === null && !monitor.flapping) return null
  return (
    <ul className="notices">
      {incidents.map((incident) => (
        <OpenIncident key={incident.id} incident={incident} />
      ))}
      {monitor.overlay === "Maintenance" && (
        <li className="notice status-Maintenance">
          <StatusIcon status="Maintenance" />
          <span>In maintenance: it is checked, nothing is told, and no downtime counts.</span>
        </li>
      )}
      {monitor.overlay === "Unreachable" && <Unreachable monitor={monitor} />}
      {monitor.flapping && (
        <li className="notice status-Degraded">
          <Icon name="activity" />
          <span>Flapping: it changes so often that nothing is told until it has settled.</span>
        </li>
      )}
    </ul>
  )
}

const OpenIncident = ({ incident }: { readonly incident: IncidentSummary }) => (
  <li className={`notice status-${incident.severity}`}>
    <StatusIcon status={incident.severity} />
    <span>
      <IncidentLink id={incident.id}>{incident.title}</IncidentLink>, <RelativeTime at={incident.startedAt} />.{" "}
      {incident.acknowledgedAt === null ? (
        "Nobody has acknowledged it yet."
      ) : (
        <>
          Acknowledged{incident.acknowledgedBy === null ? "" : ` by ${incident.acknowledgedBy}`}{" "}
          <RelativeTime at={incident.acknowledgedAt} />.
        </>
      )}
    </span>
  </li>
)

/** The monitors that this one lies behind, those that are down first of all. */
const Unreachable = ({ monitor }: { readonly monitor: MonitorOverview }) => {
  const summaries = useQuery(summariesQuery)
  const parents = (summaries.data ?? []).filter(({ id }) => monitor.parents.includes(id))
  const down = parents.filter(({ status }) => status === "Down")
  const named = down.length === 0 ? parents : down
  return (
    <li className="notice status-Unreachable">
      <StatusIcon status="Unreachable" />
      <span>
        Unreachable: it lies behind{" "}
        {named.length === 0
          ? "a monitor that is down"
          : named.map(({ id, name }, index) => (
              <span key={id}>
                {index === 0 ? "" : ", "}
                <Link to="/monitors/$id" params={{ id }}>
                  {name}
                </Link>
              </span>
            ))}
        . Nothing is told of it meanwhile, and no downtime counts.
      </span>
    </li>
  )
}
