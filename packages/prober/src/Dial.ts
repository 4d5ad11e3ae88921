import type { Socket } from "node:net"
import type { SecureContext, TLSSocket } from "node:tls"
import { Effect, type Scope } from "effect"
import { connectAny } from "./HappyEyeballs.ts"
import type { ProbeFailure } from "./ProbeFailure.ts"
import { type IpFamily, type ProbeRun, reachable, withinDeadline } from "./ProbeRun.ts"
import { startTls } from "./TlsHandshake.ts"

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
  Effect.flatMap(reachable(run, host, family), (addresses) => destroyedWithScope(connected(run, addresses, port))).pipe(
    withinDeadline(run),
  )

/** A socket that is destroyed with the scope; making it can be interrupted, and then cleans up after itself. */
const destroyedWithScope = <S extends Socket>(
  make: Effect.Effect<S, ProbeFailure>,
): Effect.Effect<S, ProbeFailure, Scope.Scope> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.tap(restore(make), (socket) => Effect.addFinalizer(() => Effect.sync(() => socket.destroy()))),
  )

const connected = (
  { trace }: ProbeRun,
  addresses: ReadonlyArray<string>,
  port: number,
): Effect.Effect<Socket, ProbeFailure> =>
  Effect.async((resume) => {
    const giveUp = connectAny(
      addresses,
      port,
      trace,
      (socket) => resume(Effect.succeed(socket.setNoDelay(true))),
      (failure) => resume(Effect.fail(failure)),
    )
    return Effect.sync(giveUp)
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
  destroyedWithScope(
    Effect.async<TLSSocket, ProbeFailure>((resume) => {
      const giveUp = startTls(
        socket,
        { ...options, secureContext: options.secureContext ?? run.services.secureContext },
        run.trace,
        (secured) => resume(Effect.succeed(secured)),
        (failure) => resume(Effect.fail(failure)),
      )
      return Effect.sync(giveUp)
    }),
  ).pipe(withinDeadline(run))
