import { isIP } from "node:net"
import type { SecureContext } from "node:tls"
import { type ErrorKind, storableText } from "@uptime/domain/CheckError"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import type { ConditionSeen } from "@uptime/domain/Condition"
import { type Evidence, maxEvidenceBody, type ProbeOutcome, toMicroseconds, unmeasured } from "@uptime/domain/Result"
import type { SecretBox } from "@uptime/runtime/SecretBox"
import { type Context, Effect, Either } from "effect"
import { hasConditions, judgeConditions, speaksOf, unjudged } from "./Conditions.ts"
import type { EventLoopMonitor } from "./EventLoopMonitor.ts"
import { monotonicNow } from "./MonotonicClock.ts"
import {
  blockedLoop,
  malformedName,
  nameNotFound,
  nameServersFail,
  nameWithoutAddress,
  noAddressOfFamily,
  type ProbeFailure,
  resolverUnavailable,
  targetRefused,
  timeoutFailure,
} from "./ProbeFailure.ts"
import { ProbeTrace } from "./ProbeTrace.ts"
import type { ResolveError } from "./ResolveError.ts"
import type { Resolver } from "./Resolver.ts"
import { checkAddress, type TargetPolicy } from "./TargetGuard.ts"

/** What every probe of a process shares. */
export interface ProbeServices {
  readonly policy: TargetPolicy
  readonly resolver: Context.Tag.Service<typeof Resolver>
  readonly eventLoop: Context.Tag.Service<typeof EventLoopMonitor>
  readonly secrets: Context.Tag.Service<typeof SecretBox>
  readonly secureContext: SecureContext
  /** The `User-Agent` of every request. */
  readonly userAgent: string
  /** Whether all that is seen is kept, also of what ends `Up`: for a person who tries a check out. */
  readonly keepsAll: boolean
}

/** One probe under way. Instants are of `monotonicNow`. */
export interface ProbeRun {
  readonly services: ProbeServices
  readonly spec: CheckSpec
  readonly startedAt: number
  readonly deadline: number
  readonly trace: ProbeTrace
}

/** Runs checks of one kind; it never fails. */
export type KindProbe = (services: ProbeServices, spec: CheckSpec) => Effect.Effect<ProbeOutcome>

/** Begins a probe: its one deadline runs from here. */
export const startRun = (services: ProbeServices, spec: CheckSpec): ProbeRun => {
  const startedAt = monotonicNow()
  return { services, spec, startedAt, deadline: startedAt + spec.timeoutMs, trace: new ProbeTrace() }
}

/** Milliseconds left of the probe's deadline, 0 at least. */
export const timeLeft = (run: ProbeRun): number => Math.max(0, run.deadline - monotonicNow())

/** The deadline of a probe as a failure that says how far it had come. */
export const outOfTime = (run: ProbeRun): ProbeFailure => timeoutFailure(run.trace.phase, run.spec.timeoutMs)

/** Ends what a probe does when its time is up, with the failure that says how far it had come. */
export const withinDeadline =
  (run: ProbeRun) =>
  <A, R>(effect: Effect.Effect<A, ProbeFailure, R>): Effect.Effect<A, ProbeFailure, R> =>
    Effect.suspend(() => Effect.timeoutFail(effect, { duration: timeLeft(run), onTimeout: () => outOfTime(run) }))

/** The families of addresses a probe may use. */
export type IpFamily = "any" | "ipv4" | "ipv6"

/**
 * The addresses of a host that may be dialled: a name is looked up (which is measured), and every address must pass the
 * target guard. What is given here is what must be dialled; nothing else may be.
 *
 * @param host a name, or an address without brackets
 * @returns at least one address
 */
