import { useMutation, useQuery } from "@tanstack/react-query"
import { useNavigate, useParams } from "@tanstack/react-router"
import { useState } from "react"
import { call } from "../api/call.ts"
import { queryClient } from "../api/queryClient.ts"
import { useTitle } from "../app/useTitle.ts"
import "../channels/channels.css"
import { DeleteDialog } from "../channels/DeleteDialog.tsx"
import { BackLink } from "../ui/BackLink.tsx"
import { Button } from "../ui/Button.tsx"
import { ErrorState, Loading, Skeleton } from "../ui/Feedback.tsx"
import { Icon } from "../ui/Icon.tsx"
import { PageHead } from "../ui/PageHead.tsx"
import { showToast } from "../ui/Toasts.tsx"
import { EscalationFormView } from "./EscalationFormView.tsx"
import { type Escalation, formOfEscalation, type payloadOfEscalation } from "./escalationForm.ts"
import "./escalations.css"
import { MonitorsOf } from "./MonitorsOf.tsx"
import { escalationQuery, escalationsChanged } from "./queries.ts"

/** One escalation policy: its steps, and the monitors that it is for. */
export const EscalationPage = () => {
  const { id } = useParams({ from: "/inside/channels/escalations/$id" })
  const escalation = useQuery(escalationQuery(id))
  useTitle(escalation.data?.name ?? "Escalation")
  if (escalation.data !== undefined) return <EditEscalation key={id} escalation={escalation.data} />
  return escalation.isPending ? (
    <Loading>
      <div className="form-page stack">
        <Skeleton width={240} height={28} />
        <Skeleton height={320} />
      </div>
    </Loading>
  ) : (
    <ErrorState error={escalation.error} onRetry={() => void escalation.refetch()} />
  )
}

const EditEscalation = ({ escalation }: { readonly escalation: Escalation }) => {
  const { id, name } = escalation
  const [deleting, setDeleting] = useState(false)
  const navigate = useNavigate()
  const edit = useMutation({
    mutationFn: (payload: ReturnType<typeof payloadOfEscalation>) =>
      call("escalations", "edit", { path: { id }, payload }),
    onSuccess: async (edited) => {
      queryClient.setQueryData(escalationQuery(id).queryKey, edited)
      await escalationsChanged()
      await navigate({ to: "/channels/escalations" })
      showToast({ text: `Saved ${edited.name}` })
    },
  })
  const remove = useMutation({
    mutationFn: () => call("escalations", "remove", { path: { id } }),
    onSuccess: async () => {
      await navigate({ to: "/channels/escalations" })
      queryClient.removeQueries({ queryKey: escalationQuery(id).queryKey })
      await escalationsChanged()
      showToast({ text: `Deleted ${name}` })
    },
  })
  return (
    <div className="form-page stack">
      <PageHead
        back={<BackLink to="/channels/escalations">Escalations</BackLink>}
        actions={
          <Button tone="danger" onClick={() => setDeleting(true)}>
            <Icon name="trash" />
            Delete
          </Button>
        }
      >
        <h1>{name}</h1>
      </PageHead>
      <EscalationFormView
        start={formOfEscalation(escalation)}
        submit="Save"
        busy={edit.isPending}
        error={edit.error}
        onSubmit={(payload) => edit.mutate(payload)}
      />
      <MonitorsOf escalationId={id} />
      {deleting && (
        <DeleteDialog
          title={`Delete ${name}?`}
          action="Delete escalation"
          busy={remove.isPending}
          error={remove.error}
          onDelete={() => remove.mutate()}
          onClose={() => setDeleting(false)}
        >
          Monitors that name it escalate no more. Their channels are told as before.
        </DeleteDialog>
      )}
    </div>
  )
}
