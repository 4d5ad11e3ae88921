import { useQuery } from "@tanstack/react-query"
import { Link, useNavigate, useSearch } from "@tanstack/react-router"
import { call } from "../../api/call.ts"
import { monitorQuery, summariesQuery } from "../../api/queries.ts"
import { queryClient } from "../../api/queryClient.ts"
import { useTitle } from "../../app/useTitle.ts"
import { buttonClass } from "../../ui/Button.tsx"
import { ErrorState } from "../../ui/Feedback.tsx"
import { FormSkeleton } from "./FormSkeleton.tsx"
import { cloneOf, emptyForm, type MonitorForm } from "./MonitorForm.ts"
import { MonitorFormView } from "./MonitorFormView.tsx"

/** Adding a monitor, from nothing or from one that is there. */
export const NewMonitorPage = () => {
  const { from } = useSearch({ from: "/inside/monitors/new" })
  return from === undefined ? <NewMonitor initial={emptyForm} /> : <CloneMonitor key={from} id={from} />
}

const CloneMonitor = ({ id }: { readonly id: string }) => {
  const monitor = useQuery(monitorQuery(id))
  useTitle("New monitor")
  if (monitor.isPending) return <FormSkeleton />
  if (monitor.data === undefined) return <ErrorState error={monitor.error} onRetry={() => void monitor.refetch()} />
  return <NewMonitor initial={cloneOf(monitor.data)} original={monitor.data.name} />
}

const NewMonitor = ({ initial, original }: { readonly initial: MonitorForm; readonly original?: string }) => {
  useTitle("New monitor")
  const navigate = useNavigate()
  return (
    <div className="monitor-form-page">
      <h1>{original === undefined ? "New monitor" : `Copy of ${original}`}</h1>
      {original !== undefined && (
        <p className="muted">All of it is copied, but for passwords and other secrets: nobody can read those.</p>
      )}
      <MonitorFormView
        initial={initial}
        monitor={null}
        saveLabel="Add monitor"
        save={(payload) => call("monitors", "create", { payload })}
        onSaved={({ id, kind }) => {
          void queryClient.invalidateQueries({ queryKey: summariesQuery.queryKey })
          void navigate(
            kind === "heartbeat"
              ? { to: "/monitors/$id/heartbeat", params: { id } }
              : { to: "/monitors/$id", params: { id } },
          )
        }}
        cancel={
          <Link to="/" className={buttonClass("quiet")}>
            Cancel
          </Link>
        }
      />
    </div>
  )
}
