import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { summariesQuery } from "../api/queries.ts"
import { useTitle } from "../app/useTitle.ts"
import { Button, buttonClass } from "../ui/Button.tsx"
import { Empty, ErrorState, Loading, Skeleton } from "../ui/Feedback.tsx"
import { Icon } from "../ui/Icon.tsx"
import { statusPagesQuery } from "./queries.ts"
import { StatusPageCard } from "./StatusPageCard.tsx"
import "./statusPages.css"

const newPageLink = (
  <Link to="/status-pages/new" className={buttonClass("primary")}>
    <Icon name="plus" />
    New<span className="only-wide"> status page</span>
  </Link>
)

/** All status pages. */
export const StatusPagesPage = () => {
  useTitle("Status pages")
  const pages = useInfiniteQuery(statusPagesQuery)
  const summaries = useQuery(summariesQuery)
  if (pages.isPending) {
    return (
      <Loading>
        <div className="stack">
          <Skeleton width={180} height={36} />
          <Skeleton height={92} />
          <Skeleton height={92} />
        </div>
      </Loading>
    )
  }
  if (pages.data === undefined) return <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />
  const items = pages.data.pages.flatMap((page) => page.items)
  if (items.length === 0) {
    return (
      <Empty icon="globe" heading="h1" title="No status page yet" action={newPageLink}>
        A status page tells your visitors how your services do, also while everything else is on fire: plain HTML, with
        current incidents, planned maintenance and 90 days of history.
      </Empty>
    )
  }
  return (
    <div className="stack">
      <div className="page-title">
        <h1>Status pages</h1>
        {newPageLink}
      </div>
      <ul className="page-cards">
        {items.map((page) => (
          <li key={page.id}>
            <StatusPageCard page={page} monitors={summaries.data} />
          </li>
        ))}
      </ul>
      {pages.hasNextPage && (
        <Button busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          Show more
        </Button>
      )}
    </div>
  )
}
