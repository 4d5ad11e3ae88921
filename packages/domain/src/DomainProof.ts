import { Schema } from "effect"

/**
 * How far a host name is known to belong to whoever names it: a TXT record of it (RFC 1035, 3.3.14) holds a token that they
 * alone were told. `pending`: looked up; `expired`: not looked up any more, until it is asked for; `proven`: the record is there.
 */
export const DomainState = Schema.Literal("pending", "proven", "expired").annotations({ identifier: "DomainState" })
export type DomainState = typeof DomainState.Type

/** How long a record that was never seen is looked up, and how long one that was seen may be away, in days. */
export const proofDays = 7

const proofMs = proofDays * 86_400_000

/** The name of the record that proves a host name. */
export const challengeName = (host: string): string => `_uptime-challenge.${host}`

/**
 * Whether records prove a host name.
 *
 * @param texts the texts of all TXT records of `challengeName(host)`, the strings of each joined
 */
export const isProof = (texts: ReadonlyArray<string>, token: string): boolean =>
  token !== "" && texts.some((text) => text.trim() === token)

/**
 * The state of a host name. Instants in milliseconds since the epoch.
 *
 * @param askedAt when its proof was asked for last
 * @param provenAt when its record was seen last; null where it was not, or has been away for too long
 */
export const domainState = (askedAt: number, provenAt: number | null, now: number): DomainState => {
  if (provenAt !== null) return "proven"
  return now - askedAt < proofMs ? "pending" : "expired"
}
