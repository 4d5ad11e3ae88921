import { Option, Schema } from "effect"
import type { RdapServers } from "./RdapBootstrap.ts"

/** A registry to ask, and what for. */
export interface RdapQuestion {
  readonly domain: string
  readonly url: string
}

/** Names below which the registries of countries register, as a rule: `example.co.uk` is a registration, `co.uk` is none. */
const secondLevels: ReadonlySet<string> = new Set(["ac", "co", "com", "edu", "go", "gov", "mil", "net", "or", "org"])

/** The most questions for one host. */
const maxQuestions = 4

/**
 * What to ask for a host, one after the other, until one of them is a registration: the label before the longest domain
 * that has an RDAP server, then one more, and so on, since only the registry knows which of them it is. Where the first is
 * hardly a registration, the second is asked for before it.
 *
 * @param host a name without a final dot
 * @returns nothing when no registry of the host's domain has an RDAP server
 */
export const rdapQuestions = (host: string, servers: RdapServers): ReadonlyArray<RdapQuestion> => {
  const labels = host.toLowerCase().split(".")
  for (let size = labels.length - 1; size > 0; size--) {
    const base = servers.get(labels.slice(-size).join("."))
    if (base === undefined) continue
    const [first = "", second, ...others] = Array.from(
      { length: Math.min(maxQuestions, labels.length - size) },
      (_, i) => labels.slice(-size - 1 - i).join("."),
    )
    const pair = second === undefined ? [first] : isSecondLevel(first) ? [second, first] : [first, second]
    return [...pair, ...others].map((domain) => ({ domain, url: `${base}domain/${domain}` }))
  }
  return []
}

const isSecondLevel = (domain: string): boolean => {
  const [name = "", country = "", ...others] = domain.split(".")
  return others.length === 0 && country.length === 2 && secondLevels.has(name)
}

/** What a registry says of a registration. */
export interface Registration {
  /** When it ends, in milliseconds since the epoch; null when the registry does not say. */
  readonly expiresAt: number | null
  /** Whether it has ended already, and the domain is kept back only until it is deleted (RFC 8056, RFC 3915). */
  readonly isEnding: boolean
}

/** What is read of a domain object (RFC 9083, section 5.3). */
const Domain = Schema.parseJson(
  Schema.Struct({
    objectClassName: Schema.Literal("domain"),
    ldhName: Schema.optional(Schema.String),
    status: Schema.optional(Schema.Array(Schema.String)),
    events: Schema.optional(
      Schema.Array(Schema.Struct({ eventAction: Schema.String, eventDate: Schema.optional(Schema.String) })),
    ),
  }),
)
const decodeDomain = Schema.decodeUnknownOption(Domain)

/**
 * Reads a registry's answer.
 *
 * @param domain what was asked for
 * @returns null when it is no answer to that
 */
export const parseRegistration = (text: string, domain: string): Registration | null => {
  const found = Option.getOrNull(decodeDomain(text))
  if (found === null) return null
  const name = found.ldhName?.toLowerCase().replace(/\.$/, "") ?? domain
  if (name !== domain) return null
  const dateOf = (action: string): number | null => {
    const date = found.events?.find(({ eventAction }) => eventAction.toLowerCase() === action)?.eventDate
    const instant = Date.parse(date ?? "")
    return Number.isNaN(instant) ? null : instant
  }
  return {
    expiresAt: dateOf("expiration") ?? dateOf("registrar expiration"),
    isEnding: (found.status ?? []).some((each) => /^(?:redemption period|pending delete)$/i.test(each)),
  }
}
