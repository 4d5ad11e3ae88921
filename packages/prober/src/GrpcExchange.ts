import { type ClientHttp2Stream, connect, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http2"
import type { Socket } from "node:net"
import { Effect } from "effect"
import { isOnline } from "./LocalNetwork.ts"
import { monotonicNow } from "./MonotonicClock.ts"
import { closedUnanswered, connectFailure, failure, type ProbeFailure } from "./ProbeFailure.ts"
import type { ProbeTrace } from "./ProbeTrace.ts"

/** One call of a method that takes a message and gives one. */
export interface GrpcCall {
  readonly scheme: "http" | "https"
  /** The host and the port that is called, as in a URL. */
  readonly authority: string
  readonly path: string
  /** The message with its prefix. */
  readonly message: Buffer
  readonly userAgent: string
  /** What the server is told of the deadline, in milliseconds. */
  readonly timeoutMs: number
}

/** What the server answered. */
export interface GrpcAnswer {
  readonly httpStatus: number
  /** Whether it says of itself that it is gRPC. */
  readonly isGrpc: boolean
  /** The trailer `grpc-status`; null when there is none. */
  readonly status: string | null
  /** The message with its prefix; empty when there is none. */
  readonly message: Buffer
}

/** The most bytes of an answer that are read; the one that is asked for has seven. */
const maxMessage = 4_096
const maxHeaderBytes = 16_384
const maxHeaderPairs = 100
/** The most answers before the answer (1xx). */
const maxInformational = 5

const notHttp2 = failure("protocol", "the server does not speak HTTP/2, or breaks it")
const refused = failure("protocol", "the server refused the call, or broke it off")
const tooLong = failure("protocol", "the answer is longer than a check reads")

/**
 * One gRPC call over a connection that is there for it alone (gRPC over HTTP2). `node:http2` reads the frames, bounded in
 * memory; nothing is pushed. Header fields and phases go to the trace. The session ends with the answer, and on
 * interruption; the connection is its owner's.
 */
export const grpcCall = (socket: Socket, call: GrpcCall, trace: ProbeTrace): Effect.Effect<GrpcAnswer, ProbeFailure> =>
  Effect.async((resume) => {
    trace.phase = "firstByte"
    let phaseStart = monotonicNow()
    let isOver = false
    let size = 0
    let informational = 0
    let head: IncomingHttpHeaders = {}
    let trailers: IncomingHttpHeaders = {}
    const chunks: Array<Buffer> = []

    const session = connect(`${call.scheme}://${call.authority}`, {
      createConnection: () => socket,
      settings: { enablePush: false, maxHeaderListSize: maxHeaderBytes },
      maxHeaderListPairs: maxHeaderPairs,
      maxSessionMemory: 1,
    })
    const stop = (): boolean => {
      if (isOver) return false
      isOver = true
      trace.add(trace.phase, monotonicNow() - phaseStart)
      session.destroy()
      return true
    }
    const failed = (found: ProbeFailure) => {
      if (stop()) resume(Effect.fail(found))
    }
    const broken = (error: NodeJS.ErrnoException) => failed(callFailure(error.code, socket.bytesRead > 0))
    const closed = (stream: ClientHttp2Stream) => {
      if (head[":status"] === undefined || stream.rstCode !== 0) {
        return failed(socket.bytesRead === 0 ? closedUnanswered : refused)
      }
      if (!stop()) return
      trace.headers = [...fieldsOf(head), ...fieldsOf(trailers)]
      resume(Effect.succeed(answerOf(head, trailers, Buffer.concat(chunks))))
    }

    session.on("error", broken)
    const stream = session.request(headersOf(call), { endStream: false })
    stream.on("response", (headers) => {
      if (isOver) return
      head = headers
      trace.headers = fieldsOf(head)
      const now = monotonicNow()
      trace.add("firstByte", now - phaseStart)
      trace.phase = "transfer"
      phaseStart = now
    })
    stream.on("headers", () => {
      if (++informational > maxInformational) failed(refused)
    })
    stream.on("trailers", (headers) => {
      trailers = headers
    })
    stream.on("data", (bytes: Buffer) => {
      size += bytes.length
      if (size > maxMessage) failed(tooLong)
      else chunks.push(bytes)
    })
    stream.on("error", broken)
    stream.on("close", () => closed(stream))
    session.on("close", () => closed(stream))
    stream.end(call.message)
    return Effect.sync(stop)
  })

const headersOf = ({ authority, path, scheme, timeoutMs, userAgent }: GrpcCall): OutgoingHttpHeaders => ({
  ":method": "POST",
  ":scheme": scheme,
  ":authority": authority,
  ":path": path,
  te: "trailers",
  "content-type": "application/grpc",
  "user-agent": userAgent,
  "grpc-accept-encoding": "identity",
  "grpc-timeout": `${Math.ceil(timeoutMs)}m`,
})

/** What an error of the session, of its stream or of the connection below them means. */
const callFailure = (code: string | undefined, hasAnswered: boolean): ProbeFailure => {
  if (code === "ERR_HTTP2_ERROR") return notHttp2
  if (code?.startsWith("ERR_HTTP2_") === true) return hasAnswered ? refused : closedUnanswered
  const found = connectFailure(code, isOnline)
  return hasAnswered && found.kind !== "internal" ? refused : found
}

const answerOf = (head: IncomingHttpHeaders, trailers: IncomingHttpHeaders, message: Buffer): GrpcAnswer => {
  // An answer of a failure alone has its trailers in its head (Trailers-Only).
  const status = trailers["grpc-status"] ?? head["grpc-status"]
  return {
    httpStatus: Number(head[":status"]),
    isGrpc: /^application\/grpc(?:[+;]|$)/.test(head["content-type"] ?? ""),
    status: typeof status === "string" ? status : null,
    message,
  }
}

const fieldsOf = (headers: IncomingHttpHeaders): ReadonlyArray<readonly [name: string, value: string]> =>
  Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(":") || value === undefined ? [] : [[name, String(value)] as const],
  )
