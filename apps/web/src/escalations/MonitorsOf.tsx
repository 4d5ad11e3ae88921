import { useInfiniteQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { Button } from "../ui/Button.tsx"
import { ErrorState, Loading, Skeleton } from "../ui/Feedback.tsx"
import { StatusIcon } from "../ui/StatusIcon.tsx"
import { shownStatus } from "../ui/status.ts"
import { monitorsOfQuery } from "./queries.ts"

/** The monitors that an escalation policy is for. */
export const MonitorsOf = ({ escalationId }: { readonly escalationId: string }) => {
  const monitors = useInfiniteQuery(monitorsOfQuery(escalationId))
  const items = monitors.data?.pages.flatMap((page) => page.items)
  return (
    <section className="stack" aria-labelledby="monitors-of-title">
      <h2 id="monitors-of-title">Monitors that use it</h2>
      {items === undefined ? (
        monitors.isPending ? (
          <Loading>
            <Skeleton height={48} />
          </Loading>
        ) : (
          <ErrorState error={monitors.error} heading="h3" onRetry={() => void monitors.refetch()} />
        )
      ) : items.length === 0 ? (
        <p className="muted">None yet. A monitor names its escalation in its settings, under “Alerts”.</p>
      ) : (
        <ul className="monitors-of">
          {items.map((monitor) => (
            <li key={monitor.id}>
              <StatusIcon status={shownStatus(monitor)} label />
              <Link to="/monitors/$id" params={{ id: monitor.id }} className="clip">
                {monitor.name}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {monitors.hasNextPage && (
        <Button className="more" busy={monitors.isFetchingNextPage} onClick={() => void monitors.fetchNextPage()}>
          Show more
        </Button>
      )}
    </section>
  )
}
