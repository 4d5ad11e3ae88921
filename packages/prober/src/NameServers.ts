import { randomUUID } from "node:crypto"
import { Resolver as DnsResolver } from "node:dns"
import { Effect } from "effect"
import { monotonicNow } from "./MonotonicClock.ts"
import { maxAddresses, ResolveError } from "./ResolveError.ts"

/** What one query brought: addresses, or c-ares' code for their absence. Null while it is under way. */
type Answer = ReadonlyArray<string> | string | null

/** How long an answer for the other family is awaited once one has come, in milliseconds (RFC 8305, section 3). */
const otherFamilyMs = 50
/** How long it is believed that our name servers work, or do not, in milliseconds. */
const evidenceMs = 1_000
/** The least time between two readings of the machine's name server configuration, in milliseconds. */
const reconfigureMs = 30_000

export interface NameServersOptions {
  /** `address:port` of the servers to ask; the machine's own when absent. */
  readonly servers?: ReadonlyArray<string>
  /** How long a server is given to answer a query, in milliseconds: 2,000. It is asked twice. */
  readonly queryTimeoutMs?: number
}

/**
 * Asks the configured name servers for A and AAAA records, through c-ares and not through `getaddrinfo`.
 *
 * An answer that never comes, or that says SERVFAIL or REFUSED, looks the same whether the target's name servers are broken
 * or ours have lost the network. So before such a failure is told, our servers are asked for a name that nobody has ever
 * asked for, which no cache can answer: with an answer to that, of whatever content, it is the target's failure, without
 * one it is ours. At most one such question is under way, and what it showed holds for a second.
 */
export const nameServers = (options: NameServersOptions) => {
  const make = () => {
    const made = new DnsResolver({ timeout: options.queryTimeoutMs ?? 2_000, tries: 2 })
    if (options.servers !== undefined) made.setServers(options.servers)
    return made
  }
  let resolver = make()
  let madeAt = monotonicNow()
  const canary = makeCanary((name, onAnswer) => resolver.resolve4(name, (error) => onAnswer(error?.code ?? null)))

  /** A laptop that has changed networks has other name servers now, which c-ares reads only when it starts. */
  const reconfigure = () => {
    if (monotonicNow() - madeAt < reconfigureMs) return
    resolver = make()
    madeAt = monotonicNow()
  }

  const resolve = (name: string, withinMs: number): Effect.Effect<ReadonlyArray<string>, ResolveError> =>
    Effect.async((resume) => {
      const startedAt = monotonicNow()
      let v4: Answer = null
      let v6: Answer = null
      let isOver = false

      const settle = (end: ReadonlyArray<string> | ResolveError["reason"]) => {
        if (isOver) return
        isOver = true
        clearTimeout(timer)
        if (end === "unavailable") reconfigure()
        resume(typeof end === "string" ? new ResolveError({ reason: end }) : Effect.succeed(end))
      }
      const answered = () => {
        if (isOver) return
        if (v4 !== null && v6 !== null) {
          const end = conclude(v4, v6)
          if (end !== "unclear") return settle(end)
          clearTimeout(timer)
          timer = setTimeout(() => settle("unavailable"), withinMs - (monotonicNow() - startedAt))
          return canary.ask(startedAt, (isAlive) => settle(isAlive ? "failed" : "unavailable"))
        }
        const one = v4 ?? v6
        if (typeof one === "string" || one === null) return
        clearTimeout(timer)
        timer = setTimeout(() => settle(one.slice(0, maxAddresses)), otherFamilyMs)
      }
      const outOfTime = () => settle(canary.hasAnsweredSince(startedAt) ? "timeout" : "unavailable")
      // Halfway through, so that it is known at the deadline whose fault the silence is.
      const firstWaitMs = Math.min(1_000, withinMs / 2)
      let timer = setTimeout(() => {
        canary.ask(startedAt, () => undefined)
        timer = setTimeout(outOfTime, withinMs - firstWaitMs)
      }, firstWaitMs)

      resolver.resolve4(name, (error, addresses) => {
        v4 = error === null ? addresses : codeOf(error)
        answered()
      })
      resolver.resolve6(name, (error, addresses) => {
        v6 = error === null ? addresses : codeOf(error)
        answered()
      })
      return Effect.sync(() => {
        isOver = true
        clearTimeout(timer)
      })
    })

  return { resolve }
}

const codeOf = (error: NodeJS.ErrnoException): string => error.code ?? "EBADRESP"

/** What both answers say together; `unclear` when one was no answer to the question. */
const conclude = (v4: Answer, v6: Answer): ReadonlyArray<string> | ResolveError["reason"] | "unclear" => {
  const addresses: Array<string> = []
  if (typeof v4 === "object" && v4 !== null) addresses.push(...v4)
  if (typeof v6 === "object" && v6 !== null) addresses.push(...v6)
  if (addresses.length > 0) return addresses.slice(0, maxAddresses)
  if (v4 === "ENOTFOUND" || v6 === "ENOTFOUND") return "notFound"
  if (v4 === "EBADNAME" || v6 === "EBADNAME") return "malformed"
  return v4 === "ENODATA" && v6 === "ENODATA" ? "noAddress" : "unclear"
}

/** Tells whether our own name servers answer, by a question of which the answer is nowhere cached. */
const makeCanary = (query: (name: string, onAnswer: (code: string | null) => void) => void) => {
  let isAsking = false
  let checkedAt = Number.NEGATIVE_INFINITY
  let isAlive = false
  let waiting: Array<(isAlive: boolean) => void> = []

  const isFresh = (since: number) => checkedAt >= since - evidenceMs
  return {
    /** Whether an answer has come since `instant`, or within the second before it. */
    hasAnsweredSince: (instant: number): boolean => isAlive && isFresh(instant),
    /** Gives the verdict to `onVerdict`, at once when one is known from after `instant` or shortly before. */
    ask: (instant: number, onVerdict: (isAlive: boolean) => void): void => {
      if (isFresh(instant)) {
        onVerdict(isAlive)
        return
      }
      waiting.push(onVerdict)
      if (isAsking) return
      isAsking = true
      // Under .com, whose names are denied in a way (NSEC3 opt-out) that lets no resolver make up the answer by itself.
      query(`${randomUUID()}.com`, (code) => {
        isAsking = false
        checkedAt = monotonicNow()
        isAlive = code === null || code === "ENOTFOUND" || code === "ENODATA"
        const told = waiting
        waiting = []
        for (const tell of told) tell(isAlive)
      })
    },
  }
}
