import { maxBodyBytes } from "@uptime/conditions/Observation"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { readUrl } from "@uptime/domain/MonitorUrl"
import { maxEvidenceBody, type ProbeOutcome, unmeasured } from "@uptime/domain/Result"
import { Effect, Either } from "effect"
import { hasConditions, needsBody, speaksOf } from "./Conditions.ts"
import { type BodyWanted, type HttpAnswer, isRedirect } from "./HttpAnswer.ts"
import { bodyText } from "./HttpBody.ts"
import { type Exchanged, exchange } from "./HttpExchange.ts"
import { firstRequest, type HttpRequest, redirected, withBearer } from "./HttpRequest.ts"
import { monotonicNow } from "./MonotonicClock.ts"
import { type GivenToken, makeTokens } from "./OAuth2Tokens.ts"
import {
  malformedRedirect,
  malformedUrl,
  type ProbeFailure,
  statusFailure,
  tooManyRedirects,
  unfollowedRedirect,
} from "./ProbeFailure.ts"
import { conclude, outOfTime, type ProbeRun, type ProbeServices, reachable, startRun } from "./ProbeRun.ts"
import { makeSecureContexts } from "./SecureContexts.ts"
import { dialledHost } from "./TargetGuard.ts"

/** The most redirects that are followed unless the check says otherwise. */
const defaultMaxRedirects = 5

/** One check on its way. */
interface Visit {
  readonly run: ProbeRun
  readonly request: HttpRequest
  /** How many redirects were followed. */
  readonly redirects: number
  readonly wanted: BodyWanted
  /** The access token that the request carries; null for none. */
  readonly token: GivenToken | null
}

/**
 * HTTP checks: one request on a new connection, within one deadline for everything, look-ups, redirects and access token
 * included.
 *
 * Every hop is resolved anew, all its addresses must pass the target guard, and what the guard has seen is what is dialled.
 * 301, 302, 303, 307 and 308 are followed up to five times, or as often as the check says, as a visitor's browser would: to
 * any http or https URL, also from https to http, but nothing confidential leaves the first origin (`redirected`). The final
 * status decides, unless conditions speak of it: 200 to 299 is `Up`, or what the check accepts. What a body has beyond 1 MiB
 * is not read and no fault.
 *
 * @param authorities those that this installation trusts besides the usual ones, as PEM texts
 * @returns the probe of one check; it never fails
 */
