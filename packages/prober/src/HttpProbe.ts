import { isIP } from "node:net"
import type { SecureContext } from "node:tls"
import { storableText } from "@uptime/domain/CheckError"
import type { HttpSpec } from "@uptime/domain/CheckSpec"
import { readUrl } from "@uptime/domain/MonitorUrl"
import { type ProbeOutcome, toMicroseconds, unmeasured } from "@uptime/domain/Result"
import { type Context, Effect } from "effect"
import type { EventLoopMonitor } from "./EventLoopMonitor.ts"
import { type ExchangeEnd, exchange } from "./HttpExchange.ts"
import { HttpResponseReader } from "./HttpResponseReader.ts"
import { monotonicNow } from "./MonotonicClock.ts"
import {
  blockedLoop,
  malformedName,
  malformedRedirect,
  malformedUrl,
  nameNotFound,
  nameServersFail,
  nameWithoutAddress,
  type ProbeFailure,
  resolverUnavailable,
  statusFailure,
  targetRefused,
  timeoutFailure,
  tooManyRedirects,
  unfollowedRedirect,
} from "./ProbeFailure.ts"
import { ProbeTrace } from "./ProbeTrace.ts"
import type { ResolveError } from "./ResolveError.ts"
import type { Resolver } from "./Resolver.ts"
import { checkAddress, dialledHost, type TargetPolicy } from "./TargetGuard.ts"

/** The most redirects that are followed. */
export const maxRedirects = 5

/** What every HTTP probe of a process shares. */
export interface HttpProbeServices {
  readonly policy: TargetPolicy
  readonly resolver: Context.Tag.Service<typeof Resolver>
  readonly eventLoop: Context.Tag.Service<typeof EventLoopMonitor>
  readonly secureContext: SecureContext
  /** The `User-Agent` of every request. */
  readonly userAgent: string
}

/** One probe under way. */
interface Run {
  readonly services: HttpProbeServices
  readonly timeoutMs: number
  readonly startedAt: number
  readonly deadline: number
  readonly trace: ProbeTrace
}

/**
 * One HTTP check: a GET on a new connection, within one deadline for everything, lookups and redirects included.
 *
 * Every hop is resolved anew, all its addresses must pass the target guard, and what the guard has seen is what is dialled.
 * 301, 302, 303, 307 and 308 are followed up to five times, as a visitor's browser would: to any http or https URL, also
 * from https to http (no credential travels with a check that could leak; user names in a `Location` are dropped). The
 * final status decides: 200 to 299 is `Up`. A body beyond 1 MiB is not read and no fault.
 *
 * @returns never fails
 */
export const httpProbe = (services: HttpProbeServices, spec: HttpSpec): Effect.Effect<ProbeOutcome> =>
  Effect.suspend(() => {
    const url = readUrl(spec.url)
    if (url === null) return Effect.succeed(unmeasured("internal", malformedUrl.message))
    const startedAt = monotonicNow()
    const run: Run = {
      services,
      timeoutMs: spec.timeoutMs,
      startedAt,
      deadline: startedAt + spec.timeoutMs,
      trace: new ProbeTrace(),
    }
    return hop(run, url, 0)
  })

const hop = (run: Run, url: URL, redirects: number): Effect.Effect<ProbeOutcome> => {
  const { trace } = run
  const host = dialledHost(url)
  trace.httpStatus = null
  trace.certificateExpiresAt = null
  if (isIP(host) !== 0) return visit(run, url, [host], redirects)
  trace.phase = "dns"
  const lookupAt = monotonicNow()
  return Effect.matchEffect(run.services.resolver.resolve(host, run.deadline - lookupAt), {
    onFailure: (error) => {
      trace.add("dns", monotonicNow() - lookupAt)
      return Effect.succeed(ended(run, lookupFailure(run, error)))
    },
    onSuccess: (addresses) => {
      trace.add("dns", monotonicNow() - lookupAt)
      return visit(run, url, addresses, redirects)
    },
  })
}

const visit = (
  run: Run,
  url: URL,
  addresses: ReadonlyArray<string>,
  redirects: number,
): Effect.Effect<ProbeOutcome> => {
  const { policy, secureContext, userAgent } = run.services
  for (const address of addresses) {
    const refusal = checkAddress(policy, address)
    if (refusal !== null) return Effect.succeed(ended(run, targetRefused(refusal)))
  }
  const isSecure = url.protocol === "https:"
  const endpoint = {
    addresses: addresses.length > 2 ? alternateFamilies(addresses) : addresses,
    port: url.port === "" ? (isSecure ? 443 : 80) : Number(url.port),
    tlsHost: isSecure ? dialledHost(url).replace(/\.$/, "") : null,
  }
  const reader = new HttpResponseReader()
  return Effect.flatMap(
    exchange(endpoint, requestFor(url, userAgent), reader, run.trace, run.deadline, secureContext),
    (end) => visited(run, url, reader, end, redirects),
  )
}

const visited = (
  run: Run,
  url: URL,
  reader: HttpResponseReader,
  end: ExchangeEnd,
  redirects: number,
): Effect.Effect<ProbeOutcome> => {
  if (end === "timedOut") return Effect.succeed(ended(run, timeoutFailure(run.trace.phase, run.timeoutMs)))
  if (end !== "answered") return Effect.succeed(ended(run, end))
  const status = reader.status ?? 0
  if (!reader.isRedirect)
    return Effect.succeed(ended(run, status >= 200 && status < 300 ? null : statusFailure(status)))
  if (redirects === maxRedirects) return Effect.succeed(ended(run, tooManyRedirects))
  const next = redirectTarget(reader.location ?? "", url)
  return next instanceof URL ? hop(run, next, redirects + 1) : Effect.succeed(ended(run, next))
}

/** The URL that a `Location` points to, without user name and password, or why it is not followed. */
const redirectTarget = (location: string, base: URL): URL | ProbeFailure => {
  const url = readUrl(location, base)
  if (url === null) return malformedRedirect
  if (url.protocol !== "http:" && url.protocol !== "https:") return unfollowedRedirect
  if (url.port === "0") return malformedRedirect
  url.username = ""
  url.password = ""
  return url
}

/** `identity`, because a body is counted and not decoded; `close`, because no connection is used twice. */
const requestFor = (url: URL, userAgent: string): string =>
  `GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nUser-Agent: ${userAgent}\r\nAccept: */*\r\n` +
  "Accept-Encoding: identity\r\nConnection: close\r\n\r\n"

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

const lookupFailure = (run: Run, { reason }: ResolveError): ProbeFailure => {
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
      return timeoutFailure("dns", run.timeoutMs)
    case "unavailable":
      return resolverUnavailable
  }
}

/** The outcome. A failure during which this process stood still says more about us than about the target. */
const ended = (run: Run, failure: ProbeFailure | null): ProbeOutcome => {
  const { services, startedAt, trace } = run
  if (failure !== null) {
    if (failure.kind === "internal" || failure.kind === "blocked") {
      return unmeasured(failure.kind, storableText(failure.message))
    }
    if (services.eventLoop.wasBlockedSince(startedAt)) return unmeasured("internal", blockedLoop.message)
  }
  return {
    status: failure === null ? "Up" : "Down",
    responseTimeMs: trace.httpStatus === null ? null : toMicroseconds(monotonicNow() - startedAt),
    phases: trace.phases(),
    httpStatus: trace.httpStatus,
    errorKind: failure === null ? null : failure.kind,
    errorMessage: failure === null ? null : storableText(failure.message),
    certificateExpiresAt: trace.certificateExpiresAt,
  }
}
