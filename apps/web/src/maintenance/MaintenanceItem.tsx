import { Link } from "@tanstack/react-router"
import type { MaintenanceWindow } from "@uptime/incidents/MaintenanceSchedule"
import { Button } from "../ui/Button.tsx"
import { counted, relativeTime, span } from "../ui/format.ts"
import { planText, windowText } from "./planText.ts"
import type { Maintenance } from "./queries.ts"
import { useEndMaintenance, useStartMaintenance } from "./useMaintenanceChange.ts"
import type { Standing } from "./windows.ts"

const list = new Intl.ListFormat("en")

/** What a maintenance is over: "2 monitors, the tag shop and the group Europe". */
const scopeText = ({ groups, monitorIds, tags }: Maintenance): string =>
  list.format([
    ...(monitorIds.length === 0 ? [] : [counted(monitorIds.length, "monitor")]),
    ...(tags.length === 0 ? [] : [`${tags.length === 1 ? "the tag" : "the tags"} ${tags.join(", ")}`]),
    ...(groups.length === 0 ? [] : [`${groups.length === 1 ? "the group" : "the groups"} ${groups.join(", ")}`]),
  ])

/** A maintenance in the list, and what can be done with it now. */
export const MaintenanceItem = ({
  maintenance,
  standing,
  now,
}: {
  readonly maintenance: Maintenance
  readonly standing: Standing
  readonly now: number
}) => {
  const end = useEndMaintenance(maintenance)
  const start = useStartMaintenance(maintenance)
  const { plan } = maintenance
  const canStart =
    plan.kind === "manual" ? standing.state !== "open" : plan.kind === "single" && standing.state === "coming"
  return (
    <article className="maintenance-item">
      <div className="what">
        <h3>
          <Link to="/maintenance/$id" params={{ id: maintenance.id }} className="name">
            {maintenance.title}
          </Link>
          {maintenance.isPublic && <span className="public-note">On status pages</span>}
        </h3>
        {standing.window !== null && (
          <p className="window">
            {windowText(standing.window.startsAt, standing.window.endsAt, now)}
            <span className="muted"> · {whenText(standing.state, standing.window, now)}</span>
          </p>
        )}
        <p className="small muted">{planText(plan)}</p>
        <p className="small muted">Over {scopeText(maintenance)}</p>
      </div>
      {standing.state === "open" && (
        <Button className="small" busy={end.isPending} onClick={() => end.mutate()}>
          End now
        </Button>
      )}
      {canStart && (
        <Button className="small" busy={start.isPending} onClick={() => start.mutate()}>
          Start now
        </Button>
      )}
    </article>
  )
}

const whenText = (state: Standing["state"], { endsAt, startsAt }: MaintenanceWindow, now: number): string => {
  if (state === "coming") return relativeTime(startsAt, now)
  if (state === "past") return relativeTime(endsAt ?? startsAt, now)
  return endsAt === null ? `for ${span(now - startsAt)}` : `${span(endsAt - now)} left`
}