export const reachable = (
  run: ProbeRun,
  host: string,
  family: IpFamily = "any",
): Effect.Effect<ReadonlyArray<string>, ProbeFailure> => {
  if (isIP(host) !== 0) return guarded(run, [host], family)
  const { trace } = run
  return Effect.suspend(() => {
    trace.phase = "dns"
    const lookupAt = monotonicNow()
    return Effect.matchEffect(run.services.resolver.resolve(host, run.deadline - lookupAt), {
      onFailure: (error) => {
        trace.add("dns", monotonicNow() - lookupAt)
        return Effect.fail(lookupFailure(run, error))
      },
      onSuccess: (addresses) => {
        trace.add("dns", monotonicNow() - lookupAt)
        return guarded(run, addresses, family)
      },
    })
  })
}

const guarded = (
  run: ProbeRun,
  addresses: ReadonlyArray<string>,
  family: IpFamily,
): Effect.Effect<ReadonlyArray<string>, ProbeFailure> => {
  for (const address of addresses) {
    const refusal = checkAddress(run.services.policy, address)
    if (refusal !== null) return Effect.fail(targetRefused(refusal))
  }
  if (family === "any") {
    return Effect.succeed(addresses.length > 2 ? alternateFamilies(addresses) : addresses)
  }
  const wanted = family === "ipv4" ? 4 : 6
  const ofFamily = addresses.filter((address) => isIP(address) === wanted)
  return ofFamily.length === 0 ? Effect.fail(noAddressOfFamily(family)) : Effect.succeed(ofFamily)
}

/** The order of RFC 8305, section 4: the families take turns, so that a broken one costs one attempt. */
const alternateFamilies = (addresses: ReadonlyArray<string>): ReadonlyArray<string> => {
  const v4 = addresses.filter((address) => isIP(address) === 4)
  const v6 = addresses.filter((address) => isIP(address) === 6)
  const ordered: Array<string> = []
  for (let i = 0; i < Math.max(v4.length, v6.length); i++) {
    ordered.push(...v4.slice(i, i + 1), ...v6.slice(i, i + 1))
  }
  return ordered
}

const lookupFailure = (run: ProbeRun, { reason }: ResolveError): ProbeFailure => {
  switch (reason) {
    case "notFound":
      return nameNotFound
    case "noAddress":
      return nameWithoutAddress
    case "malformed":
      return malformedName
    case "failed":
      return nameServersFail
    case "timeout":
      return timeoutFailure("dns", run.spec.timeoutMs)
    case "unavailable":
      return resolverUnavailable
  }
}

/**
 * The outcome of a probe that has ended, by what the kind of check found and by the monitor's own conditions.
 *
 * Conditions judge what was seen when nothing else is wrong, and a failure of the connection if they speak of `[CONNECTED]`,
 * which is then no failure by itself. Whatever is wrong while this process stood still says more about us than about the
 * target, and is `Unknown`, as our own faults and refused targets are, whatever conditions say.
 *
 * @param failure what the kind of check found wrong; null when nothing was
 * @param warning what it found not as it should be, which is `Degraded`; a failure goes before it
 */
export const conclude = (
  run: ProbeRun,
  failure: ProbeFailure | null,
  warning: ProbeFailure | null = null,
): ProbeOutcome => {
  if (failure !== null && (failure.kind === "internal" || failure.kind === "blocked")) {
    const outcome = unmeasured(failure.kind, storableText(failure.message))
    return run.services.keepsAll ? { ...outcome, conditions: unjudged(run.spec) } : outcome
  }
  const responseTimeMs = isAnswered(run, failure)
    ? toMicroseconds(run.trace.responseTimeMs ?? monotonicNow() - run.startedAt - run.trace.excludedMs)
    : null
  if (!hasConditions(run.spec) || !isJudged(run, failure)) {
    return outcomeOf(run, failure, warning, failure, responseTimeMs, null)
  }
  const judged = judgeConditions(run.spec, run.trace, responseTimeMs, run.services.keepsAll)
  if (Either.isLeft(judged)) return unmeasured("internal", judged.left.message)
  const { judgement, shown } = judged.right
  const { message, status } = judgement
  const broken: ProbeFailure | null = message === null ? null : { kind: "condition", message }
  return outcomeOf(run, status === "Down" ? broken : null, broken ?? warning, failure, responseTimeMs, shown)
}

