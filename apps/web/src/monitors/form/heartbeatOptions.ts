import type { Draft, Options } from "./MonitorForm.ts"

/** How a heartbeat is expected: so long after the last one, or by the clock. */
type Expectation = "period" | "cron"

/** How a heartbeat of these options is expected. */
export const expectationOf = ({ cron }: Draft<Options<"heartbeat">>): Expectation =>
  cron === undefined ? "period" : "cron"

/** The options of a heartbeat that are sent: either a period, or a cron expression and its zone. */
export const heartbeatOptions = (draft: Draft<Options<"heartbeat">>): Draft<Options<"heartbeat">> => {
  const { cron, graceSeconds, periodSeconds, timeZone } = draft
  return expectationOf(draft) === "cron"
    ? { cron, graceSeconds, ...(timeZone === "" ? {} : { timeZone }) }
    : { periodSeconds, graceSeconds }
}
