import type { Socket } from "node:net"
import { TLSSocket } from "node:tls"
import { Effect, type Scope } from "effect"
import { type SecureOptions, secure } from "./Dial.ts"
import { isOnline } from "./LocalNetwork.ts"
import { monotonicNow } from "./MonotonicClock.ts"
import { closedUnanswered, connectFailure, failure, handshakeFailure, type ProbeFailure } from "./ProbeFailure.ts"
import type { ProbeRun } from "./ProbeRun.ts"

/** What a reader makes of the bytes that came so far and were not taken yet: a value and how many of them it takes. */
export interface Found<A> {
  readonly value: A
  readonly size: number
}

/** Looks for one value at the beginning of the bytes; `"more"` when it is not whole yet. Pure, and asked again and again. */
export type Reader<A> = (bytes: Buffer) => Found<A> | "more" | "malformed"

/** How a conversation is bounded, and what it says when a bound is met. */
export interface ConversationOptions {
  /** The most bytes that are read in all. */
  readonly limit: number
  readonly tooLong?: ProbeFailure
  /** TLS is used because it was offered, whatever certificate came with it. */
  readonly isOpportunistic?: boolean
  /** The other side hung up before all was said. */
  readonly endsEarly?: ProbeFailure
}

const tooLong = failure("protocol", "the answer is longer than a check reads")
const endsEarly = failure("protocol", "connection closed in the middle of the exchange")
const unasked = failure("protocol", "the server sent more before TLS began")

/** How long the other side is waited for when all has been said, in milliseconds. */
const farewellMs = 500

const empty = Buffer.alloc(0)

/**
 * What is said over a connection, in turns: bytes are sent, and values are read from what comes back, within a bound for
 * all of it. The time to the first byte and the time from there on go to the trace.
 */
export class Conversation {
  /** Begins a conversation, which takes what comes on the connection until the scope closes. */
  static readonly open = (
    run: ProbeRun,
    socket: Socket,
    options: ConversationOptions,
  ): Effect.Effect<Conversation, never, Scope.Scope> =>
    Effect.acquireRelease(
      Effect.sync(() => new Conversation(run, socket, options)),
      (conversation) => Effect.sync(() => conversation.end()),
    )

  private readonly run: ProbeRun
  private readonly socket: Socket
  private readonly options: ConversationOptions
  /** Bytes from `start` to `end` wait to be read. Those before are never written again: values may point to them. */
  private storage = empty
  private start = 0
  private stop = 0
  private received = 0
  private phaseStart = monotonicNow()
  private isOver = false
  private hasEnded: boolean
  private errorCode: string | undefined
  private look: (() => void) | null = null

  private constructor(run: ProbeRun, socket: Socket, options: ConversationOptions) {
    this.run = run
    this.socket = socket
    this.options = options
    run.trace.phase = "firstByte"
    this.hasEnded = socket.destroyed || socket.readableEnded
    this.errorCode = codeOf(socket.errored)
    socket.on("error", this.failed).on("end", this.ended).on("close", this.ended).on("data", this.came)
  }

  /** Sends bytes, or text in UTF-8. That it could not be sent shows when the answer is read. */
  send(bytes: Buffer | string): void {
    if (!this.socket.destroyed) this.socket.write(bytes)
  }

  /** Sends bytes and waits until the system has taken them. */
  deliver(bytes: Buffer): Effect.Effect<void, ProbeFailure> {
    return Effect.async((resume) => {
      this.socket.write(bytes, (error) => {
        this.errorCode ??= codeOf(error ?? null)
        resume(error == null ? Effect.void : Effect.fail(this.endFailure()))
      })
    })
  }

  /**
   * The next value. One at a time.
   *
   * @param malformed what it means that the bytes hold no such value
   */
  receive<A>(reader: Reader<A>, malformed: ProbeFailure): Effect.Effect<A, ProbeFailure> {
    return Effect.async((resume) => {
      const look = () => {
        const found = this.read(reader, malformed)
        if (found === null) return
        this.look = null
        resume(found)
      }
      this.look = look
      look()
      return Effect.sync(() => {
        this.look = null
      })
    })
  }

  /** What came and was not read yet, as text. */
  unread(): string {
    return this.storage.toString("utf8", this.start, this.stop)
  }

  /** Whether the connection is a secured one. */
  get isEncrypted(): boolean {
    return this.socket instanceof TLSSocket
  }

  /** Whether nobody but the server that is meant can read what is sent; or anybody may pose as it, as its owner says. */
  get isConfidential(): boolean {
    return this.socket instanceof TLSSocket && (this.socket.authorized || this.options.isOpportunistic !== true)
  }

  /** Our own address on this connection. */
  get localAddress(): string {
    return this.socket.localAddress ?? ""
  }

