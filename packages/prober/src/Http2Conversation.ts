import {
  type ClientHttp2Session,
  connect,
  constants as http2,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from "node:http2"
import type { TLSSocket } from "node:tls"
import { type BodyWanted, type HeaderField, type HttpAnswer, percentEncodeHigh } from "./HttpAnswer.ts"
import { type HttpRequest, http2Headers } from "./HttpRequest.ts"
import { maxBodyBytes, maxFields, maxHeadBytes, maxInformational } from "./HttpResponseReader.ts"
import { KeptBytes } from "./KeptBytes.ts"
import { isOnline } from "./LocalNetwork.ts"
import { closedUnanswered, connectFailure, failure, type ProbeFailure, responseFailure } from "./ProbeFailure.ts"

/** What one exchange over HTTP/2 tells. After `onEnd` there is nothing more. */
export interface Http2Listener {
  /** The first bytes of an answer are here, an informational one's included. */
  readonly onFirstByte: () => void
  /** The head of the final answer is whole: whether that is enough, and the body need not be read. */
  readonly onHead: () => boolean
  /** The answer is whole, has reached the limit, or was enough with its head (null); or what went wrong. */
  readonly onEnd: (failure: ProbeFailure | null) => void
}

const brokenHttp2 = failure("body", "the server breaks HTTP/2, or refuses the request by it")

/**
 * One request over HTTP/2 (RFC 9113) on a connection that was made for it and on which it was agreed upon: `node:http2`
 * reads the frames, bounded in memory; nothing is pushed.
 */
export class Http2Conversation implements HttpAnswer {
  status: number | null = null
  location: string | null = null
  headers: ReadonlyArray<HeaderField> = []

  private kept: KeptBytes | null = null
  private bodyBytes = 0
  private informational = 0
  private isOver = false
  private hasBegun = false
  private readonly session: ClientHttp2Session
  private readonly wanted: BodyWanted | undefined
  private readonly listener: Http2Listener

  constructor(
    socket: TLSSocket,
    request: HttpRequest,
    userAgent: string,
    wanted: BodyWanted | undefined,
    listener: Http2Listener,
  ) {
    this.wanted = wanted
    this.listener = listener
    this.session = connect(request.url, {
      createConnection: () => socket,
      settings: { enablePush: false, maxHeaderListSize: maxHeadBytes },
      maxHeaderListPairs: maxFields + 1,
      maxSessionMemory: 4,
    })
    this.session.on("error", (error: NodeJS.ErrnoException) => this.failed(error.code))
    this.session.on("close", () => this.end(this.hasBegun ? responseFailure("endsEarly") : closedUnanswered))
    this.send(request, userAgent)
  }

  get body(): Buffer | null {
    return this.kept === null ? null : this.kept.bytes
  }

  /** Cuts the connection and lets nothing more happen. */
  stop(): void {
    this.isOver = true
    this.session.destroy()
  }

  private send(request: HttpRequest, userAgent: string): void {
    const stream = this.session.request(http2Headers(request, userAgent), { endStream: request.body === null })
    stream.on("headers", () => {
      this.begin()
      if (++this.informational > maxInformational) this.end(responseFailure("tooManyInformational"))
    })
    stream.on("response", (headers) => this.head(headers))
    stream.on("data", (bytes: Buffer) => this.content(bytes))
    stream.on("end", () => {
      if (this.status !== null && stream.rstCode === http2.NGHTTP2_NO_ERROR) this.end(null)
    })
    stream.on("error", (error: NodeJS.ErrnoException) => this.failed(error.code))
    // Node gives a stream that ends with its connection the code CANCEL.
    stream.on("close", () => {
      const isCut = stream.rstCode === http2.NGHTTP2_NO_ERROR || stream.rstCode === http2.NGHTTP2_CANCEL
      this.failed(isCut ? "ECONNRESET" : "ERR_HTTP2")
    })
    if (request.body !== null) stream.end(request.body)
  }

  private begin(): void {
    if (this.hasBegun || this.isOver) return
    this.hasBegun = true
    this.listener.onFirstByte()
  }

  private head(headers: IncomingHttpHeaders & IncomingHttpStatusHeader): void {
    if (this.isOver) return
    this.begin()
    this.headers = Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith(":") || value === undefined
        ? []
        : (Array.isArray(value) ? value : [String(value)]).map((one) => [name, one] as const),
    )
    this.location = headers.location === undefined ? null : percentEncodeHigh(headers.location)
    const status = headers[":status"] ?? 0
    this.status = status
    const wanted = this.wanted?.(status) ?? 0
    if (wanted > 0) this.kept = new KeptBytes(wanted)
    if (this.listener.onHead()) this.end(null)
  }

  private content(bytes: Buffer): void {
    if (this.isOver) return
    this.kept?.add(bytes)
    this.bodyBytes += bytes.length
    if (this.bodyBytes >= maxBodyBytes) this.end(null)
  }

  private failed(code: string | undefined): void {
    if (code?.startsWith("ERR_HTTP2") === true) this.end(brokenHttp2)
    else this.end(this.hasBegun ? responseFailure("endsEarly") : connectFailure(code, isOnline))
  }

  private end(failed: ProbeFailure | null): void {
    if (this.isOver) return
    this.stop()
    this.listener.onEnd(failed)
  }
}
