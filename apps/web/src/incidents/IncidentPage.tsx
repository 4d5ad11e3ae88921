import { useQuery } from "@tanstack/react-query"
import { useParams } from "@tanstack/react-router"
import { useRef } from "react"
import { isTyping, useKeyDown } from "../app/useKeyDown.ts"
import { useTitle } from "../app/useTitle.ts"
import { BackLink } from "../ui/BackLink.tsx"
import { ErrorState, Loading, Skeleton } from "../ui/Feedback.tsx"
import { PageHead } from "../ui/PageHead.tsx"
import { IncidentActions } from "./IncidentActions.tsx"
import { IncidentFacts } from "./IncidentFacts.tsx"
import { IncidentTitle } from "./IncidentTitle.tsx"
import "./incidents.css"
import { NoteForm } from "./NoteForm.tsx"
import { Parts } from "./Parts.tsx"
import { Postmortem } from "./Postmortem.tsx"
import { incidentQuery } from "./queries.ts"
import { Timeline } from "./Timeline.tsx"

/** One incident: how it went, what was seen, and what can be done about it. */
export const IncidentPage = () => {
  const { id } = useParams({ from: "/inside/incidents/$id" })
  const { data: incident, error, isPending, refetch } = useQuery(incidentQuery(id))
  const note = useRef<HTMLTextAreaElement>(null)
  useTitle(incident?.title ?? "Incident")
  useKeyDown((event) => {
    if (event.key !== "c" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return
    event.preventDefault()
    note.current?.focus()
  })
  if (incident === undefined) {
    return isPending ? (
      <Loading>
        <div className="stack">
          <Skeleton width={80} height={20} />
          <Skeleton width={320} height={36} />
          <Skeleton height={88} />
          <div className="incident-columns">
            <Skeleton height={360} />
            <Skeleton height={240} />
          </div>
        </div>
      </Loading>
    ) : (
      <ErrorState error={error} onRetry={() => void refetch()} />
    )
  }
  return (
    <div className="stack">
      <PageHead
        back={<BackLink to="/incidents">Incidents</BackLink>}
        actions={<IncidentActions key={`${incident.id} actions`} incident={incident} />}
      >
        <IncidentTitle key={incident.id} incident={incident} />
      </PageHead>
      <IncidentFacts incident={incident} />
      <div className="incident-columns">
        <section className="card stack" aria-labelledby="timeline-title">
          <h2 id="timeline-title">Timeline</h2>
          <NoteForm key={incident.id} incident={incident} field={note} />
          <Timeline incident={incident} />
        </section>
        <div className="stack">
          <Parts incident={incident} />
          <Postmortem key={incident.id} incident={incident} />
        </div>
      </div>
    </div>
  )
}
