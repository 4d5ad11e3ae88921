import { useKeyDown } from "../app/useKeyDown.ts"
import { Button } from "../ui/Button.tsx"
import { FailureNotice } from "../ui/Feedback.tsx"

/** Says that something is not saved yet, at the foot of the window, and saves it; so does Ctrl-S. */
export const SaveBar = ({
  error,
  isBusy,
  onSave,
  onGiveUp,
  onShow,
}: {
  readonly error: unknown
  readonly isBusy: boolean
  readonly onSave: () => void
  readonly onGiveUp: () => void
  /** Shows what is wrong, where that is elsewhere. */
  readonly onShow?: () => void
}) => {
  useKeyDown((event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return
    event.preventDefault()
    if (!isBusy) onSave()
  })
  return (
    <section className="save-bar" aria-label="Changes">
      <FailureNotice error={error} />
      <div className="save-bar-row">
        <span role="status">Not saved yet</span>
        {onShow !== undefined && (
          <Button tone="quiet" onClick={onShow}>
            Show what is wrong
          </Button>
        )}
        <Button tone="quiet" disabled={isBusy} onClick={onGiveUp}>
          Discard
        </Button>
        <Button tone="primary" busy={isBusy} onClick={onSave}>
          Save
        </Button>
      </div>
    </section>
  )
}
