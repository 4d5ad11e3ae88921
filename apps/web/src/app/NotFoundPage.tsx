import { Link } from "@tanstack/react-router"
import { buttonClass } from "../ui/Button.tsx"
import { Empty } from "../ui/Feedback.tsx"
import { useTitle } from "./useTitle.ts"

/** For an address that leads nowhere. */
export const NotFoundPage = () => {
  useTitle("Not found")
  return (
    <main>
      <Empty
        icon="search"
        heading="h1"
        title="There is nothing here"
        action={
          <Link to="/" className={buttonClass("primary")}>
            To the monitors
          </Link>
        }
      >
        The address may be mistyped, or what was here is gone.
      </Empty>
    </main>
  )
}
