import { Schema } from "effect"
import { CheckError, type ErrorKind } from "./CheckError.ts"
import { CheckStatus } from "./CheckStatus.ts"
import { MonitorId, ResultId } from "./Ids.ts"
import { Region } from "./Region.ts"

/** A duration in milliseconds, with fractions. Finite, because JSON has no other numbers. */
export const Milliseconds = Schema.Number.pipe(Schema.finite())

/**
 * Where the time of a check went, in milliseconds; `null` for a phase that was not reached or not needed (no DNS for an
 * address, no TLS over http). Over redirects each phase is summed.
 */
export const Phases = Schema.Struct({
  dns: Schema.NullOr(Milliseconds),
  connect: Schema.NullOr(Milliseconds),
  tls: Schema.NullOr(Milliseconds),
  firstByte: Schema.NullOr(Milliseconds),
  transfer: Schema.NullOr(Milliseconds),
})
export type Phases = typeof Phases.Type

/** A stored result as its owner sees it: one row per monitor, region and slot. `responseTimeMs` is null when nothing answered. */
export const Result = Schema.Struct({
  id: ResultId,
  monitorId: MonitorId,
  location: Region,
  status: CheckStatus,
  responseTimeMs: Schema.NullOr(Milliseconds),
  checkedAt: Schema.DateTimeUtc,
  scheduledAt: Schema.DateTimeUtc,
  phases: Phases,
  httpStatus: Schema.NullOr(Schema.Int),
  error: Schema.NullOr(CheckError),
  certificateExpiresAt: Schema.NullOr(Schema.DateTimeUtc),
}).annotations({ identifier: "Result" })
export type Result = typeof Result.Type

/**
 * What a probe found, made once per check on the hot path, hence a plain record. Times are milliseconds,
 * `certificateExpiresAt` milliseconds since the epoch. `errorMessage` is storable text (`storableText`).
 */
export interface ProbeOutcome {
  readonly status: CheckStatus
  readonly responseTimeMs: number | null
  readonly phases: Phases
  readonly httpStatus: number | null
  readonly errorKind: ErrorKind | null
  readonly errorMessage: string | null
  readonly certificateExpiresAt: number | null
}

/** A duration in milliseconds, to the microsecond: what the clocks can tell, and no digits beyond. */
export const toMicroseconds = (ms: number): number => Math.round(ms * 1000) / 1000

/** No phase was measured. */
export const noPhases: Phases = { dns: null, connect: null, tls: null, firstByte: null, transfer: null }

/** The outcome of a check that measured nothing: `Unknown`, by a fault of ours (`internal`) or by policy (`blocked`). */
export const unmeasured = (errorKind: "internal" | "blocked", errorMessage: string): ProbeOutcome => ({
  status: "Unknown",
  responseTimeMs: null,
  phases: noPhases,
  httpStatus: null,
  errorKind,
  errorMessage,
  certificateExpiresAt: null,
})

/** A result on its way to the store. `slot` and `checkedAt` are milliseconds since the epoch. */
export interface NewResult {
  readonly monitorId: MonitorId
  readonly region: Region
  readonly slot: number
  readonly checkedAt: number
  readonly outcome: ProbeOutcome
}
