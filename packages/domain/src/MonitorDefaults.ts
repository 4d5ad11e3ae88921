import type { AlertRules } from "./AlertRules.ts"
import type { Confirmation } from "./Confirmation.ts"

/** What a monitor has that says nothing else: without a schema, so that browsers can have it, too. */

/** The deadline of a check when none is given, in milliseconds. */
export const defaultTimeoutMs = 10_000

/** The interval of a monitor when none is given and `DEFAULT_INTERVAL` says nothing else, in seconds. */
export const defaultIntervalSeconds = 180

/** What a monitor has that says nothing else: two results in a row, looked for every 30 s, from any region. */
export const defaultConfirmation: Confirmation = { failures: 2, successes: 2, retrySeconds: 30, minRegions: 1 }

/** What a monitor has that says nothing else: `Down` is told to the default channels, once. */
export const defaultAlertRules: AlertRules = {
  on: ["Down"],
  channels: null,
  escalationId: null,
  reminderMinutes: null,
  fold: true,
}
