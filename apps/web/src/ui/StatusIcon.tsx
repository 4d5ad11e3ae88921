import { type ShownStatus, statusWords } from "./status.ts"

const marks: Readonly<Record<ShownStatus, string>> = {
  Up: "M5 8.3 7.2 10.5 11 6",
  Degraded: "M8 5v3.6 M8 10.9v.1",
  Partial: "M5 8h6",
  Down: "M5.6 5.6l4.8 4.8 M10.4 5.6l-4.8 4.8",
  Unknown: "M6.4 6.4A1.7 1.7 0 1 1 8 8.3v.6 M8 11v.1",
  Paused: "M6.5 5.8v4.4 M9.5 5.8v4.4",
  Waiting: "M8 5v3.2l2 1.2",
  Maintenance: "M5.5 10.5l5-5 M9 5.2h1.8V7",
  Unreachable: "M5 8h.1 M8 8h.1 M11 8h.1",
}

/** Every status has a shape of its own beside its colour: a circle for what is well, an octagon, a triangle, a square else. */
const shape = (status: ShownStatus): string => {
  switch (status) {
    case "Down":
      return "M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3Z"
    case "Degraded":
      return "M8 .9c.5 0 .9.2 1.1.6l6 11.2c.5.9-.1 1.9-1.1 1.9H2c-1 0-1.6-1-1.1-1.9l6-11.2c.2-.4.6-.6 1.1-.6Z"
    case "Partial":
      return "M8 .8 15.2 8 8 15.2.8 8Z"
    case "Maintenance":
    case "Paused":
      return "M4 1.5h8A2.5 2.5 0 0 1 14.5 4v8a2.5 2.5 0 0 1-2.5 2.5H4A2.5 2.5 0 0 1 1.5 12V4A2.5 2.5 0 0 1 4 1.5Z"
    default:
      return "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Z"
  }
}

/**
 * The sign of a status.
 *
 * @param label whether it says its word to those who do not see it; not needed where the word stands beside it
 */
export const StatusIcon = ({
  status,
  size = 16,
  label = false,
}: {
  readonly status: ShownStatus
  readonly size?: number
  readonly label?: boolean
}) => (
  <svg
    className={`status-icon status-${status}`}
    width={size}
    height={size}
    viewBox="0 0 16 16"
    role={label ? "img" : "presentation"}
    aria-hidden={!label}
    aria-label={label ? statusWords[status] : undefined}
  >
    <path d={shape(status)} fill="currentColor" />
    <path
      d={marks[status]}
      fill="none"
      stroke="var(--surface)"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  </svg>
)

/** A status by sign, word and colour. */
export const StatusBadge = ({ status }: { readonly status: ShownStatus }) => (
  <span className={`status-badge status-${status}`}>
    <StatusIcon status={status} />
    {statusWords[status]}
  </span>
)
