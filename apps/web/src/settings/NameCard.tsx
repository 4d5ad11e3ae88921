import { useMutation } from "@tanstack/react-query"
import { useState } from "react"
import { issueAt } from "../api/ApiFailure.ts"
import { type Answer, call } from "../api/call.ts"
import { meQuery } from "../api/queries.ts"
import { queryClient } from "../api/queryClient.ts"
import { Button } from "../ui/Button.tsx"
import { FailureNotice } from "../ui/Feedback.tsx"
import { TextField } from "../ui/Field.tsx"
import { showToast } from "../ui/Toasts.tsx"

/** The person who is logged in. */
export type Me = Answer<"auth", "me">

/** What the person is called, and by which address the account is known. */
export const NameCard = ({ me }: { readonly me: Me }) => {
  const [name, setName] = useState<string | null>(null)
  const shown = name ?? me.name
  const rename = useMutation({
    mutationFn: (next: string) => call("auth", "editMe", { payload: { name: next } }),
    onSuccess: (next, _given, _context) => {
      const before = me.name
      queryClient.setQueryData(meQuery.queryKey, next)
      setName(null)
      showToast({ text: `You are ${next.name} now.`, undo: () => rename.mutate(before) })
    },
  })
  const wrong = issueAt(rename.error, "name")
  return (
    <section className="card stack" aria-labelledby="settings-account">
      <h2 id="settings-account">Account</h2>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          rename.mutate(shown.trim())
        }}
      >
        {wrong === undefined && <FailureNotice error={rename.error} />}
        <TextField
          label="Name"
          autoComplete="name"
          required
          maxLength={200}
          value={shown}
          onChange={(event) => setName(event.target.value)}
          wrong={wrong}
        />
        <TextField
          label="Email"
          type="email"
          readOnly
          value={me.email}
          hint="You log in with it. It cannot be changed."
        />
        <Button
          tone="primary"
          type="submit"
          className="settings-button"
          busy={rename.isPending}
          disabled={shown.trim() === "" || shown.trim() === me.name}
        >
          Save the name
        </Button>
      </form>
    </section>
  )
}
