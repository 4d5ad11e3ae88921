/** What happened to an incident that people are told about; `test` is sent by hand to see that a channel works. */
export type AlertChange =
  | "opened"
  | "acknowledged"
  | "updated"
  | "partial"
  | "flapping"
  | "settled"
  | "escalated"
  | "reminder"
  | "resolved"
  | "test"

/** How bad an incident is; `Info` is what is neither down nor worse than it should be, such as a monitor without data. */
export type AlertSeverity = "Down" | "Degraded" | "Partial" | "Info"

/** What one region saw of a monitor. */
export interface AlertLocation {
  readonly location: string
  /** A status as it is shown: `Up`, `Down`, … */
  readonly status: string
  /** Why, in a sentence; null while it is well. */
  readonly message: string | null
}

/** A monitor's part in an incident. */
export interface AlertMonitor {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly kind: string
  readonly tags: ReadonlyArray<string>
  /** Since when it has the status that is told, in milliseconds since the epoch. */
  readonly since: number
  readonly reason: string | null
  readonly locations: ReadonlyArray<AlertLocation>
}

/** How an incident is over whose monitors are not simply well again. */
export interface AlertEnding {
  /** Who resolved it by hand; null where it is over by itself. */
  readonly resolvedBy: string | null
  /** Why, such as `router is down`; of one that was resolved by hand what the person wrote, which may have several lines. */
  readonly reason: string | null
}

/** The most monitors that a message names. */
export const maxAlertMonitors = 20

/** One message to people: what a channel puts into its provider's words. Instants are milliseconds since the epoch. */
export interface Alert {
  readonly incidentId: string
  /** Where the incident is shown; null where the installation's own address is not known. */
  readonly incidentUrl: string | null
  readonly change: AlertChange
  /** The same on every try of one message, and of no other message: what a provider drops a second delivery by. */
  readonly idempotencyKey: string
  readonly severity: AlertSeverity
  /** What the incident is called. */
  readonly title: string
  /** When it changed. */
  readonly at: number
  readonly startedAt: number
  /** Who said that they are at it; null while nobody did. */
  readonly acknowledgedBy: string | null
  /** Null while it is open, and in what is told late of one that was open then. */
  readonly resolvedAt: number | null
  /** How it is over; null where all is well again, and while it is open. */
  readonly ending: AlertEnding | null
  /** At most `maxAlertMonitors`, the first of them the first that failed. */
  readonly monitors: ReadonlyArray<AlertMonitor>
  /** All of them, also those that `monitors` has no room for. */
  readonly monitorCount: number
  /** A comment or an update that a person wrote; it may have several lines. */
  readonly note: string | null
  /** Who sends it: the installation's name or address. */
  readonly sentBy: string
}

/** Whether the message is of an incident that is over: it says so, or is an update that was written after that. */
export const isOver = ({ change, resolvedAt }: Alert): boolean => change === "resolved" || resolvedAt !== null

/** When an incident that is over ended, in milliseconds since the epoch. */
export const endOf = ({ at, resolvedAt }: Alert): number => resolvedAt ?? at

/** How a message looks: `good` news, a `warning`, something `bad`, or neither. */
export type AlertTone = "good" | "warning" | "bad" | "info"

/** The tone of a message, by what it says and how bad that is. */
export const toneOf = (alert: Alert): AlertTone => {
  if (isOver(alert)) return alert.ending === null ? "good" : "info"
  if (alert.change === "test" || alert.severity === "Info") return "info"
  return alert.severity === "Down" && alert.change !== "partial" ? "bad" : "warning"
}

/** The colour of a tone, as 24 bits of red, green and blue. */
export const colourOf: Readonly<Record<AlertTone, number>> = {
  good: 0x2e_a0_43,
  warning: 0xd2_99_22,
  bad: 0xda_36_33,
  info: 0x38_8b_fd,
}

/** The colour of a tone as CSS and most providers write it. */
export const hexColourOf = (tone: AlertTone): string => `#${colourOf[tone].toString(16).padStart(6, "0")}`
