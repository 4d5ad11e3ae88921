import { Schema } from "effect"
import { CheckError, type ErrorKind } from "./CheckError.ts"
import { CheckStatus } from "./CheckStatus.ts"
import type { ConditionSeen } from "./Condition.ts"
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

/** What a certificate says of itself; times are milliseconds since the epoch, `fingerprint` its SHA-256 in hexadecimal. */
export const CertificateSeen = Schema.Struct({
  subject: Schema.String,
  issuer: Schema.String,
  validFrom: Schema.NullOr(Milliseconds),
  validTo: Schema.NullOr(Milliseconds),
  fingerprint: Schema.String,
})

/**
 * What was seen when a check did not end `Up`, for the monitor's owner. `address` is the one that was dialled; `body` the
 * first 2 KiB of an answer, or a row, a greeting, records: what the kind of check reads.
 */
export const EvidenceSeen = Schema.Struct({
  address: Schema.NullOr(Schema.String),
  headers: Schema.Array(Schema.Tuple(Schema.String, Schema.String)),
  body: Schema.NullOr(Schema.String),
  certificate: Schema.NullOr(CertificateSeen),
}).annotations({ identifier: "Evidence" })

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

/** A stored result with all that is known of it: what was seen when it did not end `Up`, and whether in a maintenance. */
export const ResultDetail = Schema.Struct({
  ...Result.fields,
  /** How many tries it took: 2 when the first met no connection. */
  attempts: Schema.Int,
  maintenance: Schema.Boolean,
  evidence: Schema.NullOr(EvidenceSeen),
}).annotations({ identifier: "ResultDetail" })
export type ResultDetail = typeof ResultDetail.Type

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
  /** How many tries it took: 2 when the first met no connection. */
  readonly attempts: number
  /** Null when the check ended `Up` and not all was to be kept, or when nothing was seen. */
  readonly evidence: Evidence | null
  /** Each condition with what was seen: of probes only that keep all they see (`Prober.probeOnce`). */
  readonly conditions?: ReadonlyArray<ConditionSeen>
}

/** What a certificate says of itself; times are milliseconds since the epoch. */
export interface CertificateEvidence extends Schema.Schema.Encoded<typeof CertificateSeen> {}

/** What was seen when a check did not end `Up`, as the prober makes it: all of it is storable text. */
export interface Evidence extends Schema.Schema.Encoded<typeof EvidenceSeen> {}

/** The most of an answer's body that is kept as evidence, in UTF-16 code units. */
export const maxEvidenceBody = 2_048

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
  attempts: 1,
  evidence: null,
})

/** A result on its way to the store. `slot` and `checkedAt` are milliseconds since the epoch. */
export interface NewResult {
  readonly monitorId: MonitorId
  readonly region: Region
  readonly slot: number
  readonly checkedAt: number
  readonly outcome: ProbeOutcome
}
