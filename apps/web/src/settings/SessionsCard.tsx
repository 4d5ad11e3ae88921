import { useMutation } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useState } from "react"
import { call } from "../api/call.ts"
import { queryClient } from "../api/queryClient.ts"
import { Button } from "../ui/Button.tsx"
import { Dialog } from "../ui/Dialog.tsx"
import { FailureNotice } from "../ui/Feedback.tsx"
import { Icon } from "../ui/Icon.tsx"
import { settleToasts } from "../ui/Toasts.tsx"

/** Logging out on every device. */
export const SessionsCard = () => {
  const [asking, setAsking] = useState(false)
  const navigate = useNavigate()
  const end = useMutation({
    mutationKey: ["session"],
    mutationFn: () => {
      settleToasts()
      return call("auth", "endSessions", {})
    },
    onSuccess: async () => {
      await navigate({ to: "/login" })
      queryClient.clear()
    },
  })
  return (
    <section className="card stack" aria-labelledby="settings-sessions">
      <h2 id="settings-sessions">Sessions</h2>
      <p className="muted">
        Logged in on a device that is not yours, or lost one? This ends every session, this one too; tokens that scripts
        got by logging in end with them.
      </p>
      <Button className="settings-button" onClick={() => setAsking(true)}>
        <Icon name="out" />
        Log out everywhere
      </Button>
      {asking && (
        <Dialog title="Log out everywhere?" onClose={() => setAsking(false)}>
          <p>You will have to log in again on all devices. Your monitors are checked on as before.</p>
          <FailureNotice error={end.error} />
          <footer>
            <Button onClick={() => setAsking(false)}>Cancel</Button>
            <Button tone="primary" busy={end.isPending} onClick={() => end.mutate()}>
              Log out everywhere
            </Button>
          </footer>
        </Dialog>
      )}
    </section>
  )
}
