import type { CheckError } from "@uptime/domain/CheckError"
import type { CheckStatus } from "@uptime/domain/CheckStatus"
import type { Evidence, NewResult, Phases } from "@uptime/domain/Result"

/**
 * What was seen at the beginning of a change, as the database keeps it (JSON): the first result of the row that confirmed
 * it. `slot` is milliseconds since the epoch.
 */
export interface Seen {
  readonly region: string
  readonly slot: number
  readonly status: CheckStatus
  readonly error: CheckError | null
  readonly httpStatus: number | null
  readonly responseTimeMs: number | null
  readonly phases: Phases
  readonly evidence: Evidence | null
}

/** What a result saw. */
export const seenBy = ({ outcome, region, slot }: NewResult): Seen => ({
  region,
  slot,
  status: outcome.status,
  error: outcome.errorKind === null ? null : { kind: outcome.errorKind, message: outcome.errorMessage ?? "" },
  httpStatus: outcome.httpStatus,
  responseTimeMs: outcome.responseTimeMs,
  phases: outcome.phases,
  evidence: outcome.evidence,
})
