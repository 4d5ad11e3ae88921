import { Link, useSearch } from "@tanstack/react-router"
import { Button } from "../ui/Button.tsx"
import { FailureNotice } from "../ui/Feedback.tsx"
import { TextField } from "../ui/Field.tsx"
import { textsOf } from "../ui/formData.ts"
import { SessionPage } from "./SessionPage.tsx"
import { useLogin } from "./useSession.ts"

/** Logging in. */
export const LoginPage = () => {
  const search = useSearch({ from: "/login" })
  const login = useLogin(search.back)
  return (
    <SessionPage
      title="Log in"
      end={
        <>
          No account yet?{" "}
          <Link to="/signup" search={search}>
            Sign up
          </Link>
        </>
      }
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          const { email = "", password = "" } = textsOf(event.currentTarget)
          login.mutate({ email: email.toLowerCase(), password })
        }}
      >
        <FailureNotice error={login.error} />
        <TextField label="Email" name="email" type="email" autoComplete="username" required autoFocus />
        <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
        <Button tone="primary" type="submit" busy={login.isPending} className="wide">
          Log in
        </Button>
      </form>
    </SessionPage>
  )
}
