import type { ComponentProps } from "react"

/** How a button looks: `primary` for the one thing a page is for, `danger` for what destroys, `quiet` for the many. */
export type Tone = "plain" | "primary" | "danger" | "quiet"

/** The class names of a button, also for links that look like one. */
export const buttonClass = (tone: Tone = "plain", more = ""): string => `button ${tone} ${more}`.trimEnd()

/** A button. While `busy` it does nothing and shows that something goes on. */
export const Button = ({
  tone = "plain",
  busy = false,
  className = "",
  children,
  ...props
}: ComponentProps<"button"> & { readonly tone?: Tone; readonly busy?: boolean }) => (
  <button
    type="button"
    {...props}
    className={buttonClass(tone, className)}
    disabled={props.disabled === true || busy}
    aria-busy={busy}
  >
    {busy && <span className="spinner" />}
    {children}
  </button>
)
