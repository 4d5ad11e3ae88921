import type { ReactNode } from "react"
import { Icon } from "./Icon.tsx"

/** A section that opens and closes; `summary` says what holds while it is closed. */
export const Disclosure = ({
  title,
  summary,
  open = false,
  heading: Heading = "h2",
  onOpen,
  children,
}: {
  readonly title: string
  readonly summary?: ReactNode
  /** Whether it is open at first. */
  readonly open?: boolean
  readonly heading?: "h2" | "h3" | "h4"
  readonly onOpen?: () => void
  readonly children: ReactNode
}) => (
  <details
    className="disclosure"
    open={open}
    onToggle={({ currentTarget }) => {
      if (currentTarget.open) onOpen?.()
    }}
  >
    <summary>
      <Icon name="chevron" />
      <Heading>{title}</Heading>
      {summary !== undefined && (
        <span className="clip muted" title={typeof summary === "string" ? summary : undefined}>
          {summary}
        </span>
      )}
    </summary>
    <div className="disclosure-body stack">{children}</div>
  </details>
)
