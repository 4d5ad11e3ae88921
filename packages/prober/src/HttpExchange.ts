import { connect, isIP, type Socket } from "node:net"
import {
  checkServerIdentity,
  connect as connectTls,
  type PeerCertificate,
  type SecureContext,
  type TLSSocket,
} from "node:tls"
import { Effect } from "effect"
import type { HttpResponseReader } from "./HttpResponseReader.ts"
import { isOnline } from "./LocalNetwork.ts"
import { monotonicNow } from "./MonotonicClock.ts"
import {
  certificateFailure,
  closedUnanswered,
  connectFailure,
  handshakeFailure,
  type Phase,
  type ProbeFailure,
  responseFailure,
  transferFailure,
} from "./ProbeFailure.ts"
import type { ProbeTrace } from "./ProbeTrace.ts"

/** Where a request goes: addresses that the target guard has approved, in the order in which they are tried. */
export interface Endpoint {
  readonly addresses: ReadonlyArray<string>
  readonly port: number
  /** The name the certificate must be for; it is sent as SNI unless it is an address. Null for http. */
  readonly tlsHost: string | null
}

/** How long one address is given before the next is tried beside it, in milliseconds (RFC 8305, section 5). */
const attemptDelayMs = 250

/** The most addresses of one name that are tried. */
const maxAttempts = 4

/** How an exchange ended: with an answer that is complete or a redirect to follow, or in a failure, or out of time. */
export type ExchangeEnd = "answered" | "timedOut" | ProbeFailure

/**
 * Sends one request on a new connection and reads the answer into `reader`, until `deadline`.
 *
 * The addresses are tried in order, the next one when the last has failed or has not answered for 250 ms, and the first
 * connection wins. Nothing but these addresses is ever dialled. Certificates are always verified. An answer is read to
 * its end, or to the reader's limit, or to the end of its head when it redirects; then the connection is destroyed, as
 * it is at once on interruption.
 *
 * @param request the request, ASCII
 * @param reader a new reader
 * @param trace receives the phases, the status and the certificate's end; `trace.phase` says how far the exchange came
 * @param deadline the instant, of `monotonicNow`, at which it is given up
 * @param secureContext the trusted authorities
 */
export const exchange = (
  endpoint: Endpoint,
  request: string,
  reader: HttpResponseReader,
  trace: ProbeTrace,
  deadline: number,
  secureContext: SecureContext,
): Effect.Effect<ExchangeEnd> =>
  Effect.async<ExchangeEnd>((resume) => {
    const running = new Exchange(endpoint, request, reader, trace, secureContext, (end) => resume(Effect.succeed(end)))
    running.start(deadline)
    return Effect.sync(() => running.stop())
  })

class Exchange {
  private readonly endpoint: Endpoint
  private readonly request: string
  private readonly reader: HttpResponseReader
  private readonly trace: ProbeTrace
  private readonly secureContext: SecureContext
  private readonly onEnd: (end: ExchangeEnd) => void

  private isOver = false
  /** The instant at which the present phase began. */
  private phaseStart = 0
  private readonly dialling: Array<Socket> = []
  /** The connection that was made first. */
  private winner: Socket | null = null
  private attempts = 0
  private firstFailure: ProbeFailure | null = null
  private tlsSocket: TLSSocket | null = null
  private deadlineTimer: NodeJS.Timeout | undefined
  private attemptTimer: NodeJS.Timeout | undefined

  constructor(
    endpoint: Endpoint,
    request: string,
    reader: HttpResponseReader,
    trace: ProbeTrace,
    secureContext: SecureContext,
    onEnd: (end: ExchangeEnd) => void,
  ) {
    this.endpoint = endpoint
    this.request = request
    this.reader = reader
    this.trace = trace
    this.secureContext = secureContext
    this.onEnd = onEnd
  }

  start(deadline: number): void {
    const now = monotonicNow()
    this.phaseStart = now
    this.trace.phase = "connect"
    this.deadlineTimer = setTimeout(() => this.timedOut(), Math.max(0, deadline - now))
    this.dial()
  }

  /** Destroys whatever is open and lets nothing more happen. */
  stop(): void {
    this.isOver = true
    clearTimeout(this.deadlineTimer)
    clearTimeout(this.attemptTimer)
    this.tlsSocket?.destroy()
    for (const socket of this.dialling) socket.destroy()
  }

  private finish(end: ExchangeEnd): void {
    if (this.isOver) return
    this.stop()
    this.trace.httpStatus = this.reader.status
    this.onEnd(end)
  }

  private timedOut(): void {
    this.endPhase(this.trace.phase)
    this.finish("timedOut")
  }

  /** Adds the time since the last phase ended to `phase`, and enters `next`. */
  private endPhase(next: Phase): void {
    const now = monotonicNow()
    this.trace.add(this.trace.phase, now - this.phaseStart)
    this.trace.phase = next
    this.phaseStart = now
  }

