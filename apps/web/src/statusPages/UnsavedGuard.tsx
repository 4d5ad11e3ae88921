import { useBlocker } from "@tanstack/react-router"
import { Button } from "../ui/Button.tsx"
import { Dialog } from "../ui/Dialog.tsx"

/** Asks before a page is left on which something is not saved. */
export const UnsavedGuard = ({ isDirty }: { readonly isDirty: boolean }) => {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => isDirty,
    withResolver: true,
  })
  if (blocker.status !== "blocked") return null
  return (
    <Dialog title="Leave without saving?" onClose={() => blocker.reset()}>
      <p>What you changed on this page is not saved yet, and would be lost.</p>
      <footer>
        <Button onClick={() => blocker.reset()}>Stay</Button>
        <Button tone="danger" onClick={() => blocker.proceed()}>
          Leave
        </Button>
      </footer>
    </Dialog>
  )
}
