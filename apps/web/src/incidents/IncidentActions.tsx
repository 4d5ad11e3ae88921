import { useRef, useState } from "react"
import { failureText } from "../api/ApiFailure.ts"
import { call } from "../api/call.ts"
import { isTyping, useKeyDown } from "../app/useKeyDown.ts"
import { Button } from "../ui/Button.tsx"
import { Icon } from "../ui/Icon.tsx"
import { showToast } from "../ui/Toasts.tsx"
import type { IncidentDetail } from "./queries.ts"
import { ResolveDialog } from "./ResolveDialog.tsx"
import { useIncidentChange } from "./useIncidentChange.ts"

/** Puts the focus onto the page where what had it is gone, as a button that can be pressed once. */
const keepFocus = () =>
  requestAnimationFrame(() => {
    if (document.activeElement === document.body) document.getElementById("content")?.focus()
  })

/** What can be done with an incident. `a` acknowledges it. */
export const IncidentActions = ({ incident }: { readonly incident: IncidentDetail }) => {
  const { acknowledgedAt, id, isPublic, resolvedAt } = incident
  const [resolving, setResolving] = useState(false)
  const resolve = useRef<HTMLButtonElement>(null)
  const onError = (error: Error) => showToast({ text: failureText(error) })
  const acknowledge = useIncidentChange(() => call("incidents", "acknowledge", { path: { id } }), {
    onSuccess: () => {
      showToast({ text: "Acknowledged: reminders and escalation end" })
      keepFocus()
    },
    onError,
  })
  const publish = useIncidentChange(
    (shown: boolean) => call("incidents", "edit", { path: { id }, payload: { isPublic: shown } }),
    {
      onSuccess: ({ isPublic: shown }) =>
        showToast({
          text: shown ? "Shown on your status pages" : "Taken from your status pages",
          undo: () => publish.mutate(!shown),
        }),
      onError,
    },
  )
  const canAcknowledge = resolvedAt === null && acknowledgedAt === null
  useKeyDown((event) => {
    if (event.key !== "a" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return
    if (canAcknowledge && !acknowledge.isPending) acknowledge.mutate()
  })
  return (
    <>
      {canAcknowledge && (
        <Button tone="primary" busy={acknowledge.isPending} aria-keyshortcuts="a" onClick={() => acknowledge.mutate()}>
          <Icon name="check" />
          Acknowledge
        </Button>
      )}
      {resolvedAt === null && (
        <button
          ref={resolve}
          type="button"
          className="button plain"
          aria-haspopup="dialog"
          onClick={() => setResolving(true)}
        >
          Resolve …
        </button>
      )}
      <Button busy={publish.isPending} onClick={() => publish.mutate(!isPublic)}>
        {isPublic ? "Take from status pages" : "Show on status pages"}
      </Button>
      {resolving && (
        <ResolveDialog
          incident={incident}
          onClose={() => {
            setResolving(false)
            resolve.current?.focus()
            keepFocus()
          }}
        />
      )}
    </>
  )
}
