import { useMutation, useQuery } from "@tanstack/react-query"
import { useNavigate, useParams } from "@tanstack/react-router"
import { useRef, useState } from "react"
import { call } from "../api/call.ts"
import { useTitle } from "../app/useTitle.ts"
import { Button } from "../ui/Button.tsx"
import { currentTime, useNow } from "../ui/clock.ts"
import { Dialog } from "../ui/Dialog.tsx"
import { ErrorState, FailureNotice, Loading, Skeleton } from "../ui/Feedback.tsx"
import { Icon } from "../ui/Icon.tsx"
import { showToast } from "../ui/Toasts.tsx"
import { draftOf, editOf } from "./draft.ts"
import { MaintenanceForm } from "./MaintenanceForm.tsx"
import { type Maintenance, maintenanceQuery, type Plan } from "./queries.ts"
import { putMaintenance, useDeleteMaintenance, useEndMaintenance } from "./useMaintenanceChange.ts"
import { standingAt } from "./windows.ts"

/** One maintenance, to be edited, ended or deleted. */
export const MaintenancePage = () => {
  const { id } = useParams({ from: "/inside/maintenance/$id" })
  const { data: maintenance, error, isPending, refetch } = useQuery(maintenanceQuery(id))
  useTitle(maintenance?.title ?? "Maintenance")
  if (maintenance !== undefined) return <EditForm key={maintenance.id} maintenance={maintenance} />
  if (!isPending) return <ErrorState error={error} onRetry={() => void refetch()} />
  return (
    <Loading>
      <div className="stack">
        <Skeleton width={80} height={20} />
        <Skeleton width={280} height={28} />
        <Skeleton height={480} />
      </div>
    </Loading>
  )
}

const EditForm = ({ maintenance }: { readonly maintenance: Maintenance }) => {
  const navigate = useNavigate()
  const now = useNow()
  // What it was when the form was filled, so that only what the person changed is sent.
  const [before] = useState(maintenance)
  const [draft, setDraft] = useState(() => draftOf(maintenance, currentTime()))
  const [deleting, setDeleting] = useState(false)
  const deleteButton = useRef<HTMLButtonElement>(null)
  const toList = () => void navigate({ to: "/maintenance" })
  const save = useMutation({
    mutationFn: (plan: Plan) =>
      call("maintenances", "edit", { path: { id: maintenance.id }, payload: editOf(draft, plan, before) }),
    onSuccess: (saved) => {
      putMaintenance(saved)
      showToast({ text: `Saved “${saved.title}”` })
      toList()
    },
  })
  const end = useEndMaintenance(maintenance)
  return (
    <>
      <MaintenanceForm
        title={maintenance.title}
        action="Save"
        draft={draft}
        onChange={setDraft}
        onSubmit={(plan) => save.mutate(plan)}
        error={save.error}
        busy={save.isPending}
        actions={
          <>
            {standingAt(maintenance, now).state === "open" && (
              <Button busy={end.isPending} onClick={() => end.mutate(undefined, { onSuccess: toList })}>
                End now
              </Button>
            )}
            <button
              ref={deleteButton}
              type="button"
              className="button danger"
              aria-haspopup="dialog"
              onClick={() => setDeleting(true)}
            >
              <Icon name="trash" />
              Delete …
            </button>
          </>
        }
      />
      {deleting && (
        <DeleteDialog
          maintenance={maintenance}
          onDeleted={toList}
          onClose={() => {
            setDeleting(false)
            deleteButton.current?.focus()
          }}
        />
      )}
    </>
  )
}

const DeleteDialog = ({
  maintenance,
  onDeleted,
  onClose,
}: {
  readonly maintenance: Maintenance
  readonly onDeleted: () => void
  readonly onClose: () => void
}) => {
  const remove = useDeleteMaintenance(maintenance, onDeleted)
  const isOpen = standingAt(maintenance, currentTime()).state === "open"
  return (
    <Dialog title="Delete this maintenance?" onClose={onClose}>
      <div className="stack">
        <p className="muted">
          “{maintenance.title}” and all its windows are gone then.
          {isOpen && " The one that is open ends, and its monitors begin anew."}
          {maintenance.isPublic && " Who was told of one to come by a status page is told that it is cancelled."}
        </p>
        <FailureNotice error={remove.error} />
      </div>
      <footer>
        <Button tone="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button tone="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
          Delete
        </Button>
      </footer>
    </Dialog>
  )
}
