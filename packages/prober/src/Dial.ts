import { connect, isIP, type Socket } from "node:net"
import {
  checkServerIdentity,
  connect as connectTls,
  type PeerCertificate,
  type SecureContext,
  type TLSSocket,
} from "node:tls"
import { storableText } from "@uptime/domain/CheckError"
import type { CertificateEvidence } from "@uptime/domain/Result"
import { Effect, type Scope } from "effect"
import { isOnline } from "./LocalNetwork.ts"
import { monotonicNow } from "./MonotonicClock.ts"
import { certificateFailure, connectFailure, handshakeFailure, type ProbeFailure } from "./ProbeFailure.ts"
import { type IpFamily, type ProbeRun, reachable, withinDeadline } from "./ProbeRun.ts"

/** How long one address is given before the next is tried beside it, in milliseconds (RFC 8305, section 5). */
const attemptDelayMs = 250

/** The most addresses of one name that are tried. */
const maxAttempts = 4

/**
 * A new TCP connection to a host, through look-up and target guard, within the probe's deadline; phases and address go to
 * the trace. The socket is destroyed with the scope. It has a listener for errors, so that a late one ends nothing; who
 * reads from it adds one of its own.
 *
 * @param host a name, or an address without brackets
 */
export const dial = (
  run: ProbeRun,
  host: string,
  port: number,
  family: IpFamily = "any",
): Effect.Effect<Socket, ProbeFailure, Scope.Scope> =>
  Effect.flatMap(reachable(run, host, family), (addresses) =>
    destroyedWithScope(connectAny(run, addresses, port)),
  ).pipe(withinDeadline(run))

/** A socket that is destroyed with the scope; making it can be interrupted, and then cleans up after itself. */
const destroyedWithScope = <S extends Socket>(
  make: Effect.Effect<S, ProbeFailure>,
): Effect.Effect<S, ProbeFailure, Scope.Scope> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.tap(restore(make), (socket) => Effect.addFinalizer(() => Effect.sync(() => socket.destroy()))),
  )

const connectAny = (
  run: ProbeRun,
  addresses: ReadonlyArray<string>,
  port: number,
): Effect.Effect<Socket, ProbeFailure> =>
  Effect.async((resume) => {
    const { trace } = run
    trace.phase = "connect"
    const startedAt = monotonicNow()
    const last = Math.min(maxAttempts, addresses.length)
    const open = new Set<Socket>()
    let next = 0
    let timer: NodeJS.Timeout | undefined
    let first: ProbeFailure | null = null
    let isOver = false
    const stop = (winner: Socket | null) => {
      isOver = true
      clearTimeout(timer)
      for (const socket of open) if (socket !== winner) socket.destroy()
    }
    const tryNext = () => {
      clearTimeout(timer)
      const address = addresses[next++]
      if (address === undefined || next > last) return
      const socket = connect({ host: address, port, noDelay: true })
      open.add(socket)
      socket.on("connect", () => {
        if (isOver) return
        trace.add("connect", monotonicNow() - startedAt)
        trace.address = address
        trace.connected = true
        stop(socket)
        resume(Effect.succeed(socket))
      })
      socket.on("error", (error: NodeJS.ErrnoException) => {
        if (isOver) return
        open.delete(socket)
        const failed = connectFailure(error.code, isOnline)
        // A fault of ours on one address says less than what another address of the target did.
        if (first === null || first.kind === "internal") first = failed
        trace.address ??= address
        if (next < last) tryNext()
        else if (open.size === 0) {
          trace.add("connect", monotonicNow() - startedAt)
          stop(null)
          resume(Effect.fail(first))
        }
      })
      if (next < last) timer = setTimeout(tryNext, attemptDelayMs)
    }
    tryNext()
    return Effect.sync(() => stop(null))
  })

/** How a connection is secured. */
export interface SecureOptions {
  /** The name the certificate must be for; it is sent as SNI unless it is an address. */
  readonly host: string
  /** Takes any certificate; it is recorded all the same. */
  readonly ignoreTls: boolean
  /** Trusted authorities and the client's certificate; the probe's own unless given. */
  readonly secureContext?: SecureContext
  readonly alpnProtocols?: Array<string>
}

/**
 * Turns a connection to TLS. The certificate is recorded in the trace, also when it does not verify, which is a failure
 * unless it is to be ignored. The TLS socket is destroyed with the scope.
 */
export const secure = (
  run: ProbeRun,
  socket: Socket,
  options: SecureOptions,
): Effect.Effect<TLSSocket, ProbeFailure, Scope.Scope> =>
  destroyedWithScope(handshake(run, socket, options)).pipe(withinDeadline(run))

const handshake = (
  run: ProbeRun,
  socket: Socket,
  { alpnProtocols, host, ignoreTls, secureContext = run.services.secureContext }: SecureOptions,
): Effect.Effect<TLSSocket, ProbeFailure> =>
  Effect.async((resume) => {
    const { trace } = run
    trace.phase = "tls"
    const startedAt = monotonicNow()
    const secured = connectTls({
      socket,
      host,
      secureContext,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(alpnProtocols === undefined ? {} : { ALPNProtocols: alpnProtocols }),
      // Verified all the same, by Node before `secureConnect` and below: this way the certificate can still be read.
      rejectUnauthorized: false,
      checkServerIdentity: identified,
    })
    const end = (result: Effect.Effect<TLSSocket, ProbeFailure>) => {
      secured.off("close", onClose)
      resume(result)
    }
    const failed = (code: string | undefined) => {
      trace.add("tls", monotonicNow() - startedAt)
      secured.destroy()
      end(Effect.fail(handshakeFailure(code)))
    }
    const onClose = () => failed("ECONNRESET")
    secured.once("secureConnect", () => {
      trace.add("tls", monotonicNow() - startedAt)
      recordCertificate(run, secured.getPeerCertificate())
      if (secured.authorized || ignoreTls) return end(Effect.succeed(secured))
      secured.destroy()
      end(Effect.fail(certificateFailure(String(secured.authorizationError))))
    })
    secured.once("error", (error: NodeJS.ErrnoException) => failed(error.code))
    // A late error, after the handshake, belongs to whoever reads; without any listener it would end the process.
    secured.on("error", () => undefined)
    secured.on("close", onClose)
    return Effect.sync(() => secured.destroy())
  })

/** Throwing in this place would end the process, hence the catch. */
const identified = (name: string, certificate: PeerCertificate): Error | undefined => {
  try {
    return checkServerIdentity(name, certificate)
  } catch (error) {
    return error instanceof Error ? error : new Error("malformed certificate")
  }
}

/** Notes the certificate that a server showed. */
export const recordCertificate = (run: ProbeRun, certificate: PeerCertificate): void => {
  const evidence = certificateEvidence(certificate)
  run.trace.certificate = evidence
  run.trace.certificateExpiresAt = evidence?.validTo ?? null
}

/** What a certificate says of itself, as storable text; null when there is none. */
export const certificateEvidence = (certificate: PeerCertificate): CertificateEvidence | null => {
  if (Object.keys(certificate).length === 0) return null
  return {
    subject: storableText(nameOf(certificate.subject), 300),
    issuer: storableText(nameOf(certificate.issuer), 300),
    validFrom: instantOf(certificate.valid_from),
    validTo: instantOf(certificate.valid_to),
    fingerprint: storableText(certificate.fingerprint256 ?? "", 95),
  }
}

const nameOf = (name: PeerCertificate["subject"] | undefined): string =>
  Object.entries(name ?? {})
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(", ")

const instantOf = (text: string): number | null => {
  const instant = Date.parse(text)
  return Number.isNaN(instant) ? null : instant
}
