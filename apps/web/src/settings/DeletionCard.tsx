import { useMutation, useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useState } from "react"
import { issueAt } from "../api/ApiFailure.ts"
import { call } from "../api/call.ts"
import { summariesQuery } from "../api/queries.ts"
import { queryClient } from "../api/queryClient.ts"
import { Button } from "../ui/Button.tsx"
import { Dialog } from "../ui/Dialog.tsx"
import { FailureNotice } from "../ui/Feedback.tsx"
import { TextField } from "../ui/Field.tsx"
import { counted } from "../ui/format.ts"
import { Icon } from "../ui/Icon.tsx"
import type { Me } from "./NameCard.tsx"

/** Deleting the account with all that it has. */
export const DeletionCard = ({ me }: { readonly me: Me }) => {
  const [asking, setAsking] = useState(false)
  return (
    <section className="card stack" aria-labelledby="settings-deletion">
      <h2 id="settings-deletion">Delete the account</h2>
      <p className="muted">
        With all monitors, their history, and everything else that it has. This cannot be taken back.
      </p>
      <Button tone="danger" className="settings-button" onClick={() => setAsking(true)}>
        <Icon name="trash" />
        Delete the account …
      </Button>
      {asking && <DeletionDialog me={me} onClose={() => setAsking(false)} />}
    </section>
  )
}

const DeletionDialog = ({ me, onClose }: { readonly me: Me; readonly onClose: () => void }) => {
  const [email, setEmail] = useState("")
  const [password, setPassword] = useState("")
  const monitors = useQuery(summariesQuery).data
  const navigate = useNavigate()
  const remove = useMutation({
    mutationKey: ["session"],
    mutationFn: () => call("auth", "removeMe", { payload: { password } }),
    onSuccess: async () => {
      await navigate({ to: "/login" })
      queryClient.clear()
    },
  })
  const wrong = issueAt(remove.error, "password")
  const isSure = email.trim().toLowerCase() === me.email.toLowerCase() && password !== ""
  return (
    <Dialog title="Delete the account?" onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (isSure) remove.mutate()
        }}
      >
        <p>These go for good, at once:</p>
        <ul className="settings-list">
          <li>
            {monitors === undefined ? "All monitors" : counted(monitors.length, "monitor")} with all their results
          </li>
          <li>Incidents with what was written to them, and maintenance windows</li>
          <li>Channels and escalation policies: nobody is told anything more</li>
          <li>Status pages with their addresses, badges and subscribers</li>
        </ul>
        <TextField
          label={`To be sure, type ${me.email}`}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <TextField
          label="Password"
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          wrong={wrong}
        />
        {wrong === undefined && <FailureNotice error={remove.error} />}
        <footer>
          <Button onClick={onClose}>Keep it</Button>
          <Button tone="danger" type="submit" disabled={!isSure} busy={remove.isPending}>
            <Icon name="trash" />
            Delete for good
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}
