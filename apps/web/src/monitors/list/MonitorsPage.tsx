import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { summariesQuery } from "../../api/queries.ts"
import { useTitle } from "../../app/useTitle.ts"
import { ErrorState, Loading, Skeleton } from "../../ui/Feedback.tsx"
import { FirstRun } from "./FirstRun.tsx"
import "./list.css"
import { MonitorList } from "./MonitorList.tsx"
import { useKept } from "./pendingDeletions.ts"

/** All monitors, or, where there is none yet, the way to the first. */
export const MonitorsPage = () => {
  const summaries = useQuery(summariesQuery)
  const kept = useKept(summaries.data)
  const [first, setFirst] = useState<string | null>(null)
  useTitle("Monitors")
  if (summaries.isPending) return <ListSkeleton />
  if (summaries.data === undefined) {
    return <ErrorState error={summaries.error} onRetry={() => void summaries.refetch()} />
  }
  if (summaries.data.length === 0 || first !== null) {
    return <FirstRun created={first} onCreated={setFirst} onDone={() => setFirst(null)} />
  }
  return <MonitorList monitors={kept} />
}

const ListSkeleton = () => (
  <Loading>
    <div className="monitor-list">
      <div className="list-title">
        <Skeleton width="min(280px, 60%)" height={28} />
        <Skeleton width={120} height={36} />
      </div>
      <Skeleton width="min(440px, 100%)" height={32} />
      <Skeleton height={36} />
      <div className="list-card">
        {Array.from({ length: 8 }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: all are the same
          <div key={index} className="skeleton-row">
            <Skeleton width={16} />
            <Skeleton width="30%" />
            <Skeleton width="20%" />
          </div>
        ))}
      </div>
    </div>
  </Loading>
)