  /** Tries the next address; those that are still being tried go on. */
  private dial(): void {
    clearTimeout(this.attemptTimer)
    const host = this.endpoint.addresses[this.attempts++]
    if (host === undefined || this.attempts > maxAttempts) return
    const socket = connect({ host, port: this.endpoint.port })
    this.dialling.push(socket)
    socket.on("connect", () => this.connected(socket))
    socket.on("error", (error: NodeJS.ErrnoException) => this.socketFailed(socket, error.code))
    if (this.attempts < Math.min(maxAttempts, this.endpoint.addresses.length)) {
      this.attemptTimer = setTimeout(() => this.dial(), attemptDelayMs)
    }
  }

  private connected(socket: Socket): void {
    if (this.isOver || this.winner !== null) return
    this.winner = socket
    this.trace.connected = true
    this.trace.address = socket.remoteAddress ?? null
    clearTimeout(this.attemptTimer)
    for (const other of this.dialling) if (other !== socket) other.destroy()
    if (this.endpoint.tlsHost === null) {
      this.endPhase("firstByte")
      this.converse(socket)
    } else {
      this.endPhase("tls")
      this.secure(socket, this.endpoint.tlsHost)
    }
  }

  private socketFailed(socket: Socket, code: string | undefined): void {
    if (this.isOver) return
    if (this.winner !== null) {
      if (this.winner === socket) this.failed(code)
      return
    }
    const failure = connectFailure(code, isOnline)
    // A fault of ours on one address says less than what another address of the target did.
    if (this.firstFailure === null || this.firstFailure.kind === "internal") this.firstFailure = failure
    this.dialling.splice(this.dialling.indexOf(socket), 1)
    if (this.attempts < Math.min(maxAttempts, this.endpoint.addresses.length)) this.dial()
    else if (this.dialling.length === 0) {
      this.endPhase("connect")
      this.finish(this.firstFailure)
    }
  }

  /** An error on the connection that was made. */
  private failed(code: string | undefined): void {
    if (this.isOver) return
    const phase = this.trace.phase
    this.endPhase(phase)
    if (phase === "tls" || code?.startsWith("ERR_SSL_") === true) this.finish(handshakeFailure(code))
    else if (phase === "transfer") this.finish(transferFailure(code))
    else this.finish(connectFailure(code, isOnline))
  }

  private secure(socket: Socket, host: string): void {
    // Two small writes follow each other at the end of a handshake; with Nagle's algorithm the request would wait for an
    // acknowledgement, which would be measured as the target's time.
    socket.setNoDelay(true)
    const options = {
      socket,
      host,
      secureContext: this.secureContext,
      ALPNProtocols: ["http/1.1"],
      // Verified all the same, by Node before `secureConnect` and by `secured`: this way the certificate can still be read.
      rejectUnauthorized: false,
      checkServerIdentity: (name: string, certificate: PeerCertificate) => this.identified(name, certificate),
    }
    const secured = connectTls(isIP(host) === 0 ? { ...options, servername: host } : options)
    this.tlsSocket = secured
    secured.on("secureConnect", () => this.secured(secured))
    secured.on("error", (error: NodeJS.ErrnoException) => this.failed(error.code))
    secured.on("close", () => this.failed("ECONNRESET"))
  }

  /** Whether a certificate that verifies is for this host. Throwing here would end the process, hence the catch. */
  private identified(name: string, certificate: PeerCertificate): Error | undefined {
    this.trace.certificateExpiresAt = endOf(certificate)
    try {
      return checkServerIdentity(name, certificate)
    } catch (error) {
      return error instanceof Error ? error : new Error("malformed certificate")
    }
  }

  private secured(socket: TLSSocket): void {
    if (this.isOver) return
    if (socket.authorized) {
      this.endPhase("firstByte")
      this.converse(socket)
      return
    }
    this.endPhase("tls")
    this.trace.certificateExpiresAt ??= endOf(socket.getPeerCertificate())
    this.finish(certificateFailure(String(socket.authorizationError)))
  }

  private converse(socket: Socket): void {
    socket.on("data", (bytes: Buffer) => this.received(bytes))
    socket.on("end", () => this.ended())
    socket.write(this.request, "latin1")
  }

  private received(bytes: Buffer): void {
    if (this.isOver) return
    if (this.trace.phase === "firstByte") this.endPhase("transfer")
    const reader = this.reader
    reader.push(bytes, bytes.length)
    if (reader.isDone || reader.isRedirect) this.answered()
  }

  private ended(): void {
    if (this.isOver) return
    if (this.trace.phase === "firstByte") {
      this.endPhase("firstByte")
      this.finish(closedUnanswered)
      return
    }
    this.reader.end()
    this.answered()
  }

  private answered(): void {
    this.endPhase("transfer")
    this.finish(this.reader.fault === null ? "answered" : responseFailure(this.reader.fault))
  }
}

/** When a certificate ends, in milliseconds since the epoch; null when it does not say so in a way that can be read. */
const endOf = (certificate: PeerCertificate): number | null => {
  const end = Date.parse(certificate.valid_to)
  return Number.isNaN(end) ? null : end
}
