import { connect, type Socket } from "node:net"
import { isOnline } from "./LocalNetwork.ts"
import { monotonicNow } from "./MonotonicClock.ts"
import { connectFailure, type ProbeFailure } from "./ProbeFailure.ts"
import type { ProbeTrace } from "./ProbeTrace.ts"

/** How long one address is given before the next is tried beside it, in milliseconds (RFC 8305, section 5). */
const attemptDelayMs = 250

/** The most addresses of one name that are tried. */
const maxAttempts = 4

/**
 * Connects to the first of several addresses that answers: they are tried in order, the next one when the last has failed or
 * has not answered for 250 ms, and all others are destroyed when one has won. Nothing but these addresses is dialled. The
 * time it takes, the address and the fact of a connection go to the trace.
 *
 * @param addresses those that the target guard approved, at least one
 * @param onConnected gets the connection; it has a listener for errors, so that a late one ends nothing
 * @param onFailed gets why none was made
 * @returns gives up, at once and without a call; a connection that was made is destroyed as well
 */
export const connectAny = (
  addresses: ReadonlyArray<string>,
  port: number,
  trace: ProbeTrace,
  onConnected: (socket: Socket) => void,
  onFailed: (failure: ProbeFailure) => void,
): (() => void) => {
  trace.phase = "connect"
  const startedAt = monotonicNow()
  const last = Math.min(maxAttempts, addresses.length)
  const open: Array<Socket> = []
  let next = 0
  let timer: NodeJS.Timeout | undefined
  let first: ProbeFailure | null = null
  let isOver = false

  /** Ends the race; whatever did not win is destroyed. */
  const end = (winner: Socket | null): void => {
    if (isOver) return
    isOver = true
    clearTimeout(timer)
    trace.add("connect", monotonicNow() - startedAt)
    for (const socket of open) if (socket !== winner) socket.destroy()
  }

  const failed = (socket: Socket, address: string, code: string | undefined): void => {
    if (isOver) return
    open.splice(open.indexOf(socket), 1)
    trace.address ??= address
    const failure = connectFailure(code, isOnline)
    // A fault of ours on one address says less than what another address of the target did.
    if (first === null || first.kind === "internal") first = failure
    if (next < last) tryNext()
    else if (open.length === 0) {
      end(null)
      onFailed(first)
    }
  }

  const tryNext = (): void => {
    clearTimeout(timer)
    const address = addresses[next++]
    if (address === undefined || next > last) return
    const socket = connect({ host: address, port })
    open.push(socket)
    socket.on("connect", () => {
      if (isOver) return
      trace.address = address
      trace.connected = true
      end(socket)
      onConnected(socket)
    })
    socket.on("error", (error: NodeJS.ErrnoException) => failed(socket, address, error.code))
    if (next < last) timer = setTimeout(tryNext, attemptDelayMs)
  }

  tryNext()
  return () => {
    end(null)
    for (const socket of open) socket.destroy()
  }
}
