import type { ReactNode } from "react"
import { Button } from "../ui/Button.tsx"
import { Dialog } from "../ui/Dialog.tsx"
import { FailureNotice } from "../ui/Feedback.tsx"
import { Icon } from "../ui/Icon.tsx"

/** Asks before something is deleted for good, and says what goes with it. */
export const DeleteDialog = ({
  title,
  action,
  busy,
  error,
  onDelete,
  onClose,
  children,
}: {
  readonly title: string
  readonly action: string
  readonly busy: boolean
  readonly error: unknown
  readonly onDelete: () => void
  readonly onClose: () => void
  readonly children: ReactNode
}) => (
  <Dialog title={title} onClose={onClose}>
    <p>{children}</p>
    <FailureNotice error={error} />
    <footer>
      <Button onClick={onClose} autoFocus>
        Cancel
      </Button>
      <Button tone="danger" busy={busy} onClick={onDelete}>
        <Icon name="trash" />
        {action}
      </Button>
    </footer>
  </Dialog>
)
