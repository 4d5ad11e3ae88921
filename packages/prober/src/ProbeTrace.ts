import { type CertificateEvidence, type Phases, toMicroseconds } from "@uptime/domain/Result"
import type { Phase } from "./ProbeFailure.ts"

/** What a probe has measured and seen so far: one mutable record per probe, filled along the way and over all its redirects. */
export class ProbeTrace implements Phases {
  /** How far the probe has come. */
  phase: Phase = "dns"
  dns: number | null = null
  connect: number | null = null
  tls: number | null = null
  /** From the request's last byte to the answer's first, informational answers included. */
  firstByte: number | null = null
  transfer: number | null = null
  /** The address that was dialled last. */
  address: string | null = null
  /** Whether a connection was made, or whatever stands for it where the protocol has none: an answer. */
  connected = false
  /** What stands for the response time where it is not the time of the whole probe, in milliseconds, such as a ping's average. */
  responseTimeMs: number | null = null
  /** Time of the probe that is none of the target's, in milliseconds: fetching an access token. */
  excludedMs = 0
  /** The final status of the last hop; null while it has not answered. */
  httpStatus: number | null = null
  /** The header fields of the answer, in their order. */
  headers: ReadonlyArray<readonly [name: string, value: string]> = []
  /** What conditions see as `[BODY]`: an answer's body, a greeting, a row as JSON; null when it was not read. */
  body: string | null = null
  /** When the certificate of the last hop ends, in milliseconds since the epoch. */
  certificateExpiresAt: number | null = null
  certificate: CertificateEvidence | null = null
  /** When the domain's registration ends, in milliseconds since the epoch. */
  domainExpiresAt: number | null = null
  dnsRcode: string | null = null
  /** The records of a DNS answer, as text. */
  records: ReadonlyArray<string> | null = null
  packetLossPercent: number | null = null
  grpcStatus: string | null = null

  /** Adds a duration to a phase. */
  add(phase: Phase, ms: number): void {
    this[phase] = (this[phase] ?? 0) + ms
  }

  /** The phases as a result holds them. */
  phases(): Phases {
    return {
      dns: rounded(this.dns),
      connect: rounded(this.connect),
      tls: rounded(this.tls),
      firstByte: rounded(this.firstByte),
      transfer: rounded(this.transfer),
    }
  }
}

const rounded = (ms: number | null): number | null => (ms === null ? null : toMicroseconds(ms))
