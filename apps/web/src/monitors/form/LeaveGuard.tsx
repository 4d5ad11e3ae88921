import { useBlocker } from "@tanstack/react-router"
import { Button } from "../../ui/Button.tsx"
import { Dialog } from "../../ui/Dialog.tsx"

/** Asks before a page with changes that are not saved is left. */
export const LeaveGuard = ({ active }: { readonly active: boolean }) => {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => active && current.pathname !== next.pathname,
    enableBeforeUnload: () => active,
    withResolver: true,
  })
  if (blocker.status !== "blocked") return null
  return (
    <Dialog title="Leave without saving?" onClose={blocker.reset}>
      <p className="muted">What you changed here is not saved yet, and would be lost.</p>
      <footer>
        <Button onClick={blocker.reset}>Stay</Button>
        <Button tone="danger" onClick={blocker.proceed}>
          Leave
        </Button>
      </footer>
    </Dialog>
  )
}
