import type { ReactNode } from "react"

/** The head of a page about one thing: the way back, what it is, and what can be done with it. */
export const PageHead = ({
  back,
  actions,
  children,
}: {
  readonly back: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}) => (
  <header className="page-head">
    {back}
    <div className="spread">
      {children}
      {actions !== undefined && <div className="row actions">{actions}</div>}
    </div>
  </header>
)
