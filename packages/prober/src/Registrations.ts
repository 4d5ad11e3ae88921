import { readUrl } from "@uptime/domain/MonitorUrl"
import { LruCache } from "@uptime/runtime/LruCache"
import { Clock, Effect } from "effect"
import type { GuardedHttp, GuardedResponse } from "./GuardedHttp.ts"
import { monotonicNow } from "./MonotonicClock.ts"
import { failure, type ProbeFailure } from "./ProbeFailure.ts"
import { followBootstrap, ianaBootstrapUrl } from "./RdapBootstrap.ts"
import { parseRegistration, type RdapQuestion, type Registration, rdapQuestions } from "./RdapDomain.ts"

/** What is known of a host's registration. */
export interface Found {
  /** Null when its domain is not registered. */
  readonly registration: Registration | null
  /** How long the registry took when it was asked, in milliseconds. */
  readonly tookMs: number
}

const noRdap = failure(
  "internal",
  "the registry of this top-level domain has no RDAP server, so that its registrations cannot be checked",
)
const noAnswer = failure("internal", "the registry's RDAP server does not answer")
const tooMany = failure("internal", "the registry's RDAP server wants to be asked less often")
const refuses = failure("internal", "the registry's RDAP server refuses to answer")
const unreadable = failure("internal", "the answer of the registry's RDAP server cannot be read")
const blocked = failure("blocked", "the registry's RDAP server has an address that this installation does not ask")

/**
 * Registrations change once a year and registries count their questions, so that one that lasts is held for true for an
 * hour, and for a day while the registry does not answer. Anything else is for a minute: it is hoped to change. In
 * milliseconds.
 */
const freshMs = 3_600_000
const usableMs = 86_400_000
const retryMs = 60_000

const lasts = ({ registration }: Found, now: number): boolean =>
  registration !== null && !registration.isEnding && (registration.expiresAt ?? now) >= now

/** The most hosts of which something is remembered. */
const maxHosts = 10_000

interface Remembered {
  readonly found: Found | ProbeFailure
  /** Until when it is not asked for again, and until when it is better than nothing, in milliseconds since the epoch. */
  readonly freshUntil: number
  readonly usableUntil: number
}

export interface RegistrationsOptions {
  /** Where the list of RDAP servers is; IANA's unless given. */
  readonly bootstrapUrl?: string
}

/**
 * Looks up registrations of domains by RDAP (RFC 9082, RFC 9083): at the registry, whose server IANA's list names. A
 * registry that does not answer says nothing about the domain: every failure here is `internal` or `blocked`.
 *
 * @returns finds the registration that a host belongs to; it has ended within the time given, in milliseconds
 */
export const makeRegistrations = (http: GuardedHttp["Type"], options: RegistrationsOptions = {}) =>
  Effect.map(followBootstrap(http, options.bootstrapUrl ?? ianaBootstrapUrl), (bootstrap) => {
    const cache = new LruCache<Remembered>(maxHosts)

    const ask = Effect.fnUntraced(function* (host: string, deadline: number): Effect.fn.Return<Found, ProbeFailure> {
      const questions = rdapQuestions(host, yield* bootstrap(left(deadline)))
      if (questions.length === 0) return yield* Effect.fail(noRdap)
      const startedAt = monotonicNow()
      const registration = yield* firstRegistration(http, questions, deadline)
      return { registration, tookMs: monotonicNow() - startedAt }
    })

    return (host: string, withinMs: number): Effect.Effect<Found, ProbeFailure> =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        const known = cache.get(host)
        if (known !== undefined && now < known.freshUntil) return asEffect(known.found)
        return Effect.matchEffect(ask(host, monotonicNow() + withinMs), {
          onSuccess: (found) => {
            const isLasting = lasts(found, now)
            const freshUntil = now + (isLasting ? freshMs : retryMs)
            cache.set(host, { found, freshUntil, usableUntil: isLasting ? now + usableMs : now })
            return Effect.succeed(found)
          },
          onFailure: (failed) => {
            const isUsable = known !== undefined && now < known.usableUntil
            const found = isUsable ? known.found : failed
            cache.set(host, { found, freshUntil: now + retryMs, usableUntil: isUsable ? known.usableUntil : now })
            return asEffect(found)
          },
        })
      })
  })

const asEffect = (found: Found | ProbeFailure): Effect.Effect<Found, ProbeFailure> =>
  "kind" in found ? Effect.fail(found) : Effect.succeed(found)

const left = (deadline: number): number => Math.max(1, deadline - monotonicNow())

/**
 * Asks one question after the other until the answer is a registration that says when it ends.
 *
 * @returns one that does not say so when there is no other; null when none of the domains is registered
 */
const firstRegistration = Effect.fnUntraced(function* (
  http: GuardedHttp["Type"],
  questions: ReadonlyArray<RdapQuestion>,
  deadline: number,
): Effect.fn.Return<Registration | null, ProbeFailure> {
  let silent: Registration | null = null
  let isKnownNotToBe = false
  for (const question of questions) {
    const { body, isTruncated, status } = yield* fetchDomain(http, question.url, deadline, 0)
    if (status === 404) isKnownNotToBe = true
    // A registry may refuse names with more labels than it registers.
    if (status === 404 || status === 400 || status === 422) continue
    if (status === 429) return yield* Effect.fail(tooMany)
    if (status >= 500) return yield* Effect.fail(noAnswer)
    if (status !== 200) return yield* Effect.fail(refuses)
    const registration = isTruncated ? null : parseRegistration(body, question.domain)
    if (registration === null) return yield* Effect.fail(unreadable)
    if (registration.expiresAt !== null || registration.isEnding) return registration
    silent ??= registration
  }
  return silent === null && !isKnownNotToBe ? yield* Effect.fail(refuses) : silent
})

const maxBytes = 262_144
const maxRedirects = 3

/** One question; a registry may point to another server (RFC 7480, section 5.2). */
const fetchDomain = (
  http: GuardedHttp["Type"],
  url: string,
  deadline: number,
  redirects: number,
): Effect.Effect<GuardedResponse, ProbeFailure> =>
  http
    .request({
      method: "GET",
      url,
      headers: { accept: "application/rdap+json" },
      timeoutMs: left(deadline),
      maxBodyBytes: maxBytes,
    })
    .pipe(
      Effect.mapError(({ reason }) => (reason === "blocked" ? blocked : noAnswer)),
      Effect.flatMap((answer) => {
        if (![301, 302, 303, 307, 308].includes(answer.status)) return Effect.succeed(answer)
        const next = readUrl(answer.headers["location"] ?? "", readUrl(url) ?? undefined)
        return next === null || redirects === maxRedirects
          ? Effect.fail(unreadable)
          : fetchDomain(http, next.href, deadline, redirects + 1)
      }),
    )
