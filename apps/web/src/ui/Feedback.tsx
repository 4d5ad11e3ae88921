import type { ReactNode } from "react"
import { failureText } from "../api/ApiFailure.ts"
import { Button } from "./Button.tsx"
import { Icon, type IconName } from "./Icon.tsx"

/** The place of something that is loading, in its size, so that nothing moves when it comes. */
export const Skeleton = ({
  width = "100%",
  height = 16,
}: {
  readonly width?: number | string
  readonly height?: number
}) => <div className="skeleton" style={{ width, height }} aria-hidden="true" />

/** Says that something is loading, to those who do not see the skeletons. */
export const Loading = ({ children }: { readonly children: ReactNode }) => (
  <div aria-busy="true">
    <span className="visually-hidden" role="status">
      Loading …
    </span>
    {children}
  </div>
)

/** Nothing is here yet, and what to do about it. */
export const Empty = ({
  icon,
  title,
  heading: Heading = "h2",
  children,
  action,
}: {
  readonly icon: IconName
  readonly title: string
  /** `h1` where it is all there is on the page. */
  readonly heading?: "h1" | "h2" | "h3"
  readonly children: ReactNode
  readonly action?: ReactNode
}) => (
  <div className="empty">
    <Icon name={icon} size={32} />
    <Heading>{title}</Heading>
    <p>{children}</p>
    {action}
  </div>
)

/** What went wrong, and a way to try again. */
export const ErrorState = ({
  error,
  heading: Heading = "h1",
  onRetry,
}: {
  readonly error: unknown
  /** `h1` where it is all there is on the page. */
  readonly heading?: "h1" | "h2" | "h3"
  readonly onRetry?: () => void
}) => (
  <div className="empty" role="alert">
    <Icon name="alert" size={32} />
    <Heading>This could not be loaded</Heading>
    <p>{failureText(error)}</p>
    {onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
  </div>
)

/** A failure of something that a person just did, beside where they did it; nothing without one. */
export const FailureNotice = ({ error }: { readonly error: unknown }) =>
  error === null || error === undefined ? null : (
    <div className="notice status-Down" role="alert">
      <Icon name="alert" />
      {failureText(error)}
    </div>
  )
