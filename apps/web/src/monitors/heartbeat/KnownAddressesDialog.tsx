import { useMutation } from "@tanstack/react-query"
import { issueAt } from "../../api/ApiFailure.ts"
import { call } from "../../api/call.ts"
import { queryClient } from "../../api/queryClient.ts"
import { Button } from "../../ui/Button.tsx"
import { Dialog } from "../../ui/Dialog.tsx"
import { FailureNotice } from "../../ui/Feedback.tsx"
import { TextField } from "../../ui/Field.tsx"
import { textsOf } from "../../ui/formData.ts"
import { showToast } from "../../ui/Toasts.tsx"
import { heartbeatQuery } from "../detail/queries.ts"
import { pingIdIn, tokenIn } from "./knownAddress.ts"

/** Asks for what a job calls already, at Uptime Kuma or Healthchecks, so that only the host in it has to change. */
export const KnownAddressesDialog = ({ id, onClose }: { readonly id: string; readonly onClose: () => void }) => {
  const set = useMutation({
    mutationFn: (payload: { readonly token?: string; readonly pingId?: string }) =>
      call("heartbeats", "setAddresses", { path: { id }, payload }),
    onSuccess: (heartbeat) => {
      queryClient.setQueryData(heartbeatQuery(id).queryKey, heartbeat)
      showToast({ text: "Your job can call the addresses it knows, under this host." })
      onClose()
    },
  })
  const wrong = { token: issueAt(set.error, "token"), pingId: issueAt(set.error, "pingId") }
  return (
    <Dialog title="Keep the addresses your job knows" onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          const texts = textsOf(event.currentTarget)
          const token = tokenIn(texts["token"] ?? "")
          const pingId = pingIdIn(texts["pingId"] ?? "")
          if (token === "" && pingId === "") return onClose()
          set.mutate({ ...(token !== "" && { token }), ...(pingId !== "" && { pingId }) })
        }}
      >
        <p className="muted">
          For a job that moves here: it goes on as it is, but for the host. The addresses that these replace are
          worthless at once.
        </p>
        <TextField
          label="Push URL or token of Uptime Kuma"
          name="token"
          autoComplete="off"
          hint="Left empty, the push URL stays as it is."
          wrong={wrong.token}
        />
        <TextField
          label="Ping URL or id of Healthchecks"
          name="pingId"
          autoComplete="off"
          hint="Left empty, the ping URL stays as it is."
          wrong={wrong.pingId}
        />
        {wrong.token === undefined && wrong.pingId === undefined && <FailureNotice error={set.error} />}
        <footer>
          <Button tone="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button tone="primary" type="submit" busy={set.isPending}>
            Keep these
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}
