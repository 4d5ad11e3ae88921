import type { Socket } from "node:net"
import type { TLSSocket } from "node:tls"
import { Effect } from "effect"
import { connectAny } from "./HappyEyeballs.ts"
import { Http2Conversation } from "./Http2Conversation.ts"
import { type BodyWanted, type HttpAnswer, isRedirect } from "./HttpAnswer.ts"
import { type HttpRequest, requestHead } from "./HttpRequest.ts"
import { HttpResponseReader } from "./HttpResponseReader.ts"
import { isOnline } from "./LocalNetwork.ts"
import { monotonicNow } from "./MonotonicClock.ts"
import {
  closedUnanswered,
  connectFailure,
  failure,
  handshakeFailure,
  type Phase,
  type ProbeFailure,
  responseFailure,
  transferFailure,
} from "./ProbeFailure.ts"
import type { ProbeTrace } from "./ProbeTrace.ts"
import { startTls, type TlsOptions } from "./TlsHandshake.ts"

/** One request, and the way it goes. */
export interface ExchangePlan {
  /** Addresses that the target guard has approved, in the order in which they are tried. */
  readonly addresses: ReadonlyArray<string>
  readonly port: number
  /** Null for http. With `h2` among its protocols, HTTP/2 is spoken if the server chooses it. */
  readonly tls: TlsOptions | null
  /** Whether a connection on which HTTP/2 was not agreed upon is of no use. */
  readonly http2Only: boolean
  readonly request: HttpRequest
  readonly userAgent: string
  /** How much of the body is kept; nothing unless given. */
  readonly wanted: BodyWanted | undefined
  /** Whether an answer that redirects is enough with its head. */
  readonly followsRedirects: boolean
}

/** How an exchange ended: with an answer that is complete or a redirect to follow, or in a failure, or out of time. */
export type ExchangeEnd = "answered" | "timedOut" | ProbeFailure

/** An exchange that has ended, and as much of an answer as came. */
export interface Exchanged {
  readonly end: ExchangeEnd
  readonly answer: HttpAnswer | null
}

/**
 * Sends one request on a new connection and reads the answer, until `deadline`.
 *
 * An answer is read to its end, or to the reader's limit, or to the end of its head when it is a redirect to follow; then
 * the connection is destroyed, as it is at once on interruption.
 *
 * @param trace receives the phases, the status and the certificate; `trace.phase` says how far the exchange came
 * @param deadline the instant, of `monotonicNow`, at which it is given up
 */
export const exchange = (plan: ExchangePlan, trace: ProbeTrace, deadline: number): Effect.Effect<Exchanged> =>
  Effect.async<Exchanged>((resume) => {
    const running = new Exchange(plan, trace, (ended) => resume(Effect.succeed(ended)))
    running.start(deadline)
    return Effect.sync(() => running.stop())
  })

const noHttp2 = failure("protocol", "the server does not speak HTTP/2")
const unfitRequest = failure("internal", "the request of this monitor cannot be sent over HTTP/2")

class Exchange implements Exchanged {
  end: ExchangeEnd = "timedOut"
  answer: HttpAnswer | null = null

  private readonly plan: ExchangePlan
  private readonly trace: ProbeTrace
  private readonly onEnd: (ended: Exchanged) => void

  private isOver = false
  /** The instant at which the present phase began. */
  private phaseStart = 0
  private deadlineTimer: NodeJS.Timeout | undefined
  private giveUpConnect: (() => void) | null = null
  private giveUpTls: (() => void) | null = null
  private conversation: Http2Conversation | null = null

  constructor(plan: ExchangePlan, trace: ProbeTrace, onEnd: (ended: Exchanged) => void) {
    this.plan = plan
    this.trace = trace
    this.onEnd = onEnd
  }

  start(deadline: number): void {
    this.deadlineTimer = setTimeout(() => this.finish("timedOut"), Math.max(0, deadline - monotonicNow()))
    this.giveUpConnect = connectAny(
      this.plan.addresses,
      this.plan.port,
      this.trace,
      (socket) => this.connected(socket),
      (failed) => this.finish(failed),
    )
  }

