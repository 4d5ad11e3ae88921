import type { ReactNode } from "react"
import { useNow } from "../ui/clock.ts"
import { span } from "../ui/format.ts"
import { RelativeTime } from "../ui/RelativeTime.tsx"
import { StatusBadge } from "../ui/StatusIcon.tsx"
import type { IncidentDetail } from "./queries.ts"

/** How an incident stands, in figures. */
export const IncidentFacts = ({ incident }: { readonly incident: IncidentDetail }) => {
  const now = useNow()
  const { acknowledgedAt, acknowledgedBy, noticedAt, resolvedAt, resolvedBy, startedAt } = incident
  const began = Date.parse(startedAt)
  return (
    <dl className="incident-facts card">
      <Fact name="Severity">
        <StatusBadge status={incident.severity} />
      </Fact>
      <Fact name="State" more={resolvedAt === null ? undefined : resolvedText(resolvedBy)}>
        {resolvedAt === null ? "Open" : "Resolved"}
      </Fact>
      <Fact name={resolvedAt === null ? "For" : "Took"}>
        {span((resolvedAt === null ? now : Date.parse(resolvedAt)) - began)}
      </Fact>
      <Fact name="Began" more={`noticed after ${span(Date.parse(noticedAt) - began)}`}>
        <RelativeTime at={startedAt} />
      </Fact>
      <Fact
        name="Acknowledged"
        more={acknowledgedAt === null ? undefined : `after ${span(Date.parse(acknowledgedAt) - began)}`}
      >
        {acknowledgedBy ?? (resolvedAt === null ? "Nobody yet" : "–")}
      </Fact>
      <Fact name="Status pages">{incident.isPublic ? "Shown" : "Not shown"}</Fact>
    </dl>
  )
}

const resolvedText = (by: string | null) => (by === null ? "by itself" : `by ${by}`)

const Fact = ({
  name,
  more,
  children,
}: {
  readonly name: string
  readonly more?: string | undefined
  readonly children: ReactNode
}) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
    {more !== undefined && <dd className="more">{more}</dd>}
  </div>
)
