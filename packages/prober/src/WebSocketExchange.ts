import { isUtf8 } from "node:buffer"
import type { IncomingMessage } from "node:http"
import type { Socket } from "node:net"
import { Effect } from "effect"
import { type RawData, WebSocket } from "ws"
import { isOnline } from "./LocalNetwork.ts"
import { monotonicNow } from "./MonotonicClock.ts"
import {
  closedUnanswered,
  connectFailure,
  failure,
  handshakeFailure,
  type Phase,
  type ProbeFailure,
} from "./ProbeFailure.ts"
import type { ProbeTrace } from "./ProbeTrace.ts"

/** The most messages that are looked at, and the most bytes of them and of any one. */
const maxMessages = 100
const maxPayload = 65_536
/** The most that is read in all, in bytes: messages with their frames, and the answer to the upgrade. */
const maxBytes = 98_304

const notHttp = failure("protocol", "the answer is not HTTP")
const notWebSocket = failure("protocol", "the server's answer to the upgrade is not a WebSocket's")
const noSubprotocol = failure("protocol", "the server takes none of the subprotocols")
const breaksProtocol = failure("protocol", "the server breaks the WebSocket protocol")
const closesEarly = failure("protocol", "the connection was closed before the expected message came")
const notThere = failure(
  "protocol",
  "none of the first 100 messages, or of their first 64 KiB, holds the expected text",
)
const tooMuch = failure("protocol", "the server sends more than a check reads")
const refusedUpgrade = (status: number): ProbeFailure =>
  failure("protocol", `the server refuses the upgrade with status ${status}`)

/** What is asked of a WebSocket, and what for. */
export interface WebSocketRequest {
  readonly url: URL
  readonly headers: Record<string, string>
  readonly subprotocols: ReadonlyArray<string>
  /** What is sent when the connection is upgraded: text where it is UTF-8, binary otherwise. */
  readonly send: Buffer | null
  /** What a message must hold; null when the first one will do, or when none is waited for. */
  readonly expect: Buffer | null
  /** Whether a message is waited for. */
  readonly isRead: boolean
}

/**
 * Upgrades a connection to a WebSocket and exchanges messages on it. Phases, status, headers and the message that was
 * found go to the trace. The connection is destroyed at the end, and on interruption.
 */
export const exchangeMessages = (
  socket: Socket,
  request: WebSocketRequest,
  trace: ProbeTrace,
): Effect.Effect<void, ProbeFailure> =>
  Effect.async((resume) => {
    const exchange = new Exchange(socket, request, trace, (failed) =>
      resume(failed === null ? Effect.void : Effect.fail(failed)),
    )
    return Effect.sync(() => exchange.end(null))
  })

class Exchange {
  private readonly request: WebSocketRequest
  private readonly trace: ProbeTrace
  private readonly onEnd: (failure: ProbeFailure | null) => void
  private readonly webSocket: WebSocket
  private phaseStart = monotonicNow()
  private isOver = false
  private messages = 0
  private received = 0
  private payload = 0

  constructor(
    socket: Socket,
    request: WebSocketRequest,
    trace: ProbeTrace,
    onEnd: (failure: ProbeFailure | null) => void,
  ) {
    this.request = request
    this.trace = trace
    this.onEnd = onEnd
    trace.phase = "firstByte"
    this.webSocket = new WebSocket(request.url, [...new Set(request.subprotocols)], {
      createConnection: () => socket,
      headers: request.headers,
      maxPayload,
      perMessageDeflate: false,
      followRedirects: false,
      finishRequest: (upgrade) => {
        upgrade.once("socket", (used) => used.on("data", (bytes: Buffer) => this.came(bytes.length)))
        // What came with the answer to the upgrade is given back to the socket and comes again.
        upgrade.once("upgrade", (_answer, _socket, head: Buffer) => this.came(-head.length))
        upgrade.end()
      },
    })
    this.webSocket
      .on("upgrade", (answer) => this.answered(answer))
      .on("unexpected-response", (_, answer) => this.refused(answer))
      .on("open", () => this.opened())
      .on("message", (data) => this.said(data))
      .on("error", (error) => this.end(this.meaningOf(error)))
      .on("close", () => this.end(closesEarly))
  }

  /** Ends the exchange and its connection, once. */
  end(failed: ProbeFailure | null): void {
    if (this.isOver) return
    this.enter(this.trace.phase)
    this.isOver = true
    if (this.webSocket.readyState === WebSocket.OPEN) this.webSocket.close(1000)
    this.webSocket.terminate()
    this.onEnd(failed)
  }

  private enter(next: Phase): void {
    const now = monotonicNow()
    this.trace.add(this.trace.phase, now - this.phaseStart)
    this.trace.phase = next
    this.phaseStart = now
  }

  private came(bytes: number): void {
    this.received += bytes
    if (this.received > maxBytes) this.end(tooMuch)
  }

  private answered(answer: IncomingMessage): void {
    const { trace } = this
    trace.httpStatus = answer.statusCode ?? null
    trace.headers = pairsOf(answer.rawHeaders)
    this.enter("transfer")
  }

  private refused(answer: IncomingMessage): void {
    answer.on("error", () => undefined)
    this.answered(answer)
    this.end(refusedUpgrade(answer.statusCode ?? 0))
  }

  private opened(): void {
    const { isRead, send } = this.request
    if (send === null) {
      if (!isRead) this.end(null)
      return
    }
    this.webSocket.send(send, { binary: !isUtf8(send) }, (error) => {
      if (error == null && !isRead) this.end(null)
    })
  }

  private said(data: RawData): void {
    if (this.isOver) return
    const message = bytesOf(data)
    const { expect, isRead } = this.request
    if (!isRead) return
    this.messages++
    this.payload += message.length
    if (expect === null || message.includes(expect)) {
      this.trace.body = message.toString("utf8")
      this.end(null)
    } else {
      this.trace.body ??= message.toString("utf8")
      if (this.messages >= maxMessages || this.payload >= maxPayload) this.end(notThere)
    }
  }

  private meaningOf(error: NodeJS.ErrnoException): ProbeFailure {
    const { code = "" } = error
    if (code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") return notThere
    if (code.startsWith("WS_ERR_")) return breaksProtocol
    if (code.startsWith("HPE_")) return notHttp
    if (code.startsWith("ERR_SSL_")) return handshakeFailure(code)
    if (this.trace.httpStatus === 101 && code === "") {
      return error.message.includes("subprotocol") ? noSubprotocol : notWebSocket
    }
    const unanswered = code === "ECONNRESET" ? closedUnanswered : connectFailure(code, isOnline)
    return this.received === 0 || unanswered.kind === "internal" ? unanswered : closesEarly
  }
}

const bytesOf = (data: RawData): Buffer =>
  Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data)

const pairsOf = (raw: ReadonlyArray<string>): ReadonlyArray<readonly [string, string]> => {
  const pairs: Array<readonly [string, string]> = []
  for (let at = 0; at + 1 < raw.length; at += 2) pairs.push([raw[at] ?? "", raw[at + 1] ?? ""])
  return pairs
}
