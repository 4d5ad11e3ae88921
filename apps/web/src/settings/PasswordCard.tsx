import { useMutation } from "@tanstack/react-query"
import { useRef } from "react"
import { issueAt } from "../api/ApiFailure.ts"
import { call } from "../api/call.ts"
import { meQuery } from "../api/queries.ts"
import { queryClient } from "../api/queryClient.ts"
import { Button } from "../ui/Button.tsx"
import { FailureNotice } from "../ui/Feedback.tsx"
import { TextField } from "../ui/Field.tsx"
import { textsOf } from "../ui/formData.ts"
import { showToast } from "../ui/Toasts.tsx"

/** Changing the password, which logs out everywhere else. */
export const PasswordCard = ({ email }: { readonly email: string }) => {
  const form = useRef<HTMLFormElement>(null)
  const change = useMutation({
    mutationKey: ["session"],
    mutationFn: (payload: { readonly oldPassword: string; readonly newPassword: string }) =>
      call("auth", "changePassword", { payload }),
    onSuccess: ({ user }) => {
      queryClient.setQueryData(meQuery.queryKey, user)
      form.current?.reset()
      showToast({ text: "Your password is changed. All other sessions have ended." })
    },
  })
  const [oldWrong, newWrong] = [issueAt(change.error, "oldPassword"), issueAt(change.error, "newPassword")]
  return (
    <section className="card stack" aria-labelledby="settings-password">
      <h2 id="settings-password">Password</h2>
      <p className="muted">With a new password you stay logged in here, and are logged out everywhere else.</p>
      <form
        ref={form}
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          const { oldPassword = "", newPassword = "" } = textsOf(event.currentTarget)
          change.mutate({ oldPassword, newPassword })
        }}
      >
        {oldWrong === undefined && newWrong === undefined && <FailureNotice error={change.error} />}
        <input
          className="visually-hidden"
          type="email"
          autoComplete="username"
          value={email}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
        <TextField
          label="Present password"
          name="oldPassword"
          type="password"
          autoComplete="current-password"
          required
          wrong={oldWrong}
        />
        <TextField
          label="New password"
          name="newPassword"
          type="password"
          autoComplete="new-password"
          required
          minLength={8}
          wrong={newWrong}
          hint="At least 8 characters. A few words that belong together nowhere else are good."
        />
        <Button tone="primary" type="submit" className="settings-button" busy={change.isPending}>
          Change the password
        </Button>
      </form>
    </section>
  )
}