export const makeHttpProbe = (
  services: ProbeServices,
  authorities: ReadonlyArray<string> = [],
): ((spec: CheckSpec) => Effect.Effect<ProbeOutcome>) => {
  const contexts = makeSecureContexts(services, authorities)
  const tokens = makeTokens(services, contexts)

  const begin = (spec: CheckSpec): Effect.Effect<ProbeOutcome> => {
    const url = readUrl(spec.url)
    if (url === null) return Effect.succeed(unmeasured("internal", malformedUrl.message))
    const run = startRun(services, spec)
    const request = firstRequest(spec, url, services.secrets)
    if (Either.isLeft(request)) return Effect.succeed(conclude(run, request.left))
    const visit: Visit = { run, request: request.right, redirects: 0, wanted: bodyWanted(run), token: null }
    return spec.http?.auth?.type === "oauth2" ? authorised(visit, spec.http.auth) : hop(visit)
  }

  /** The check with an access token. Fetching one is no time of the target's. */
  const authorised = (visit: Visit, auth: Parameters<typeof tokens.tokenFor>[1]): Effect.Effect<ProbeOutcome> =>
    Effect.suspend(() => {
      const { run } = visit
      const askedAt = monotonicNow()
      return Effect.matchEffect(tokens.tokenFor(run, auth), {
        onFailure: (failed) => Effect.succeed(conclude(run, failed)),
        onSuccess: (token) => {
          run.trace.excludedMs += monotonicNow() - askedAt
          return hop({ ...visit, request: withBearer(visit.request, token.text), token })
        },
      })
    })

  const hop = (visit: Visit): Effect.Effect<ProbeOutcome> => {
    const { request, run } = visit
    run.trace.connected = false
    run.trace.address = null
    run.trace.httpStatus = null
    run.trace.certificate = null
    run.trace.certificateExpiresAt = null
    return Effect.matchEffect(reachable(run, dialledHost(request.url), run.spec.http?.ipFamily), {
      onFailure: (failed) => Effect.succeed(conclude(run, failed)),
      onSuccess: (addresses) => ask(visit, addresses),
    })
  }

  const ask = (visit: Visit, addresses: ReadonlyArray<string>): Effect.Effect<ProbeOutcome> => {
    const { request, run, wanted } = visit
    const { url } = request
    const { http } = run.spec
    const isSecure = url.protocol === "https:"
    const context = isSecure ? contexts(http, request.isOwn) : null
    if (context !== null && Either.isLeft(context)) return Effect.succeed(conclude(run, context.left))
    const plan = {
      addresses,
      port: url.port === "" ? (isSecure ? 443 : 80) : Number(url.port),
      tls:
        context === null
          ? null
          : {
              host: dialledHost(url).replace(/\.$/, ""),
              ignoreTls: http?.ignoreTls === true,
              secureContext: context.right,
              alpnProtocols: alpnOf[http?.httpVersion ?? "1.1"],
            },
      http2Only: http?.httpVersion === "2",
      request,
      userAgent: services.userAgent,
      wanted,
      followsRedirects: http?.maxRedirects !== 0,
    }
    return Effect.flatMap(exchange(plan, run.trace, run.deadline), (exchanged) => answered(visit, exchanged))
  }

  const answered = (visit: Visit, { answer, end }: Exchanged): Effect.Effect<ProbeOutcome> => {
    const { redirects, request, run, token } = visit
    if (answer === null || end !== "answered") {
      return seen(run, answer, end === "timedOut" ? outOfTime(run) : end === "answered" ? null : end)
    }
    const status = answer.status ?? 0
    const { auth, maxRedirects = defaultMaxRedirects } = run.spec.http ?? {}
    if (status === 401 && token?.isKept === true && auth?.type === "oauth2" && request.isOwn) {
      tokens.forget(auth)
      return authorised(visit, auth)
    }
    if (maxRedirects === 0 || !isRedirect(answer)) {
      return seen(run, answer, isAccepted(run.spec, status) ? null : statusFailure(status))
    }
    if (redirects === maxRedirects) return seen(run, answer, tooManyRedirects(maxRedirects))
    const next = redirectTarget(answer.location ?? "", request.url)
    if (!(next instanceof URL)) return seen(run, answer, next)
    return hop({ ...visit, request: redirected(request, status, next), redirects: redirects + 1 })
  }

  return (spec) => Effect.suspend(() => begin(spec))
}

const alpnOf: Readonly<Record<"1.1" | "2" | "any", Array<string>>> = {
  "1.1": ["http/1.1"],
  "2": ["h2"],
  any: ["h2", "http/1.1"],
}

/** The most of a body that is read for evidence, in bytes; it is cut to `maxEvidenceBody` characters. */
const evidenceBytes = maxEvidenceBody

/** How much of a body is kept: all that conditions may look at, or a piece for evidence where the check may fail. */
const bodyWanted = ({ services, spec }: ProbeRun): BodyWanted => {
  if (hasConditions(spec) || services.keepsAll) {
    const bytes = needsBody(spec) ? maxBodyBytes : evidenceBytes
    return () => bytes
  }
  return spec.http?.acceptedStatus === undefined
    ? ifRefused
    : (status) => (isAccepted(spec, status) ? 0 : evidenceBytes)
}

const ifRefused: BodyWanted = (status) => (status >= 200 && status < 300 ? 0 : evidenceBytes)

/** Whether a final status is as it should be; a condition on `[STATUS]` replaces the rule. */
const isAccepted = (spec: CheckSpec, status: number): boolean => {
  if (speaksOf(spec, "[STATUS]")) return true
  const ranges = spec.http?.acceptedStatus
  if (ranges === undefined) return status >= 200 && status < 300
  return ranges.some((range) => {
    const [from, to = from] = range.split("-")
    return status >= Number(from) && status <= Number(to)
  })
}

/** The end of a check: what was seen goes to the trace where somebody will look at it. */
const seen = (run: ProbeRun, answer: HttpAnswer | null, failed: ProbeFailure | null): Effect.Effect<ProbeOutcome> => {
  const { spec, trace } = run
  const isLookedAt = failed !== null || hasConditions(spec) || run.services.keepsAll
  if (answer === null || !isLookedAt) return Effect.succeed(conclude(run, failed))
  trace.headers = answer.headers
  if (answer.body === null) return Effect.succeed(conclude(run, failed))
  const isNeeded = failed === null && needsBody(spec)
  return Effect.match(bodyText(answer, isNeeded ? maxBodyBytes : evidenceBytes), {
    onFailure: (unread) => conclude(run, isNeeded ? unread : failed),
    onSuccess: (text) => {
      trace.body = text
      return conclude(run, failed)
    },
  })
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
