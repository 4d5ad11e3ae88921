import { DateTime, Schema } from "effect"
import { CheckError } from "./CheckError.ts"
import { CheckStatus } from "./CheckStatus.ts"
import { ConditionSeen } from "./Condition.ts"
import { Region } from "./Region.ts"
import { EvidenceSeen, Milliseconds, Phases, type ProbeOutcome } from "./Result.ts"

/**
 * What one try of a check found, with all that was seen, also where it ended `Up`. It is shown to who asked for it and stored
 * nowhere. `responseTimeMs` and `phases` are milliseconds.
 */
export const TestRunResult = Schema.Struct({
  checkedAt: Schema.DateTimeUtc,
  status: CheckStatus,
  responseTimeMs: Schema.NullOr(Milliseconds),
  phases: Phases,
  httpStatus: Schema.NullOr(Schema.Int),
  error: Schema.NullOr(CheckError),
  certificateExpiresAt: Schema.NullOr(Schema.DateTimeUtc),
  /** In the order in which the monitor has them. */
  conditions: Schema.Array(ConditionSeen),
  evidence: Schema.NullOr(EvidenceSeen),
}).annotations({ identifier: "TestRunResult" })
export type TestRunResult = typeof TestRunResult.Type

/** What a test run gave in one region: a result, or in one sentence why there is none. Exactly one of them is null. */
export const RegionTestRun = Schema.Struct({
  location: Region,
  result: Schema.NullOr(TestRunResult),
  problem: Schema.NullOr(Schema.String),
}).annotations({ identifier: "RegionTestRun" })
export type RegionTestRun = typeof RegionTestRun.Type

/**
 * What a probe that kept all it saw found, as it is shown.
 *
 * @param checkedAt when it began, in milliseconds since the epoch
 */
export const testRunResult = (outcome: ProbeOutcome, checkedAt: number): TestRunResult => ({
  checkedAt: DateTime.unsafeMake(checkedAt),
  status: outcome.status,
  responseTimeMs: outcome.responseTimeMs,
  phases: outcome.phases,
  httpStatus: outcome.httpStatus,
  error: outcome.errorKind === null ? null : { kind: outcome.errorKind, message: outcome.errorMessage ?? "" },
  certificateExpiresAt:
    outcome.certificateExpiresAt === null ? null : DateTime.unsafeMake(outcome.certificateExpiresAt),
  conditions: outcome.conditions ?? [],
  evidence: outcome.evidence,
})
