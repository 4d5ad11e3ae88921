import { Link } from "@tanstack/react-router"
import type { ReactNode } from "react"
import { useTitle } from "../app/useTitle.ts"
import { buttonClass } from "../ui/Button.tsx"
import { Icon } from "../ui/Icon.tsx"
import "./channels.css"

/** A list of what tells people, channels or escalations, with the way to the other and to a new one. */
export const ChannelsLayout = ({
  title,
  add,
  addTo,
  children,
}: {
  readonly title: string
  /** What the button that adds one says. */
  readonly add: string
  readonly addTo: "/channels/new" | "/channels/escalations/new"
  readonly children: ReactNode
}) => {
  useTitle(title)
  return (
    <div className="stack">
      <div className="spread">
        <h1>{title}</h1>
        <Link to={addTo} className={buttonClass("primary")}>
          <Icon name="plus" />
          {add}
        </Link>
      </div>
      <nav className="section-tabs" aria-label="Channels and escalations">
        <ul>
          <li>
            <Link to="/channels" activeOptions={{ exact: true }}>
              Channels
            </Link>
          </li>
          <li>
            <Link to="/channels/escalations" activeOptions={{ exact: true }}>
              Escalations
            </Link>
          </li>
        </ul>
      </nav>
      {children}
    </div>
  )
}
