import { type Phases, toMicroseconds } from "@uptime/domain/Result"
import type { Phase } from "./ProbeFailure.ts"

/** What a probe has measured so far: one mutable record per probe, filled along the way and over all its redirects. */
export class ProbeTrace implements Phases {
  /** How far the probe has come. */
  phase: Phase = "dns"
  dns: number | null = null
  connect: number | null = null
  tls: number | null = null
  /** From the request's last byte to the answer's first, informational answers included. */
  firstByte: number | null = null
  transfer: number | null = null
  /** The final status of the last hop; null while it has not answered. */
  httpStatus: number | null = null
  /** When the certificate of the last hop ends, in milliseconds since the epoch. */
  certificateExpiresAt: number | null = null

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
