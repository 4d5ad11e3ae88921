import { useQuery } from "@tanstack/react-query"
import { useParams } from "@tanstack/react-router"
import { useState } from "react"
import { monitorQuery } from "../../api/queries.ts"
import { useTitle } from "../../app/useTitle.ts"
import { ErrorState, Loading, Skeleton } from "../../ui/Feedback.tsx"
import { PingAddresses } from "../heartbeat/PingAddresses.tsx"
import { CertificateCard } from "./CertificateCard.tsx"
import { ResponseChart } from "./chart/ResponseChart.tsx"
import { HeartbeatCard } from "./HeartbeatCard.tsx"
import { History } from "./History.tsx"
import { testButton } from "./MonitorActions.tsx"
import { MonitorHeader } from "./MonitorHeader.tsx"
import { Notices } from "./Notices.tsx"
import { ResultList } from "./ResultList.tsx"
import { StatusCard } from "./StatusCard.tsx"
import { TestNow } from "./TestNow.tsx"
import { UptimeCard } from "./UptimeCard.tsx"
import { YearMap } from "./YearMap.tsx"
import "./detail.css"

/** One monitor: what it is now, how it was, and what its checks found. */
export const MonitorPage = () => {
  const { id } = useParams({ from: "/inside/monitors/$id" })
  const monitor = useQuery(monitorQuery(id))
  const [tested, setTested] = useState<{ readonly id: string; readonly count: number } | null>(null)
  useTitle(monitor.data?.name ?? "Monitor")
  if (monitor.data === undefined) {
    return monitor.isPending ? (
      <PageSkeleton />
    ) : (
      <ErrorState error={monitor.error} onRetry={() => void monitor.refetch()} />
    )
  }
  return (
    // Another monitor begins anew: which rows are shown, which tab is open.
    <div className="monitor-page" key={id}>
      <MonitorHeader monitor={monitor.data} onTest={() => setTested({ id, count: (tested?.count ?? 0) + 1 })} />
      {tested?.id === id && (
        <TestNow
          key={tested.count}
          id={id}
          onClose={() => {
            setTested(null)
            document.getElementById(testButton)?.focus()
          }}
        />
      )}
      <Notices monitor={monitor.data} />
      <StatusCard monitor={monitor.data} />
      <UptimeCard id={id} />
      <ResponseChart monitor={monitor.data} />
      <YearMap id={id} />
      <div className="monitor-columns">
        <History id={id} />
        <CertificateCard monitor={monitor.data} />
      </div>
      {monitor.data.kind === "heartbeat" && (
        <>
          <HeartbeatCard id={id} />
          <PingAddresses id={id} />
        </>
      )}
      <ResultList id={id} />
    </div>
  )
}

const PageSkeleton = () => (
  <Loading>
    <div className="monitor-page">
      <Skeleton width={240} height={80} />
      <Skeleton height={240} />
      <Skeleton height={152} />
      <Skeleton height={460} />
    </div>
  </Loading>
)
