import { Clock, Effect, Option, Schema } from "effect"
import type { GuardedHttp } from "./GuardedHttp.ts"
import { monotonicNow } from "./MonotonicClock.ts"
import { failure, type ProbeFailure } from "./ProbeFailure.ts"

/** IANA's list of the RDAP servers of all registries that have one (RFC 9224). */
export const ianaBootstrapUrl = "https://data.iana.org/rdap/dns.json"

/** The base URL of the RDAP server of each domain that has one, such as `com`. */
export type RdapServers = ReadonlyMap<string, string>

/** What is read of the list: services of which each has the domains and the servers of one registry. */
const Bootstrap = Schema.parseJson(
  Schema.Struct({ services: Schema.Array(Schema.Tuple(Schema.Array(Schema.String), Schema.Array(Schema.String))) }),
)
const decodeBootstrap = Schema.decodeUnknownOption(Bootstrap)

/** The most domains that are kept of the list, which has a tenth of it. */
const maxDomains = 20_000

/**
 * Reads the list. Of several servers of a registry the first that is asked over https counts.
 *
 * @returns null when the text is no such list, or an empty one
 */
export const parseBootstrap = (text: string): RdapServers | null => {
  const list = Option.getOrNull(decodeBootstrap(text))
  if (list === null) return null
  const servers = new Map<string, string>()
  for (const [domains, urls] of list.services) {
    const url = urls.find((each) => each.startsWith("https:")) ?? urls.find((each) => each.startsWith("http:"))
    if (url === undefined) continue
    for (const domain of domains) {
      if (servers.size < maxDomains) servers.set(domain.toLowerCase(), url.endsWith("/") ? url : `${url}/`)
    }
  }
  return servers.size === 0 ? null : servers
}

const unavailable = failure("internal", "IANA's list of RDAP servers cannot be fetched now")

/** How long the list is used before it is fetched again, and how long it is not asked for after a failure, in milliseconds. */
const freshMs = 86_400_000
const retryMs = 60_000

const maxBytes = 1_048_576

/**
 * Keeps IANA's list in memory: fetched when it is asked for, at most once a day, by one check at a time. When it cannot be
 * fetched again, the old one is used.
 *
 * @param url where the list is
 * @returns gives the list; it has ended within the time given, in milliseconds
 */
export const followBootstrap = (
  http: GuardedHttp["Type"],
  url: string,
): Effect.Effect<(withinMs: number) => Effect.Effect<RdapServers, ProbeFailure>> =>
  Effect.map(Effect.makeSemaphore(1), (turn) => {
    let servers: RdapServers | null = null
    let nextAt = Number.NEGATIVE_INFINITY
    const present = Effect.suspend(() => (servers === null ? Effect.fail(unavailable) : Effect.succeed(servers)))
    const refresh = (deadline: number) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        if (now < nextAt) return Effect.void
        // Whatever becomes of this try, interruption included.
        nextAt = now + retryMs
        return Effect.map(fetchList(http, url, Math.max(1, deadline - monotonicNow())), (found) => {
          if (found === null) return
          servers = found
          nextAt = now + freshMs
        })
      })
    return (withinMs) =>
      Effect.suspend(() => turn.withPermits(1)(refresh(monotonicNow() + withinMs))).pipe(
        // With an old list at hand, half of the time is left for what it is needed for.
        Effect.timeoutOption(servers === null ? withinMs : withinMs / 2),
        Effect.zipRight(present),
      )
  })

const fetchList = (http: GuardedHttp["Type"], url: string, timeoutMs: number): Effect.Effect<RdapServers | null> =>
  http.request({ method: "GET", url, headers: { accept: "application/json" }, timeoutMs, maxBodyBytes: maxBytes }).pipe(
    Effect.map(({ body, isTruncated, status }) => (status === 200 && !isTruncated ? parseBootstrap(body) : null)),
    Effect.orElseSucceed(() => null),
  )
