import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { readUrl } from "@uptime/domain/MonitorUrl"
import { type ProbeOutcome, unmeasured } from "@uptime/domain/Result"
import { Effect } from "effect"
import { type ExchangeEnd, exchange } from "./HttpExchange.ts"
import { HttpResponseReader } from "./HttpResponseReader.ts"
import {
  malformedRedirect,
  malformedUrl,
  type ProbeFailure,
  statusFailure,
  tooManyRedirects,
  unfollowedRedirect,
} from "./ProbeFailure.ts"
import { conclude, outOfTime, type ProbeRun, type ProbeServices, reachable, startRun } from "./ProbeRun.ts"
import { dialledHost } from "./TargetGuard.ts"

/** The most redirects that are followed. */
export const maxRedirects = 5

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
export const httpProbe = (services: ProbeServices, spec: CheckSpec): Effect.Effect<ProbeOutcome> =>
  Effect.suspend(() => {
    const url = readUrl(spec.url)
    if (url === null) return Effect.succeed(unmeasured("internal", malformedUrl.message))
    return hop(startRun(services, spec), url, 0)
  })

const hop = (run: ProbeRun, url: URL, redirects: number): Effect.Effect<ProbeOutcome> => {
  run.trace.httpStatus = null
  run.trace.certificateExpiresAt = null
  return Effect.matchEffect(reachable(run, dialledHost(url)), {
    onFailure: (failure) => Effect.succeed(conclude(run, failure)),
    onSuccess: (addresses) => visit(run, url, addresses, redirects),
  })
}

const visit = (
  run: ProbeRun,
  url: URL,
  addresses: ReadonlyArray<string>,
  redirects: number,
): Effect.Effect<ProbeOutcome> => {
  const { secureContext, userAgent } = run.services
  const isSecure = url.protocol === "https:"
  const endpoint = {
    addresses,
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
  run: ProbeRun,
  url: URL,
  reader: HttpResponseReader,
  end: ExchangeEnd,
  redirects: number,
): Effect.Effect<ProbeOutcome> => {
  if (end === "timedOut") return Effect.succeed(conclude(run, outOfTime(run)))
  if (end !== "answered") return Effect.succeed(conclude(run, end))
  const status = reader.status ?? 0
  if (!reader.isRedirect) {
    return Effect.succeed(conclude(run, status >= 200 && status < 300 ? null : statusFailure(status)))
  }
  if (redirects === maxRedirects) return Effect.succeed(conclude(run, tooManyRedirects))
  const next = redirectTarget(reader.location ?? "", url)
  return next instanceof URL ? hop(run, next, redirects + 1) : Effect.succeed(conclude(run, next))
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
