import type { heartbeatOptions } from "@uptime/domain/checks/HeartbeatCheck"
import { Cron, Either } from "effect"

/** When a heartbeat is expected: `heartbeatOptions`. */
export type HeartbeatOptions = typeof heartbeatOptions.Type

/** How much later than expected a heartbeat may come where its options say nothing, in seconds. */
export const defaultGraceSeconds = 60

/** The most runs of an expression that are looked at for the next one: those of an hour that comes twice. */
const maxSteps = 7_200

/**
 * When the next heartbeat is expected: `periodSeconds` after the last one, or the next time by its cron expression on the
 * clocks of its zone (`UTC` unless given). Milliseconds since the epoch; null where it never is, such as on 30 February.
 *
 * A time that the clocks leave out is expected as much later (02:30 at 03:30); of two, the first: in an hour that they show
 * twice nothing is expected the second time.
 *
 * @param last when the last one came, or the monitor was created or turned on
 */
export const expectedBy = (options: HeartbeatOptions, last: number): number | null => {
  const { cron, periodSeconds, timeZone } = options
  if (periodSeconds !== undefined) return last + periodSeconds * 1_000
  const parsed = Cron.parse(cron ?? "", timeZone ?? "UTC")
  return Either.isLeft(parsed) ? null : nextRun(parsed.right, last)
}

/** When a heartbeat that has not come is missed: when it is expected, and the grace. Null where none is expected. */
export const deadline = (options: HeartbeatOptions, last: number): number | null => {
  const expected = expectedBy(options, last)
  return expected === null ? null : expected + (options.graceSeconds ?? defaultGraceSeconds) * 1_000
}

/** The first run after an instant. From within an hour that comes twice, `Cron.next` finds one of its first time. */
const nextRun = (cron: Cron.Cron, after: number): number | null => {
  try {
    let run = after
    for (let i = 0; i < maxSteps; i++) {
      run = Cron.next(cron, new Date(run)).getTime()
      if (run > after) return run
    }
    return null
  } catch {
    return null
  }
}
