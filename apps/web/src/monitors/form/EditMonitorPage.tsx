import { useQuery } from "@tanstack/react-query"
import { Link, useNavigate, useParams } from "@tanstack/react-router"
import { useState } from "react"
import { call } from "../../api/call.ts"
import { monitorQuery, summariesQuery } from "../../api/queries.ts"
import { queryClient } from "../../api/queryClient.ts"
import type { MonitorOverview } from "../../api/types.ts"
import { useTitle } from "../../app/useTitle.ts"
import { BackLink } from "../../ui/BackLink.tsx"
import { buttonClass } from "../../ui/Button.tsx"
import { ErrorState } from "../../ui/Feedback.tsx"
import { PageHead } from "../../ui/PageHead.tsx"
import { showToast } from "../../ui/Toasts.tsx"
import { FormSkeleton } from "./FormSkeleton.tsx"
import { formOf } from "./MonitorForm.ts"
import { MonitorFormView } from "./MonitorFormView.tsx"

/** Changing a monitor. */
export const EditMonitorPage = () => {
  const { id } = useParams({ from: "/inside/monitors/$id/edit" })
  const monitor = useQuery(monitorQuery(id))
  useTitle(monitor.data === undefined ? "Edit" : `Edit ${monitor.data.name}`)
  if (monitor.data !== undefined) return <EditMonitor key={id} monitor={monitor.data} />
  if (monitor.isPending) return <FormSkeleton />
  return <ErrorState error={monitor.error} onRetry={() => void monitor.refetch()} />
}

const EditMonitor = ({ monitor }: { readonly monitor: MonitorOverview }) => {
  const navigate = useNavigate()
  const { id } = monitor
  // News of the monitor come while it is edited: what is typed stays.
  const [initial] = useState(() => formOf(monitor))
  return (
    <div className="monitor-form-page">
      <PageHead
        back={
          <BackLink to="/monitors/$id" params={{ id }}>
            {monitor.name}
          </BackLink>
        }
      >
        <h1>Edit monitor</h1>
      </PageHead>
      <MonitorFormView
        initial={initial}
        monitor={monitor}
        saveLabel="Save"
        save={(payload) => call("monitors", "edit", { path: { id }, payload })}
        onSaved={(saved) => {
          queryClient.setQueryData(monitorQuery(id).queryKey, (old) => (old === undefined ? old : { ...old, ...saved }))
          void queryClient.invalidateQueries({ queryKey: monitorQuery(id).queryKey })
          void queryClient.invalidateQueries({ queryKey: summariesQuery.queryKey })
          showToast({ text: `Saved ${saved.name}` })
          void navigate({ to: "/monitors/$id", params: { id } })
        }}
        cancel={
          <Link to="/monitors/$id" params={{ id }} className={buttonClass("quiet")}>
            Cancel
          </Link>
        }
      />
    </div>
  )
}
