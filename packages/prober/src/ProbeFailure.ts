import type { ErrorKind } from "@uptime/domain/CheckError"
import type { SecretUnreadable } from "@uptime/runtime/SecretBox"
import type { ResponseFault } from "./HttpResponseReader.ts"
import { type Refusal, refusalMessage } from "./TargetGuard.ts"

/**
 * Why a probe did not end `Up`: a kind and a sentence from the fixed lists of this file, so that nothing a target sends
 * ever reaches a stored message.
 */
export interface ProbeFailure {
  readonly kind: ErrorKind
  readonly message: string
}

/** A failure of a fixed text; kinds with failures of their own make them by this, in their own files. */
export const failure = (kind: ErrorKind, message: string): ProbeFailure => ({ kind, message })

const byCode = (failures: Readonly<Record<string, ProbeFailure>>): ReadonlyMap<string, ProbeFailure> =>
  new Map(Object.entries(failures))

/** Faults of this machine, by the code that the operating system gives them; none says anything about the target. */
const ownFaults = byCode({
  EMFILE: failure("internal", "the checker ran out of file handles"),
  ENFILE: failure("internal", "the checker's machine ran out of file handles"),
  ENOBUFS: failure("internal", "the checker's machine ran out of network buffers"),
  ENOMEM: failure("internal", "the checker's machine ran out of memory"),
  EADDRNOTAVAIL: failure("internal", "the checker's machine ran out of local ports"),
  ENETUNREACH: failure("internal", "the checker's network has no route to the address"),
  ENETDOWN: failure("internal", "the checker's network is down"),
  EACCES: failure("internal", "the checker's machine forbids the connection"),
  EPERM: failure("internal", "the checker's machine forbids the connection"),
})

const connectFaults = byCode({
  ECONNREFUSED: failure("connect", "connection refused"),
  ECONNRESET: failure("connect", "connection reset before an answer"),
  EPIPE: failure("connect", "connection closed before an answer"),
  EHOSTUNREACH: failure("connect", "host unreachable"),
  EHOSTDOWN: failure("connect", "host unreachable"),
  ETIMEDOUT: failure("connect", "the host does not answer"),
})

const noNetwork = failure("internal", "the checker's machine is on no network")

/**
 * What a socket error before any answer means.
 *
 * @param code the error's `code`
 * @param isOnline whether this machine has an address on any network: if not, no host is reachable and none is to blame
 */
export const connectFailure = (code: string | undefined, isOnline: () => boolean): ProbeFailure => {
  const own = ownFaults.get(code ?? "")
  if (own !== undefined) return own
  const fault = connectFaults.get(code ?? "")
  if (fault === undefined) return failure("connect", "connection failed")
  return code === "EHOSTUNREACH" && !isOnline() ? noNetwork : fault
}

/** The connection was closed by the other side before it sent anything. */
export const closedUnanswered = failure("connect", "connection closed before an answer")

const certificateFaults = byCode({
  CERT_HAS_EXPIRED: failure("tls", "the certificate has expired"),
  CERT_NOT_YET_VALID: failure("tls", "the certificate is not valid yet"),
  ERR_TLS_CERT_ALTNAME_INVALID: failure("tls", "the certificate is for another host"),
  HOSTNAME_MISMATCH: failure("tls", "the certificate is for another host"),
  DEPTH_ZERO_SELF_SIGNED_CERT: failure("tls", "the certificate is self-signed"),
  SELF_SIGNED_CERT_IN_CHAIN: failure("tls", "the certificate's authority is not trusted"),
  UNABLE_TO_GET_ISSUER_CERT: failure("tls", "the certificate's authority is not known"),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: failure("tls", "the certificate's authority is not known"),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: failure(
    "tls",
    "the certificate's authority is not known, or an intermediate is missing",
  ),
  CERT_REVOKED: failure("tls", "the certificate is revoked"),
})

/** What a certificate that does not verify means, by OpenSSL's or Node's code for it. */
export const certificateFailure = (code: string): ProbeFailure =>
  certificateFaults.get(code) ?? failure("tls", "the certificate does not verify")

/** A password is sent as it is only to the server that is meant. */
export const unverifiedLogin = failure(
  "tls",
  'the password would be sent as it is, and the server\'s certificate does not verify: say "ignoreTls" if any will do',
)

