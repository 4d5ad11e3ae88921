import { Link } from "@tanstack/react-router"
import type { MonitorSummary } from "../api/types.ts"
import { buttonClass } from "../ui/Button.tsx"
import { counted } from "../ui/format.ts"
import { Icon } from "../ui/Icon.tsx"
import { StatusIcon } from "../ui/StatusIcon.tsx"
import { statusWords } from "../ui/status.ts"
import { pageAddress } from "./pageAddress.ts"
import { pageStatus } from "./pageStatus.ts"
import type { StatusPage } from "./queries.ts"

const visibilityWords = {
  public: "Public",
  password: "Behind a password",
  addresses: "For certain addresses",
} as const

/** A status page in the list: what it is called, where it is, who sees it, and how what it shows stands. */
export const StatusPageCard = ({
  page,
  monitors,
}: {
  readonly page: StatusPage
  readonly monitors: ReadonlyArray<MonitorSummary> | undefined
}) => {
  const { count, worst, worstCount } = pageStatus(page, monitors ?? [])
  const address = pageAddress(page, window.location.origin)
  return (
    <article className="card page-card">
      <div className="page-card-text">
        <h2>
          <Link to="/status-pages/$id" params={{ id: page.id }} className="page-card-link">
            {page.title}
          </Link>
        </h2>
        <p className="muted clip" title={address}>
          {address.replace(/^https?:\/\//, "")}
        </p>
        <p className="page-facts">
          <span className="row">
            {worst !== null && <StatusIcon status={worst} />}
            {counted(count, "monitor")}
            {worst !== null && worst !== "Up" && `, ${worstCount} ${statusWords[worst].toLowerCase()}`}
            {worst === "Up" && ", all up"}
          </span>
          <span className="row">
            <Icon name={page.visibility === "public" ? "globe" : "lock"} />
            {visibilityWords[page.visibility]}
          </span>
          {page.noindex && <span>Not in search engines</span>}
        </p>
      </div>
      <a className={buttonClass("plain", "page-open")} href={address} target="_blank" rel="noopener">
        <Icon name="external" />
        Open
        <span className="visually-hidden"> {page.title} in a new tab</span>
      </a>
    </article>
  )
}
