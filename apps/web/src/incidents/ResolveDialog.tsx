import { issueAt } from "../api/ApiFailure.ts"
import { call } from "../api/call.ts"
import { Button } from "../ui/Button.tsx"
import { Dialog } from "../ui/Dialog.tsx"
import { FailureNotice } from "../ui/Feedback.tsx"
import { Field } from "../ui/Field.tsx"
import { textsOf } from "../ui/formData.ts"
import { showToast } from "../ui/Toasts.tsx"
import type { IncidentDetail } from "./queries.ts"
import { useIncidentChange } from "./useIncidentChange.ts"

/** Asks whether an incident is over, and why. */
export const ResolveDialog = ({
  incident: { id, monitors },
  onClose,
}: {
  readonly incident: IncidentDetail
  readonly onClose: () => void
}) => {
  const resolve = useIncidentChange(
    (note: string) => call("incidents", "resolve", { path: { id }, payload: note === "" ? {} : { note } }),
    {
      onSuccess: () => {
        showToast({ text: "Resolved: everybody who was told is told so" })
        onClose()
      },
    },
  )
  const failing = monitors.filter(({ endedAt }) => endedAt === null).length
  const wrong = issueAt(resolve.error, "note")
  return (
    <Dialog title="Resolve this incident?" onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          resolve.mutate((textsOf(event.currentTarget)["note"] ?? "").trim())
        }}
      >
        <p className="muted">
          {failing === 0
            ? "It is closed, and every channel that was told of it is told that it is over."
            : `${failing === 1 ? "One of its monitors is" : `${failing} of its monitors are`} not well yet. It is closed nevertheless, and every channel that was told of it is told that it is over. The same failure opens no other.`}
        </p>
        <Field label="What solved it" hint="An entry of the timeline; may be left empty." wrong={wrong}>
          {(field) => <textarea {...field} name="note" className="input" rows={3} maxLength={10_000} />}
        </Field>
        {wrong === undefined && <FailureNotice error={resolve.error} />}
        <footer>
          <Button tone="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button tone="primary" type="submit" busy={resolve.isPending}>
            Resolve
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}
