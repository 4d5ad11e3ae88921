import { useInfiniteQuery } from "@tanstack/react-query"
import { Button } from "../ui/Button.tsx"
import { ErrorState, Loading, Skeleton } from "../ui/Feedback.tsx"
import { IncidentRow } from "./IncidentRow.tsx"
import { incidentsQuery } from "./queries.ts"

/** The incidents that are open, or those that are over, page by page. */
export const IncidentSection = ({
  open,
  text,
  none,
}: {
  readonly open: boolean
  readonly text: string | undefined
  /** What is said where there is none. */
  readonly none: string
}) => {
  const incidents = useInfiniteQuery(incidentsQuery(open, text))
  const items = incidents.data?.pages.flatMap((page) => page.items) ?? []
  const title = open ? "Open" : "Resolved"
  return (
    <section className="incident-section" aria-labelledby={`incidents-${title}`}>
      <h2 id={`incidents-${title}`}>{title}</h2>
      <div className="list-card">
        {incidents.isPending ? (
          <Loading>
            <div className="incident-skeleton">
              <Skeleton height={20} />
              <Skeleton width="60%" height={20} />
            </div>
          </Loading>
        ) : items.length === 0 && incidents.isError ? (
          <ErrorState error={incidents.error} onRetry={() => void incidents.refetch()} />
        ) : items.length === 0 ? (
          <p className="list-none">{none}</p>
        ) : (
          <>
            <div className="list-head incident-head" aria-hidden="true">
              <span>Incident</span>
              <span>Acknowledged by</span>
              <span className="number">{open ? "For" : "Took"}</span>
              <span className="number">Began</span>
            </div>
            <ul>
              {items.map((incident) => (
                <li key={incident.id}>
                  <IncidentRow incident={incident} />
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      {incidents.hasNextPage && (
        <Button
          className="show-more"
          busy={incidents.isFetchingNextPage}
          onClick={() => void incidents.fetchNextPage()}
        >
          Show older
        </Button>
      )}
    </section>
  )
}