const handshakeFaults = byCode({
  ERR_SSL_WRONG_VERSION_NUMBER: failure("tls", "the port does not speak TLS, or no version of it that is safe"),
  ERR_SSL_PACKET_LENGTH_TOO_LONG: failure("tls", "the port does not speak TLS"),
  ERR_SSL_UNSUPPORTED_PROTOCOL: failure("tls", "the server has no TLS version that is safe"),
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: failure("tls", "the server has no TLS version that is safe"),
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: failure("tls", "the server does not know the host's name"),
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: failure(
    "tls",
    "the server speaks none of the protocols that the check asks for",
  ),
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: failure("tls", "the server demands a client certificate"),
})

/** What an error during the handshake, or a TLS alert after it, means. */
export const handshakeFailure = (code: string | undefined): ProbeFailure =>
  ownFaults.get(code ?? "") ??
  handshakeFaults.get(code ?? "") ??
  (code?.startsWith("ERR_SSL_") === true
    ? failure("tls", "TLS handshake failed")
    : failure("tls", "connection closed during the TLS handshake"))

const responseFaults: Readonly<Record<ResponseFault, ProbeFailure>> = {
  statusLine: failure("body", "the answer is not HTTP/1.x"),
  field: failure("body", "the answer has a malformed header field"),
  headTooLarge: failure("body", "the answer's header is larger than 16 KiB"),
  tooManyFields: failure("body", "the answer has more than 100 header fields"),
  tooManyInformational: failure("body", "more than 5 informational responses before an answer"),
  switchesProtocol: failure("body", "the answer switches protocols unasked"),
  contentLength: failure("body", "the answer's content length is malformed or contradicts itself"),
  chunk: failure("body", "the answer's chunked encoding is malformed"),
  chunkExtensionsTooLarge: failure("body", "the answer's chunk extensions are larger than 16 KiB"),
  endsEarly: failure("body", "the answer ended early"),
}

/** What a socket error in the middle of an answer means. */
export const transferFailure = (code: string | undefined): ProbeFailure =>
  ownFaults.get(code ?? "") ?? responseFaults.endsEarly

/** What is wrong with an answer. */
export const responseFailure = (fault: ResponseFault): ProbeFailure => responseFaults[fault]

/** The final status is none of those that are accepted. */
export const statusFailure = (status: number): ProbeFailure => failure("status", `status ${status}`)

/** There were more redirects than are followed. */
export const tooManyRedirects = (most: number): ProbeFailure =>
  failure("redirect", `more than ${most} ${most === 1 ? "redirect" : "redirects"}`)
export const malformedRedirect = failure("redirect", "redirected to what is not a URL")
export const unfollowedRedirect = failure("redirect", "redirected to a protocol other than http and https")

/** How far a check had come when its time was up. */
export type Phase = "dns" | "connect" | "tls" | "firstByte" | "transfer"

const phaseNames: Readonly<Record<Phase, string>> = {
  dns: "looking up the name",
  connect: "connecting",
  tls: "in the TLS handshake",
  firstByte: "waiting for the answer",
  transfer: "reading the answer",
}

/** The total deadline passed. */
export const timeoutFailure = (phase: Phase, timeoutMs: number): ProbeFailure =>
  failure("timeout", `no complete answer within ${timeoutMs} ms: timed out ${phaseNames[phase]}`)

/** The target guard refuses an address of the target. */
export const targetRefused = (refusal: Refusal): ProbeFailure => blockedTargets[refusal]

const blockedTargets: Readonly<Record<Refusal, ProbeFailure>> = {
  never: failure("blocked", refusalMessage.never),
  denied: failure("blocked", refusalMessage.denied),
  private: failure("blocked", refusalMessage.private),
}

/** A secret of the monitor cannot be read; the message says what to do. */
export const unreadableSecret = ({ message }: SecretUnreadable): ProbeFailure =>
  failure("internal", `a secret of this monitor cannot be read: ${message}`)

export const malformedUrl = failure("internal", "the monitor's URL cannot be read")
export const nameNotFound = failure("dns", "the name does not exist")
export const nameWithoutAddress = failure("dns", "the name has no address")
export const nameServersFail = failure("dns", "the name's own name servers fail or do not answer")
const noAddressOf = {
  ipv4: failure("dns", "the name has no IPv4 address, and the check asks for one"),
  ipv6: failure("dns", "the name has no IPv6 address, and the check asks for one"),
}
/** The target has no address of the family that the check is to use. */
export const noAddressOfFamily = (family: "ipv4" | "ipv6"): ProbeFailure => noAddressOf[family]
export const malformedName = failure("dns", "the name cannot be looked up")
export const resolverUnavailable = failure("internal", "the checker's name servers do not answer")
export const blockedLoop = failure("internal", "the checker was too busy to measure")
