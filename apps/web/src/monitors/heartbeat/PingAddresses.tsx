import { useMutation, useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { failureText } from "../../api/ApiFailure.ts"
import { call } from "../../api/call.ts"
import { monitorQuery } from "../../api/queries.ts"
import { queryClient } from "../../api/queryClient.ts"
import { Button } from "../../ui/Button.tsx"
import { CopyButton } from "../../ui/CopyButton.tsx"
import { Dialog } from "../../ui/Dialog.tsx"
import { Disclosure } from "../../ui/Disclosure.tsx"
import { FailureNotice, Loading, Skeleton } from "../../ui/Feedback.tsx"
import { showToast } from "../../ui/Toasts.tsx"
import { heartbeatQuery } from "../detail/queries.ts"
import "./heartbeat.css"
import { KnownAddressesDialog } from "./KnownAddressesDialog.tsx"
import { pingExamples } from "./pingExamples.ts"

/** Where a heartbeat is pinged, how that is done, and a way to new addresses. */
export const PingAddresses = ({ id }: { readonly id: string }) => {
  const heartbeat = useQuery(heartbeatQuery(id))
  const monitor = useQuery(monitorQuery(id))
  const [asks, setAsks] = useState<"new" | "known" | null>(null)
  return (
    <section className="card stack ping-addresses" aria-labelledby="ping-title">
      <div className="spread">
        <h2 id="ping-title">Ping addresses</h2>
        <div className="row">
          <Button className="small" onClick={() => setAsks("known")}>
            Keep known ones …
          </Button>
          <Button className="small" onClick={() => setAsks("new")}>
            New addresses …
          </Button>
        </div>
      </div>
      <p className="muted">
        Your job calls one of these when it has done its work. Whoever knows an address can ping: keep it like a
        password.
      </p>
      {heartbeat.data === undefined ? (
        heartbeat.isPending ? (
          <Loading>
            <Skeleton height={260} />
          </Loading>
        ) : (
          <FailureNotice error={heartbeat.error} />
        )
      ) : (
        <>
          <Address
            label="Ping URL"
            hint="As Healthchecks has it; with /start, /fail, /log or an exit code at its end it says more."
            url={heartbeat.data.pingUrl}
          />
          <Address
            label="Push URL"
            hint="As Uptime Kuma has it; any status but up tells of a failure, msg and ping say more."
            url={heartbeat.data.pushUrl}
          />
          <div>
            {pingExamples(heartbeat.data, monitor.data?.heartbeat?.cron).map(({ text, title }, index) => (
              <Disclosure key={title} title={title} heading="h3" open={index === 0}>
                <Copied label={`the example for ${title}`} text={text} />
              </Disclosure>
            ))}
          </div>
        </>
      )}
      {asks === "known" && <KnownAddressesDialog id={id} onClose={() => setAsks(null)} />}
      {asks === "new" && <RotateDialog id={id} onClose={() => setAsks(null)} />}
    </section>
  )
}

const Address = ({ label, hint, url }: { readonly label: string; readonly hint: string; readonly url: string }) => (
  <div className="field">
    <h3>{label}</h3>
    <Copied label={label} text={url} />
    <p className="hint">{hint}</p>
  </div>
)

/** Text for a machine, with a button that copies it. */
const Copied = ({ label, text }: { readonly label: string; readonly text: string }) => (
  <div className="copied">
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
    <section tabIndex={0} aria-label={label}>
      <pre>{text}</pre>
    </section>
    <CopyButton text={text} label={label} />
  </div>
)

const RotateDialog = ({ id, onClose }: { readonly id: string; readonly onClose: () => void }) => {
  const rotate = useMutation({
    mutationFn: () => call("heartbeats", "rotate", { path: { id } }),
    onSuccess: (heartbeat) => {
      queryClient.setQueryData(heartbeatQuery(id).queryKey, heartbeat)
      showToast({ text: "The addresses are new; the old ones are worthless." })
      onClose()
    },
    onError: (error) => showToast({ text: failureText(error) }),
  })
  return (
    <Dialog title="New addresses?" onClose={onClose}>
      <p className="muted">
        The old addresses are worthless at once. Jobs that still call them are missed until they call the new ones.
      </p>
      <footer>
        <Button onClick={onClose}>Cancel</Button>
        <Button tone="danger" busy={rotate.isPending} onClick={() => rotate.mutate()}>
          Make new ones
        </Button>
      </footer>
    </Dialog>
  )
}