  /** Destroys whatever is open and lets nothing more happen. */
  stop(): void {
    this.isOver = true
    clearTimeout(this.deadlineTimer)
    if (this.conversation === null) this.cutConnection()
    else {
      this.conversation.stop()
      // The session says goodbye and closes by itself; a server of Node's whose peer vanishes while it writes never notices.
      setImmediate(() => this.cutConnection())
    }
  }

  private cutConnection(): void {
    this.giveUpTls?.()
    this.giveUpConnect?.()
  }

  private finish(end: ExchangeEnd): void {
    if (this.isOver) return
    const { trace } = this
    if (trace.phase === "firstByte" || trace.phase === "transfer") this.endPhase(trace.phase)
    this.stop()
    this.end = end
    trace.httpStatus = this.answer === null ? null : this.answer.status
    this.onEnd(this)
  }

  /** Adds the time since the last phase ended to the present one, and enters `next`. */
  private endPhase(next: Phase): void {
    const now = monotonicNow()
    this.trace.add(this.trace.phase, now - this.phaseStart)
    this.trace.phase = next
    this.phaseStart = now
  }

  private connected(socket: Socket): void {
    const { tls } = this.plan
    if (tls === null) {
      this.converse(socket)
      return
    }
    this.giveUpTls = startTls(
      socket,
      tls,
      this.trace,
      (secured) => this.secured(secured),
      (failed) => this.finish(failed),
    )
  }

  private secured(socket: TLSSocket): void {
    if (socket.alpnProtocol === "h2") this.converseHttp2(socket)
    else if (this.plan.http2Only) this.finish(noHttp2)
    else {
      socket.on("close", () => this.cut("ECONNRESET"))
      this.converse(socket)
    }
  }

  private converse(socket: Socket): void {
    const { request, userAgent, wanted } = this.plan
    const reader = new HttpResponseReader(request.method === "HEAD", wanted)
    this.answer = reader
    this.await()
    socket.on("data", (bytes: Buffer) => this.received(reader, bytes))
    socket.on("end", () => this.ended(reader))
    socket.on("error", (error: NodeJS.ErrnoException) => this.cut(error.code))
    const head = requestHead(request, userAgent)
    if (request.body === null) socket.write(head, "latin1")
    else socket.write(Buffer.concat([Buffer.from(head, "latin1"), request.body]))
  }

  private converseHttp2(socket: TLSSocket): void {
    const { followsRedirects, request, userAgent, wanted } = this.plan
    this.await()
    try {
      const conversation: Http2Conversation = new Http2Conversation(socket, request, userAgent, wanted, {
        onFirstByte: () => this.endPhase("transfer"),
        onHead: () => followsRedirects && isRedirect(conversation),
        onEnd: (failed) => this.finish(failed ?? "answered"),
      })
      this.conversation = conversation
      this.answer = conversation
    } catch {
      // Thrown by Node for a header that it takes in no HTTP/2 request; uncaught it would end the process.
      this.finish(unfitRequest)
    }
  }

  /** The request goes out now. */
  private await(): void {
    this.trace.phase = "firstByte"
    this.phaseStart = monotonicNow()
  }

  private received(reader: HttpResponseReader, bytes: Buffer): void {
    if (this.isOver) return
    if (this.trace.phase === "firstByte") this.endPhase("transfer")
    reader.push(bytes, bytes.length)
    if (reader.isDone || (this.plan.followsRedirects && isRedirect(reader))) this.answered(reader)
  }

  private ended(reader: HttpResponseReader): void {
    if (this.isOver) return
    if (this.trace.phase === "firstByte") this.finish(closedUnanswered)
    else {
      reader.end()
      this.answered(reader)
    }
  }

  private answered(reader: HttpResponseReader): void {
    this.finish(reader.fault === null ? "answered" : responseFailure(reader.fault))
  }

  /** An error on the connection that was made. */
  private cut(code: string | undefined): void {
    if (this.isOver) return
    if (code?.startsWith("ERR_SSL_") === true) this.finish(handshakeFailure(code))
    else if (this.trace.phase === "transfer") this.finish(transferFailure(code))
    else this.finish(connectFailure(code, isOnline))
  }
}
