import type { Phases } from "@uptime/domain/Result"

/** The most of a body that is looked at, in bytes: what comes behind is cut off. */
export const maxBodyBytes = 1_048_576

/**
 * What a check saw, as conditions ask about it. Made once per check on the hot path, hence a plain record; what a kind of
 * check has no word for is null. Times are milliseconds.
 */
export interface Observation {
  /** The status of the final HTTP answer. */
  readonly status: number | null
  readonly responseTimeMs: number | null
  /** The address that was dialled. */
  readonly ip: string | null
  readonly connected: boolean
  /** What was answered, as text of at most 1 MiB; it is read as JSON only when a condition asks for a part of it. */
  readonly body: string | null
  /** The header fields of the answer in their order, in any case; a name may come more than once. */
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly phases: Phases
  /** How long the certificate is still valid; negative once it has expired. */
  readonly certificateExpiresInMs: number | null
  /** How long the domain is still registered; negative once it has expired. */
  readonly domainExpiresInMs: number | null
  /** The name of the DNS answer's code, such as `NOERROR`. */
  readonly dnsRcode: string | null
  /** The records of a DNS answer, each as text. */
  readonly records: ReadonlyArray<string> | null
  /** The share of packets that were not answered, 0 to 100. */
  readonly packetLossPercent: number | null
  /** The name of the gRPC health status, such as `SERVING`. */
  readonly grpcStatus: string | null
}
