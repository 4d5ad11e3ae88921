import { useQuery } from "@tanstack/react-query"
import { meQuery } from "../api/queries.ts"
import { useTitle } from "../app/useTitle.ts"
import { ErrorState, Loading, Skeleton } from "../ui/Feedback.tsx"
import { AboutCard } from "./AboutCard.tsx"
import { DeletionCard } from "./DeletionCard.tsx"
import { DisplayCard } from "./DisplayCard.tsx"
import { NameCard } from "./NameCard.tsx"
import { PasswordCard } from "./PasswordCard.tsx"
import { SessionsCard } from "./SessionsCard.tsx"
import "./settings.css"

/** The account and what its owner likes. */
export const SettingsPage = () => {
  useTitle("Settings")
  const me = useQuery(meQuery)
  if (me.isPending) {
    return (
      <Loading>
        <div className="settings">
          <Skeleton width={120} height={28} />
          <Skeleton height={180} />
          <Skeleton height={220} />
        </div>
      </Loading>
    )
  }
  if (me.data === undefined) return <ErrorState error={me.error} onRetry={() => void me.refetch()} />
  return (
    <div className="settings">
      <h1>Settings</h1>
      <NameCard me={me.data} />
      <PasswordCard email={me.data.email} />
      <SessionsCard />
      <DisplayCard />
      <AboutCard />
      <DeletionCard me={me.data} />
    </div>
  )
}
