import { isIP } from "node:net"
import type { SecureContext } from "node:tls"
import { type ErrorKind, storableText } from "@uptime/domain/CheckError"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { type Evidence, maxEvidenceBody, type ProbeOutcome, toMicroseconds, unmeasured } from "@uptime/domain/Result"
import type { SecretBox } from "@uptime/runtime/SecretBox"
import { type Context, Effect } from "effect"
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
}

/** One probe under way. Instants are of `monotonicNow`. */
export interface ProbeRun {
  readonly services: ProbeServices
  readonly spec: CheckSpec
  readonly startedAt: number
  readonly deadline: number
  readonly trace: ProbeTrace
}

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
 * The outcome of a probe that has ended.
 *
 * A failure during which this process stood still says more about us than about the target, and is `Unknown`, as our own
 * faults and refused targets are.
 *
 * @param failure what the kind of check found wrong; null when nothing was
 * @param warning what it found not as it should be, which is `Degraded`; a failure goes before it
 */
export const conclude = (
  run: ProbeRun,
  failure: ProbeFailure | null,
  warning: ProbeFailure | null = null,
): ProbeOutcome => {
  const { services, startedAt, trace } = run
  if (failure !== null) {
    if (failure.kind === "internal" || failure.kind === "blocked") {
      return unmeasured(failure.kind, storableText(failure.message))
    }
    if (services.eventLoop.wasBlockedSince(startedAt)) return unmeasured("internal", blockedLoop.message)
  }
  const wrong = failure ?? warning
  return {
    status: failure !== null ? "Down" : warning === null ? "Up" : "Degraded",
    responseTimeMs: isAnswered(run, failure)
      ? toMicroseconds(trace.responseTimeMs ?? monotonicNow() - startedAt - trace.excludedMs)
      : null,
    phases: trace.phases(),
    httpStatus: trace.httpStatus,
    errorKind: wrong === null ? null : wrong.kind,
    errorMessage: wrong === null ? null : storableText(wrong.message),
    certificateExpiresAt: trace.certificateExpiresAt,
    attempts: 1,
    evidence: wrong === null ? null : evidenceOf(trace),
  }
}

/** Whether there was any answer, whose time can be told: a deadline that passed in silence is no response time. */
const isAnswered = ({ trace }: ProbeRun, failure: ProbeFailure | null): boolean =>
  failure === null || trace.httpStatus !== null || (trace.connected && !unanswered.has(failure.kind))

const unanswered: ReadonlySet<ErrorKind> = new Set<ErrorKind>(["dns", "connect", "tls", "timeout"])

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
