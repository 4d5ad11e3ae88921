import { Schema } from "effect"
import { maxRunMs, type Ping } from "./HeartbeatPing.ts"
import { deadline, type HeartbeatOptions } from "./HeartbeatSchedule.ts"

const orNull = <A, I>(schema: Schema.Schema<A, I>) =>
  Schema.optionalWith(Schema.NullOr(schema), { default: () => null, exact: true })

/** What is known of the job behind a heartbeat: the fold of its pings. Instants are milliseconds since the epoch. */
export const HeartbeatState = Schema.Struct({
  /** The last sign of life: a start, a success or a failure. */
  lastSignAt: orNull(Schema.Number),
  /** When the run began that has not ended; null between runs. */
  startedAt: orNull(Schema.Number),
  /** What the last run that ended said. */
  verdict: orNull(Schema.Literal("Up", "Down")),
  /** Why it is `Down`. */
  reason: orNull(Schema.String),
  /** How long the last run that ended took, in milliseconds; null where nothing says. */
  runMs: orNull(Schema.Number),
})
export type HeartbeatState = typeof HeartbeatState.Type

/** What is known before the first ping. */
export const noHeartbeat: HeartbeatState = {
  lastSignAt: null,
  startedAt: null,
  verdict: null,
  reason: null,
  runMs: null,
}

/**
 * The state after one more ping. A start begins a run, and another one begins it anew; a success or a failure ends it. What
 * is for the log, and a ping older than the last sign of life, which another may have overtaken, move nothing.
 *
 * @param at when the ping was received
 * @returns the state; the same one where nothing moved
 */
export const applyPing = (state: HeartbeatState, ping: Ping, at: number): HeartbeatState => {
  if (ping.event === "log" || (state.lastSignAt !== null && at < state.lastSignAt)) return state
  if (ping.event === "start") return { ...state, lastSignAt: at, startedAt: at }
  const measured = state.startedAt === null ? null : at - state.startedAt
  const runMs = ping.runMs ?? (measured !== null && measured <= maxRunMs ? measured : null)
  const isGood = ping.event === "success"
  return {
    lastSignAt: at,
    startedAt: null,
    verdict: isGood ? "Up" : "Down",
    reason: isGood ? null : reasonOf(ping),
    runMs,
  }
}

const reasonOf = ({ exitCode }: Ping): string =>
  exitCode === null ? "the job reported a failure" : `the job ended with exit code ${exitCode}`

/**
 * When a heartbeat is missed unless a sign of life comes before; null for never. A run that began counts as one, so that a
 * job may take its time: it has until the next is expected.
 *
 * @param since when the monitor was created or turned on
 */
export const deadlineOf = (options: HeartbeatOptions, state: HeartbeatState, since: number): number | null =>
  deadline(options, Math.max(state.lastSignAt ?? since, since))

/** Why a heartbeat whose deadline has passed is `Down`. */
export const missedReason = ({ lastSignAt, startedAt }: HeartbeatState): string => {
  if (lastSignAt === null) return "no heartbeat has come yet"
  const at = new Date(lastSignAt).toISOString()
  return startedAt === null ? `no heartbeat came after ${at}` : `the run that began at ${at} did not end`
}
