import { isIP, type Socket } from "node:net"
import {
  checkServerIdentity,
  connect as connectTls,
  type PeerCertificate,
  type SecureContext,
  type TLSSocket,
} from "node:tls"
import { recordCertificate } from "./CertificateEvidence.ts"
import { monotonicNow } from "./MonotonicClock.ts"
import { certificateFailure, handshakeFailure, type ProbeFailure } from "./ProbeFailure.ts"
import type { ProbeTrace } from "./ProbeTrace.ts"

/** How a connection is secured. */
export interface TlsOptions {
  /** The name the certificate must be for; it is sent as SNI unless it is an address. */
  readonly host: string
  /** Takes any certificate; it is recorded all the same. */
  readonly ignoreTls: boolean
  /** Trusted authorities and the client's certificate. */
  readonly secureContext: SecureContext
  readonly alpnProtocols?: Array<string>
}

/**
 * Turns a connection to TLS. The time it takes and the certificate, whether it verifies or not, go to the trace.
 *
 * @param onSecured gets the secured connection; it has a listener for errors, so that a late one ends nothing
 * @param onFailed gets why there is none: no handshake, or a certificate that does not verify and is not to be ignored
 * @returns gives up, at once and without a call; a connection that was secured is destroyed as well
 */
export const startTls = (
  socket: Socket,
  { alpnProtocols, host, ignoreTls, secureContext }: TlsOptions,
  trace: ProbeTrace,
  onSecured: (socket: TLSSocket) => void,
  onFailed: (failure: ProbeFailure) => void,
): (() => void) => {
  trace.phase = "tls"
  const startedAt = monotonicNow()
  let isOver = false

  // Two small writes follow each other at the end of a handshake; with Nagle's algorithm what comes next would wait for an
  // acknowledgement, which would be measured as the target's time.
  socket.setNoDelay(true)
  const secured = connectTls({
    socket,
    host,
    secureContext,
    ...(isIP(host) === 0 ? { servername: host } : undefined),
    ...(alpnProtocols === undefined ? undefined : { ALPNProtocols: alpnProtocols }),
    // Verified all the same, by Node before `secureConnect` and below: this way the certificate can still be read.
    rejectUnauthorized: false,
    checkServerIdentity: identified,
  })
  const end = (): boolean => {
    if (isOver) return false
    isOver = true
    trace.add("tls", monotonicNow() - startedAt)
    return true
  }
  const failed = (failure: ProbeFailure): void => {
    if (!end()) return
    secured.destroy()
    onFailed(failure)
  }
  secured.on("error", (error: NodeJS.ErrnoException) => failed(handshakeFailure(error.code)))
  secured.on("close", () => failed(handshakeFailure("ECONNRESET")))
  secured.on("secureConnect", () => {
    if (isOver) return
    recordCertificate(trace, secured.getPeerCertificate())
    if (!secured.authorized && !ignoreTls) return failed(certificateFailure(String(secured.authorizationError)))
    end()
    onSecured(secured)
  })
  return () => {
    end()
    secured.destroy()
  }
}

/** Throwing in this place would end the process, hence the catch. */
const identified = (name: string, certificate: PeerCertificate): Error | undefined => {
  try {
    return checkServerIdentity(name, certificate)
  } catch (error) {
    return error instanceof Error ? error : new Error("malformed certificate")
  }
}
