import { isOnline } from "./LocalNetwork.ts"
import { connectFailure, failure, type ProbeFailure } from "./ProbeFailure.ts"

/** The sums that a `ping` program prints at its end. */
export interface PingSummary {
  /** Echo requests that were sent: at least one. */
  readonly transmitted: number
  /** Those that were answered, duplicates not counted. */
  readonly received: number
  /** ICMP errors that came back instead, such as "destination unreachable"; 0 where the program does not count them. */
  readonly errors: number
  /** The average round trip in milliseconds; null when nothing came back or when the payload is too small to carry a time. */
  readonly averageMs: number | null
}

const counts =
  /^(\d{1,9}) packets transmitted, (\d{1,9})(?: packets)? received,(?: [+-]?\d{1,9} (?:duplicates|corrupted),)*(?: \+(\d{1,9}) errors,)?/m
const roundTrips = /^(?:rtt|round-trip) min\/avg\/max(?:\/(?:mdev|stddev))? = [\d.]{1,20}\/([\d.]{1,20})\//m

/**
 * Reads the summary that iputils, busybox and the BSDs print in the C locale; null when there is none, or none that can
 * be.
 *
 * @param output what the program wrote to its standard output
 */
export const parsePing = (output: string): PingSummary | null => {
  const counted = counts.exec(output)
  if (counted === null) return null
  const transmitted = Number(counted[1])
  const received = Number(counted[2])
  if (transmitted === 0 || received > transmitted) return null
  const average = Number(roundTrips.exec(output)?.[1] ?? Number.NaN)
  return {
    transmitted,
    received,
    errors: Number(counted[3] ?? 0),
    averageMs: received > 0 && Number.isFinite(average) ? average : null,
  }
}

/** Nobody but the machine's administrator can mend this, hence what to do. */
export const pingNotPermitted = failure(
  "internal",
  "the checker's machine does not let it ping: give the ping program the capability cap_net_raw, or let the checker's group in by net.ipv4.ping_group_range",
)
const pingFails = failure("internal", "the checker's ping program failed")

/** What `ping` complains of, in the C library's words, and the code of the same error on a socket. */
const complaints: ReadonlyArray<readonly [RegExp, string]> = [
  [/network is unreachable|network unreachable|invalid argument|address family/i, "ENETUNREACH"],
  [/cannot assign requested address/i, "EADDRNOTAVAIL"],
  [/network is down/i, "ENETDOWN"],
  [/no buffer space/i, "ENOBUFS"],
  [/no route to host|host is unreachable/i, "EHOSTUNREACH"],
]

/**
 * What a complaint of the `ping` program means; null when it made none that is known.
 *
 * @param complaint what it wrote to its standard error
 */
export const pingComplaint = (complaint: string): ProbeFailure | null => {
  if (/permission denied|operation not permitted/i.test(complaint)) return pingNotPermitted
  const code = complaints.find(([words]) => words.test(complaint))?.[1]
  return code === undefined ? null : connectFailure(code, isOnline)
}

/**
 * Why nothing came back.
 *
 * @param summary null when the program printed none
 * @param complaint what it wrote to its standard error
 */
export const pingFailure = (summary: PingSummary | null, complaint: string): ProbeFailure => {
  const known = pingComplaint(complaint)
  if (known !== null) return known
  if (summary === null) return pingFails
  return summary.errors > 0
    ? connectFailure("EHOSTUNREACH", isOnline)
    : failure("timeout", `no reply to ${summary.transmitted} echo requests`)
}
