import type { ReactNode } from "react"
import { Logo } from "./Logo.tsx"
import { useTitle } from "./useTitle.ts"

/** The page of somebody who is not logged in: one form in the middle. */
export const SessionPage = ({
  title,
  children,
  end,
}: {
  readonly title: string
  readonly children: ReactNode
  readonly end: ReactNode
}) => {
  useTitle(title)
  return (
    <main className="session-page">
      <div className="session-card">
        <Logo size={40} />
        <h1>{title}</h1>
        {children}
        <p className="muted">{end}</p>
      </div>
    </main>
  )
}
