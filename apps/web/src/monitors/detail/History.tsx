import { useInfiniteQuery } from "@tanstack/react-query"
import { type ReactNode, useState } from "react"
import { Button } from "../../ui/Button.tsx"
import { useNow } from "../../ui/clock.ts"
import { Empty, ErrorState, Loading, Skeleton } from "../../ui/Feedback.tsx"
import { absoluteTime, span } from "../../ui/format.ts"
import { StatusBadge } from "../../ui/StatusIcon.tsx"
import { Tabs, tabPanel } from "../../ui/Tabs.tsx"
import { IncidentLink } from "./IncidentLink.tsx"
import { incidentsOfQuery, outagesQuery } from "./queries.ts"

const tabs = [
  { value: "outages", label: "Outages" },
  { value: "incidents", label: "Incidents" },
] as const

const begun = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" })

/** When a monitor was down, and what people were told of. */
export const History = ({ id }: { readonly id: string }) => {
  const [tab, setTab] = useState<(typeof tabs)[number]["value"]>("outages")
  return (
    <section className="card stack" aria-labelledby="history-title">
      <h2 id="history-title">Outages and incidents</h2>
      <Tabs label="Outages or incidents" id="history" tabs={tabs} selected={tab} onSelect={setTab} />
      <div {...tabPanel("history", tab)} className="stack">
        {tab === "outages" ? <Outages id={id} /> : <Incidents id={id} />}
      </div>
    </section>
  )
}

const Outages = ({ id }: { readonly id: string }) => {
  const outages = useInfiniteQuery(outagesQuery(id))
  const items = outages.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Listed query={outages} isEmpty={items.length === 0} empty="It has never been down.">
      <table>
        <thead>
          <tr>
            <th scope="col">Began</th>
            <th scope="col">Duration</th>
            <th scope="col">Incident</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ endedAt, incidentId, startedAt }) => (
            <tr key={startedAt}>
              <td>{begun.format(Date.parse(startedAt))}</td>
              <td>
                <Duration from={startedAt} to={endedAt} />
              </td>
              <td>
                {incidentId === null ? (
                  "–"
                ) : (
                  <IncidentLink id={incidentId}>
                    Incident<span className="visually-hidden"> of {absoluteTime(Date.parse(startedAt))}</span>
                  </IncidentLink>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Listed>
  )
}

const Incidents = ({ id }: { readonly id: string }) => {
  const incidents = useInfiniteQuery(incidentsOfQuery(id))
  const items = incidents.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Listed query={incidents} isEmpty={items.length === 0} empty="Nobody had to be told of anything.">
      <table>
        <thead>
          <tr>
            <th scope="col">Incident</th>
            <th scope="col">Severity</th>
            <th scope="col">Began</th>
            <th scope="col">Duration</th>
          </tr>
        </thead>
        <tbody>
          {items.map((incident) => (
            <tr key={incident.id}>
              <td className="seen">
                <IncidentLink id={incident.id}>{incident.title}</IncidentLink>
              </td>
              <td>
                <StatusBadge status={incident.severity} />
              </td>
              <td>{begun.format(Date.parse(incident.startedAt))}</td>
              <td>
                <Duration from={incident.startedAt} to={incident.resolvedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Listed>
  )
}

const Duration = ({ from, to }: { readonly from: string; readonly to: string | null }) => {
  const now = useNow()
  return to === null ? `${span(now - Date.parse(from))}, goes on` : span(Date.parse(to) - Date.parse(from))
}

/** A list that is read page by page, in whatever state it is. */
const Listed = ({
  query,
  isEmpty,
  empty,
  children,
}: {
  readonly query: {
    readonly isPending: boolean
    readonly error: unknown
    readonly hasNextPage: boolean
    readonly isFetchingNextPage: boolean
    readonly fetchNextPage: () => unknown
    readonly refetch: () => unknown
  }
  readonly isEmpty: boolean
  readonly empty: string
  readonly children: ReactNode
}) => {
  if (query.isPending) {
    return (
      <Loading>
        <Skeleton height={160} />
      </Loading>
    )
  }
  if (isEmpty) {
    return query.error === null ? (
      <Empty icon="check" heading="h3" title="Nothing here">
        {empty}
      </Empty>
    ) : (
      <ErrorState heading="h3" error={query.error} onRetry={() => void query.refetch()} />
    )
  }
  return (
    <>
      <div className="table-scroll">{children}</div>
      {query.hasNextPage && (
        <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show older
        </Button>
      )}
    </>
  )
}