  /** Ends the conversation; the connection stays open and silent. */
  end(): void {
    if (this.isOver) return
    this.isOver = true
    const { trace } = this.run
    trace.add(trace.phase, monotonicNow() - this.phaseStart)
    // The listener for errors stays: a late one must end nothing.
    this.socket.off("end", this.ended).off("close", this.ended).off("data", this.came).pause()
  }

  /**
   * Ends the conversation with the protocol's own goodbye, and lets the other side hang up, which is no part of what is
   * measured: a server that does not is left after half a second.
   */
  farewell(bytes: Buffer | string): Effect.Effect<void> {
    return Effect.suspend(() => {
      const { deadline, startedAt, trace } = this.run
      trace.responseTimeMs = monotonicNow() - startedAt
      this.send(bytes)
      this.end()
      if (this.hasEnded || this.socket.destroyed) return Effect.void
      return Effect.async<void>((resume) => {
        const timer = setTimeout(() => resume(Effect.void), Math.min(farewellMs, (deadline - monotonicNow()) / 2))
        const gone = () => {
          clearTimeout(timer)
          resume(Effect.void)
        }
        this.socket.once("end", gone).once("close", gone).resume()
        return Effect.sync(() => clearTimeout(timer))
      })
    })
  }

  /**
   * Ends the conversation so that TLS can begin on its connection. Bytes that came after the last answer were sent by
   * somebody who does not wait for it, and would be taken for a part of what is encrypted (CVE-2011-0411).
   */
  readonly handOver: Effect.Effect<Socket, ProbeFailure> = Effect.suspend(() => {
    const isClean = this.start === this.stop && this.socket.readableLength === 0
    this.end()
    return isClean ? Effect.succeed(this.socket) : Effect.fail(unasked)
  })

  private readonly came = (bytes: Buffer): void => {
    if (this.received === 0) this.enterTransfer()
    this.received += bytes.length
    this.keep(bytes)
    if (this.received > this.options.limit) this.socket.pause()
    this.look?.()
  }

  private readonly ended = (): void => {
    this.hasEnded = true
    this.look?.()
  }

  private readonly failed = (error: Error): void => {
    this.errorCode ??= codeOf(error)
    this.ended()
  }

  private enterTransfer(): void {
    const now = monotonicNow()
    this.run.trace.add("firstByte", now - this.phaseStart)
    this.run.trace.phase = "transfer"
    this.phaseStart = now
  }

  private keep(bytes: Buffer): void {
    if (this.stop + bytes.length > this.storage.length) {
      const waiting = this.storage.subarray(this.start, this.stop)
      this.storage = Buffer.allocUnsafe(Math.max(2 * waiting.length, waiting.length + bytes.length, 512))
      waiting.copy(this.storage)
      this.start = 0
      this.stop = waiting.length
    }
    bytes.copy(this.storage, this.stop)
    this.stop += bytes.length
  }

  private read<A>(reader: Reader<A>, malformed: ProbeFailure): Effect.Effect<A, ProbeFailure> | null {
    const found = reader(this.storage.subarray(this.start, this.stop))
    if (found === "malformed") return Effect.fail(malformed)
    if (found !== "more") {
      this.start += found.size
      return Effect.succeed(found.value)
    }
    if (this.received > this.options.limit) return Effect.fail(this.options.tooLong ?? tooLong)
    return this.hasEnded ? Effect.fail(this.endFailure()) : null
  }

  private endFailure(): ProbeFailure {
    const code = this.errorCode
    if (code?.startsWith("ERR_SSL_") === true) return handshakeFailure(code)
    const unanswered = code === undefined ? closedUnanswered : connectFailure(code, isOnline)
    return this.received === 0 || unanswered.kind === "internal" ? unanswered : (this.options.endsEarly ?? endsEarly)
  }
}

const codeOf = (error: NodeJS.ErrnoException | null): string | undefined => error?.code

/**
 * Goes on with a conversation under TLS, as a new one with the same bound. Where TLS is opportunistic, any certificate will do,
 * as without it there would be none; `isConfidential` tells whether it verifies.
 */
export const underTls = (
  run: ProbeRun,
  conversation: Conversation,
  secureOptions: SecureOptions,
  options: ConversationOptions,
): Effect.Effect<Conversation, ProbeFailure, Scope.Scope> => {
  const { ignoreTls } = secureOptions
  const isOpportunistic = options.isOpportunistic === true && !ignoreTls
  return conversation.handOver.pipe(
    Effect.flatMap((socket) => secure(run, socket, { ...secureOptions, ignoreTls: ignoreTls || isOpportunistic })),
    Effect.flatMap((socket) => Conversation.open(run, socket, { ...options, isOpportunistic })),
  )
}

/** One line: text up to a line feed, without it and without a carriage return before it. */
export const readLine: Reader<string> = (bytes) => {
  const end = bytes.indexOf(0x0a)
  if (end < 0) return "more"
  return { value: bytes.toString("utf8", 0, bytes[end - 1] === 0x0d ? end - 1 : end), size: end + 1 }
}
