import { conditionsSeen, conditionsUnseen } from "@uptime/conditions/ConditionsSeen"
import { type Judgement, judge, judgeSeen, type ReadCondition, readConditions } from "@uptime/conditions/Judge"
import { needs } from "@uptime/conditions/Needs"
import type { Observation } from "@uptime/conditions/Observation"
import { type PlaceholderName, placeholders } from "@uptime/conditions/Placeholder"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import type { ConditionSeen, StoredCondition } from "@uptime/domain/Condition"
import { Clock, Either } from "effect"
import { failure, type ProbeFailure } from "./ProbeFailure.ts"
import type { ProbeTrace } from "./ProbeTrace.ts"

/** A placeholder of the language of conditions, as it is written. */
export type WrittenPlaceholder = `[${PlaceholderName}]`

const unreadable = failure(
  "internal",
  "a condition of this monitor cannot be read by this worker: the worker is older than the condition",
)

/** Whether a check has any condition. */
export const hasConditions = ({ conditions }: CheckSpec): boolean => conditions !== undefined && conditions.length > 0

/**
 * Whether any condition of a check speaks of a placeholder, such as `[STATUS]`: then a rule of the kind's own on the same
 * thing does not apply, because the condition replaces it.
 */
export const speaksOf = (spec: CheckSpec, placeholder: WrittenPlaceholder): boolean => {
  if (spec.conditions === undefined) return false
  const name = placeholder.slice(1, -1)
  const read = readOnce(spec.conditions)
  return Either.isRight(read) && isName(name) && needs(read.right, name)
}

const isName = (text: string): text is PlaceholderName => Object.hasOwn(placeholders, text)

/** Whether conditions of a check look at the body, so that it must be read as a whole. */
export const needsBody = (spec: CheckSpec): boolean => speaksOf(spec, "[BODY]")

/** What the conditions of a check make of it, and each of them with what was seen where that is shown, else null. */
interface Judged {
  readonly judgement: Judgement
  readonly shown: ReadonlyArray<ConditionSeen> | null
}

/**
 * Holds the conditions of a check, of which there are some, against what it saw: each of them once, whatever is shown.
 *
 * @param responseTimeMs null where nothing was answered
 * @param isShown whether those that hold are told, too
 * @returns a failure of ours where a condition cannot be read
 */
export const judgeConditions = (
  { conditions = [] }: CheckSpec,
  trace: ProbeTrace,
  responseTimeMs: number | null,
  isShown: boolean,
): Either.Either<Judged, ProbeFailure> =>
  Either.mapBoth(readOnce(conditions), {
    onLeft: () => unreadable,
    onRight: (read) => {
      const observation = observed(trace, responseTimeMs)
      if (!isShown) return { judgement: judge(read, observation), shown: null }
      const shown = conditionsSeen(read, observation)
      return { judgement: judgeSeen(read, shown), shown }
    },
  })

/** The conditions of a check that did not get so far that they are looked at. */
export const unjudged = ({ conditions = [] }: CheckSpec): ReadonlyArray<ConditionSeen> => conditionsUnseen(conditions)

const observed = (trace: ProbeTrace, responseTimeMs: number | null): Observation => {
  const now = wallClock.unsafeCurrentTimeMillis()
  return {
    status: trace.httpStatus,
    responseTimeMs,
    ip: trace.address,
    connected: trace.connected,
    body: trace.body,
    headers: trace.headers,
    phases: trace,
    certificateExpiresInMs: trace.certificateExpiresAt === null ? null : trace.certificateExpiresAt - now,
    domainExpiresInMs: trace.domainExpiresAt === null ? null : trace.domainExpiresAt - now,
    dnsRcode: trace.dnsRcode,
    records: trace.records,
    packetLossPercent: trace.packetLossPercent,
    grpcStatus: trace.grpcStatus,
  }
}

/** The end of a certificate is an instant of the world, which the monotonic clock knows nothing of. */
const wallClock = Clock.make()

type Read = Either.Either<ReadonlyArray<ReadCondition>, unknown>

/** What was read of the conditions of the checks under way: each is asked for several times. */
const known = new WeakMap<ReadonlyArray<StoredCondition>, Read>()

const readOnce = (conditions: ReadonlyArray<StoredCondition>): Read => {
  const before = known.get(conditions)
  if (before !== undefined) return before
  const read = readConditions(conditions)
  known.set(conditions, read)
  return read
}