/** Whether conditions are held against what was seen, given what the kind of check met. */
const isJudged = (run: ProbeRun, met: ProbeFailure | null): boolean =>
  met === null || (isOfConnection(run, met) && speaksOf(run.spec, "[CONNECTED]"))

/**
 * @param met what the kind of check met, whatever conditions made of it
 * @param shown the conditions with what was seen, where they were looked at and all is kept
 */
const outcomeOf = (
  run: ProbeRun,
  failure: ProbeFailure | null,
  warning: ProbeFailure | null,
  met: ProbeFailure | null,
  responseTimeMs: number | null,
  shown: ReadonlyArray<ConditionSeen> | null,
): ProbeOutcome => {
  const { trace } = run
  const wrong = failure ?? warning
  const isMeasured = failure !== null || wrong?.kind === "condition"
  if (isMeasured && run.services.eventLoop.wasBlockedSince(run.startedAt)) {
    return unmeasured("internal", blockedLoop.message)
  }
  const { keepsAll } = run.services
  const outcome: ProbeOutcome = {
    status: failure !== null ? "Down" : warning === null ? "Up" : "Degraded",
    responseTimeMs,
    phases: trace.phases(),
    httpStatus: trace.httpStatus,
    errorKind: wrong === null ? null : wrong.kind,
    errorMessage: wrong === null ? null : storableText(wrong.message),
    certificateExpiresAt: trace.certificateExpiresAt,
    attempts: 1,
    evidence: wrong === null && !keepsAll ? null : evidenceOf(trace),
    ...(keepsAll && { conditions: shown ?? unjudged(run.spec) }),
  }
  if (wrong !== null && met !== null && isOfConnection(run, met)) unreached.add(outcome)
  return outcome
}

/** Whether there was any answer, whose time can be told: a deadline that passed in silence is no response time. */
const isAnswered = ({ trace }: ProbeRun, failure: ProbeFailure | null): boolean =>
  failure === null || trace.httpStatus !== null || (trace.connected && !unanswered.has(failure.kind))

const unanswered: ReadonlySet<ErrorKind> = new Set<ErrorKind>(["dns", "connect", "tls", "timeout"])

/**
 * Whether a failure is of the connection, and not of what was said on it: no address, no connection, or no handshake. A
 * certificate that does not verify is what the target showed.
 */
const isOfConnection = ({ trace }: ProbeRun, { kind }: ProbeFailure): boolean => {
  if (kind === "connect") return true
  if (kind === "tls") return trace.certificate === null
  return (kind === "dns" || kind === "timeout") && !trace.connected
}

/** The outcomes of probes that did not reach their target: what another try, or another network, may change. */
const unreached = new WeakSet<ProbeOutcome>()

/** Whether an outcome is not `Up` because the target was not reached. */
export const isUnreached = (outcome: ProbeOutcome): boolean => outcome.status !== "Up" && unreached.has(outcome)

/** An outcome as that of a second try. */
export const asSecondTry = (outcome: ProbeOutcome): ProbeOutcome => {
  const second = { ...outcome, attempts: 2 }
  if (unreached.has(outcome)) unreached.add(second)
  return second
}

/** The most header fields, and characters of a value, that are kept as evidence. */
const maxHeaders = 30
const maxHeaderValue = 300

const evidenceOf = (trace: ProbeTrace): Evidence => ({
  address: trace.address,
  headers: trace.headers
    .slice(0, maxHeaders)
    .map(([name, value]) => [storableText(name, 100), storableText(value, maxHeaderValue)] as const),
  body: trace.body === null ? null : storableText(trace.body, maxEvidenceBody),
  certificate: trace.certificate,
})
