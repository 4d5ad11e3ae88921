import type { DetailedPeerCertificate } from "node:tls"

/** The most certificates of a chain that are looked at: it may be endless, and it may be a circle. */
const maxLength = 10

/** When a chain of certificates ends, in milliseconds since the epoch, and whether by the server's own certificate. */
export interface ChainEnd {
  readonly endsAt: number
  readonly isOwn: boolean
}

/**
 * The earliest end in a chain that verifies. An issuer that has ended already is passed over: the chain verifies without
 * it, as it does where a server still sends an old cross-signed root along.
 *
 * @param certificate the server's own, with its issuers
 * @param now milliseconds since the epoch
 * @returns null when no certificate says when it ends
 */
export const chainEnd = (certificate: DetailedPeerCertificate, now: number): ChainEnd | null => {
  const seen = new Set<DetailedPeerCertificate>()
  let earliest: ChainEnd | null = null
  let current: DetailedPeerCertificate | undefined = certificate
  while (current !== undefined && !seen.has(current) && seen.size < maxLength) {
    const isOwn: boolean = current === certificate
    const endsAt = Date.parse(current.valid_to)
    if (!Number.isNaN(endsAt) && (isOwn || endsAt > now) && (earliest === null || endsAt < earliest.endsAt)) {
      earliest = { endsAt, isOwn }
    }
    seen.add(current)
    current = current.issuerCertificate
  }
  return earliest
}
