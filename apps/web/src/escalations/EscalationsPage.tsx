import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { ChannelsLayout } from "../channels/ChannelsLayout.tsx"
import { channelsQuery } from "../channels/queries.ts"
import { buttonClass } from "../ui/Button.tsx"
import { Empty, ErrorState, Loading, Skeleton } from "../ui/Feedback.tsx"
import { span } from "../ui/format.ts"
import type { Escalation } from "./escalationForm.ts"
import "./escalations.css"
import { escalationsQuery } from "./queries.ts"

/** Who else is told while nobody acknowledges. */
export const EscalationsPage = () => (
  <ChannelsLayout title="Escalations" add="New escalation" addTo="/channels/escalations/new">
    <EscalationList />
  </ChannelsLayout>
)

const EscalationList = () => {
  const escalations = useQuery(escalationsQuery)
  const channels = useQuery(channelsQuery)
  if (escalations.data === undefined) {
    return escalations.isPending ? (
      <Loading>
        <div className="list-card">
          {[1, 2, 3].map((row) => (
            <div key={row} className="list-row escalation-row">
              <Skeleton width="40%" height={20} />
              <Skeleton width="70%" height={24} />
            </div>
          ))}
        </div>
      </Loading>
    ) : (
      <ErrorState error={escalations.error} heading="h2" onRetry={() => void escalations.refetch()} />
    )
  }
  if (escalations.data.length === 0) {
    return (
      <Empty
        icon="stairs"
        title="No escalations yet"
        action={
          <Link to="/channels/escalations/new" className={buttonClass("primary")}>
            New escalation
          </Link>
        }
      >
        An escalation tells further channels while nobody acknowledges an incident: a pager after 15 minutes, everybody
        after an hour. Monitors name the one that is theirs.
      </Empty>
    )
  }
  const names = new Map(channels.data?.map(({ id, name }) => [id, name]))
  return (
    <ul className="list-card" aria-label="Escalations">
      {escalations.data.map((escalation) => (
        <li key={escalation.id}>
          <EscalationRow escalation={escalation} names={names} />
        </li>
      ))}
    </ul>
  )
}

const EscalationRow = ({
  escalation,
  names,
}: {
  readonly escalation: Escalation
  readonly names: ReadonlyMap<string, string>
}) => (
  <article className="list-row escalation-row">
    <h2 className="clip">
      <Link to="/channels/escalations/$id" params={{ id: escalation.id }} className="row-link">
        {escalation.name}
      </Link>
    </h2>
    <ol className="step-line">
      {escalation.steps.map(({ afterMinutes, channels }) => (
        <li key={afterMinutes}>
          <strong>{span(afterMinutes * 60_000)}</strong>
          <span className="muted clip">{channels.map((id) => names.get(id) ?? "…").join(", ")}</span>
        </li>
      ))}
    </ol>
  </article>
)
