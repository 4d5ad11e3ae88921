import { Link, useSearch } from "@tanstack/react-router"
import { issueAt } from "../api/ApiFailure.ts"
import { Button } from "../ui/Button.tsx"
import { FailureNotice } from "../ui/Feedback.tsx"
import { TextField } from "../ui/Field.tsx"
import { textsOf } from "../ui/formData.ts"
import { SessionPage } from "./SessionPage.tsx"
import { useSignup } from "./useSession.ts"

const fields = ["email", "name", "password"]

/** Making an account. */
export const SignupPage = () => {
  const search = useSearch({ from: "/signup" })
  const signup = useSignup(search.back)
  const told = fields.some((field) => issueAt(signup.error, field) !== undefined)
  return (
    <SessionPage
      title="Create your account"
      end={
        <>
          Have an account?{" "}
          <Link to="/login" search={search}>
            Log in
          </Link>
        </>
      }
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          const { email = "", name = "", password = "" } = textsOf(event.currentTarget)
          signup.mutate({ email: email.toLowerCase(), name, password })
        }}
      >
        {!told && <FailureNotice error={signup.error} />}
        <TextField
          label="Name"
          name="name"
          autoComplete="name"
          required
          maxLength={200}
          autoFocus
          wrong={issueAt(signup.error, "name")}
        />
        <TextField
          label="Email"
          name="email"
          type="email"
          autoComplete="username"
          required
          maxLength={254}
          wrong={issueAt(signup.error, "email")}
        />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          required
          minLength={8}
          hint="At least 8 characters. A few words that belong together nowhere else are good."
          wrong={issueAt(signup.error, "password")}
        />
        <Button tone="primary" type="submit" busy={signup.isPending} className="wide">
          Create account
        </Button>
      </form>
    </SessionPage>
  )
}
