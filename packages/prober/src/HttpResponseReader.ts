import { type BodyWanted, type HeaderField, type HttpAnswer, percentEncodeHigh } from "./HttpAnswer.ts"
import { KeptBytes } from "./KeptBytes.ts"

/** The most bytes of head (status lines, fields, trailers; informational responses included) that are read. */
export const maxHeadBytes = 16_384
/** The most fields, over head, informational responses and trailers. */
export const maxFields = 100
/** The most informational (1xx) responses before the final one. */
export const maxInformational = 5
/** The most bytes of body, as they come over the wire, that are read before the reader says that it has enough. */
export const maxBodyBytes = 1_048_576
/** The most bytes of chunk extensions in a whole body. */
export const maxChunkExtensionBytes = 16_384

/** Why an answer is no valid HTTP/1.x response, or one that exceeds the limits. */
export type ResponseFault =
  | "statusLine"
  | "field"
  | "headTooLarge"
  | "tooManyFields"
  | "tooManyInformational"
  | "switchesProtocol"
  | "contentLength"
  | "chunk"
  | "chunkExtensionsTooLarge"
  | "endsEarly"

type State = "statusLine" | "fields" | "length" | "close" | "chunkSize" | "chunkData" | "chunkEnd" | "trailers" | "done"

/**
 * Reads one response from a connection that carries nothing else, by RFC 9112, and keeps of it what a check needs: the
 * status, the header fields, and as much of the body as is wanted, as it came and never decoded; the rest is counted and
 * dropped.
 *
 * It takes what browsers take (bare LF, folded fields, a missing reason, blanks before a colon, `Transfer-Encoding` next to
 * `Content-Length`, which it overrides by section 6.3), because a site that works for its visitors is up; nothing can be smuggled
 * into a connection that is closed after one answer. Memory is bounded by `maxHeadBytes` and what is wanted of the body.
 */
export class HttpResponseReader implements HttpAnswer {
  /** The status of the final response once its head is whole. */
  status: number | null = null
  /** The `Location` field of the final response, bytes above 0x7f percent-encoded. */
  location: string | null = null
  /** What is wrong; reading stops there. */
  fault: ResponseFault | null = null

  private state: State = "statusLine"
  /** The bytes of an unfinished line, as Latin-1. */
  private carry = ""
  private headBytes = 0
  private fields = 0
  private informational = 0
  private bodyBytes = 0
  private chunkExtensionBytes = 0
  /** Bytes left of the body or of the chunk. */
  private left = 0
  private code = 0
  private chunked = false
  private encoded = false
  private contentLength: number | null = null
  private field = ""
  /** The fields of the head, as they came. */
  private lines: Array<string> = []
  private kept: KeptBytes | null = null
  private readonly isHead: boolean
  private readonly wanted: BodyWanted | undefined

  /**
   * @param isHead whether the request is HEAD: its answer ends with its head, whatever that says (RFC 9112, section 6.3)
   * @param wanted how much of the body is kept; nothing unless given
   */
  constructor(isHead = false, wanted?: BodyWanted) {
    this.isHead = isHead
    this.wanted = wanted
  }

  get headers(): ReadonlyArray<HeaderField> {
    return this.lines.map((line) => {
      const colon = line.indexOf(":")
      return [line.slice(0, colon).trimEnd(), withoutBlanks(line.slice(colon + 1))]
    })
  }

  get body(): Buffer | null {
    return this.kept === null ? null : this.kept.bytes
  }

  /** Whether there is nothing more to read: the response is whole, the body has reached its limit, or there is a fault. */
  get isDone(): boolean {
    return this.state === "done"
  }

  /**
   * Takes the next bytes.
   *
   * @param bytes a buffer that may be overwritten after the call
   * @param length how many bytes of it count
   */
  push(bytes: Buffer, length: number): void {
    let at = 0
    while (at < length && this.state !== "done") {
      switch (this.state) {
        case "length":
        case "close":
          at = this.content(bytes, at, length, this.state === "length")
          break
        case "chunkData":
          at = this.content(bytes, at, length, true)
          break
        case "chunkSize":
        case "chunkEnd":
          at = this.chunkLine(bytes, at, length)
          break
        default:
          at = this.head(bytes, at, length)
      }
    }
  }

  /** Says that the other side has closed. A body without a length ends so; anything else unfinished is a fault. */
  end(): void {
    if (this.state === "close") this.state = "done"
    else if (this.state !== "done") this.fail("endsEarly")
  }

  private fail(fault: ResponseFault): void {
    this.fault = fault
    this.state = "done"
  }

  private content(bytes: Buffer, at: number, length: number, isCounted: boolean): number {
    const taken = isCounted ? Math.min(this.left, length - at) : length - at
    if (this.kept !== null) this.kept.add(bytes, at, at + taken)
    this.left -= isCounted ? taken : 0
    this.bodyBytes += taken
    if (this.bodyBytes >= maxBodyBytes) this.state = "done"
    else if (isCounted && this.left === 0) this.state = this.state === "chunkData" ? "chunkEnd" : "done"
    return at + taken
  }

  /** Reads lines of a head or of trailers; gives the position after them. */
  private head(bytes: Buffer, at: number, length: number): number {
    const room = maxHeadBytes - this.headBytes
    const text = bytes.toString("latin1", at, Math.min(length, at + room))
    let from = 0
    while (this.state === "statusLine" || this.state === "fields" || this.state === "trailers") {
      const to = text.indexOf("\n", from)
      if (to < 0) {
        this.headBytes += text.length
        this.carry += text.slice(from)
        if (this.headBytes >= maxHeadBytes) this.fail("headTooLarge")
        else if (this.state === "statusLine") this.statusLineBegins()
        return length
      }
      const line = this.carry === "" ? text.slice(from, to) : this.carry + text.slice(from, to)
      this.carry = ""
      from = to + 1
      this.headLine(line.endsWith("\r") ? line.slice(0, -1) : line)
    }
    this.headBytes += from
    return at + from
  }

  private headLine(line: string): void {
    if (this.state === "statusLine") this.statusLine(line)
    else if (line === "") this.headEnd()
    else if (line.startsWith(" ") || line.startsWith("\t")) this.foldedLine(line)
    else this.fieldLine(line)
  }

  private statusLine(line: string): void {
    // A recipient skips empty lines that a sloppy server sends first, as RFC 9112 section 2.2 has it for requests.
    if (line === "") return
    const match = statusLinePattern.exec(line)
    if (match === null) {
      this.fail("statusLine")
      return
    }
    this.code = Number(match[1])
    this.state = "fields"
  }

  /** Whatever is no HTTP is told from a slow answer by its first bytes, without waiting for a line end. */
  private statusLineBegins(): void {
    const begin = this.carry.slice(0, 7)
    if (begin !== "\r" && !"HTTP/1.".startsWith(begin)) this.fail("statusLine")
  }

  private fieldLine(line: string): void {
    this.endField()
    if (this.state === "done") return
    if (++this.fields > maxFields) {
      this.fail("tooManyFields")
      return
    }
    if (!fieldPattern.test(line)) {
      this.fail("field")
      return
    }
    this.field = line
  }

  private foldedLine(line: string): void {
    if (this.field === "" || !foldPattern.test(line)) {
      this.fail("field")
      return
    }
    this.field += ` ${withoutBlanks(line)}`
  }

  /** Keeps what counts of a field, once no folded line can follow. */
  private endField(): void {
    const field = this.field
    this.field = ""
    if (field === "" || this.state === "trailers") return
    this.lines.push(field)
    const colon = field.indexOf(":")
    switch (field.slice(0, colon).trimEnd().toLowerCase()) {
      case "content-length":
        this.contentLengthField(field.slice(colon + 1))
        return
      case "transfer-encoding":
        this.encoded = true
        this.chunked = /(?:^|[,\s])chunked\s*$/i.test(field.slice(colon + 1))
        return
      case "location":
        this.location ??= percentEncodeHigh(withoutBlanks(field.slice(colon + 1)))
    }
  }

  /** Several equal values are one (RFC 9110 section 8.6); anything else that is not one number is a fault. */
  private contentLengthField(values: string): void {
    for (const part of values.split(",")) {
      const value = part.trim()
      const length = /^\d+$/.test(value) ? Number(value) : null
      if (length === null || (this.contentLength !== null && this.contentLength !== length)) {
        this.fail("contentLength")
        return
      }
      this.contentLength = length
    }
  }

  /** The empty line after a head or trailers; decides how the body is delimited (RFC 9112 section 6.3). */
  private headEnd(): void {
    this.endField()
    if (this.fault !== null) return
    if (this.state === "trailers") {
      this.state = "done"
      return
    }
    if (this.code === 101) {
      this.fail("switchesProtocol")
      return
    }
    if (this.code < 200) {
      this.informationalEnd()
      return
    }
    this.status = this.code
    this.left = this.contentLength ?? 0
    const wanted = this.wanted?.(this.code) ?? 0
    if (wanted > 0) this.kept = new KeptBytes(wanted)
    if (this.isHead || this.code === 204 || this.code === 304) this.state = "done"
    else if (this.encoded) this.state = this.chunked ? "chunkSize" : "close"
    else if (this.contentLength === null) this.state = "close"
    else this.state = this.left === 0 ? "done" : "length"
  }

  private informationalEnd(): void {
    if (++this.informational > maxInformational) {
      this.fail("tooManyInformational")
      return
    }
    this.state = "statusLine"
    this.contentLength = null
    this.lines = []
    this.location = null
    this.encoded = false
    this.chunked = false
  }

  /** Reads one line with a chunk's size, or the line end after a chunk's data. */
  private chunkLine(bytes: Buffer, at: number, length: number): number {
    const found = bytes.indexOf(10, at)
    const isWhole = found >= 0 && found < length
    const to = isWhole ? found : length
    this.bodyBytes += to - at + (isWhole ? 1 : 0)
    if (this.carry.length + to - at > maxChunkExtensionBytes) {
      this.fail("chunkExtensionsTooLarge")
      return length
    }
    this.carry += bytes.toString("latin1", at, to)
    if (!isWhole) return length
    const line = this.carry.endsWith("\r") ? this.carry.slice(0, -1) : this.carry
    this.carry = ""
    if (this.state === "chunkSize") this.chunkSize(line)
    else if (line === "") this.state = this.bodyBytes >= maxBodyBytes ? "done" : "chunkSize"
    else this.fail("chunk")
    return to + 1
  }

  private chunkSize(line: string): void {
    const match = chunkSizePattern.exec(line)
    if (match === null) {
      this.fail("chunk")
      return
    }
    this.chunkExtensionBytes += match[2]?.length ?? 0
    if (this.chunkExtensionBytes > maxChunkExtensionBytes) {
      this.fail("chunkExtensionsTooLarge")
      return
    }
    this.left = Number.parseInt(match[1] ?? "", 16)
    this.state = this.left === 0 ? "trailers" : "chunkData"
  }
}

/** `HTTP/1.x`, a status of three digits, some of which nobody has registered, and a reason without NUL or carriage return. */
const statusLinePattern = /^HTTP\/1\.\d +([1-9]\d\d)(?: [^\0\r]*)?$/
/** A token, blanks that a sender must not leave but some do, a colon, and a value without NUL or carriage return. */
const fieldPattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+[ \t]*:[^\0\r]*$/
const foldPattern = /^[^\0\r]*$/
/** Up to 13 hexadecimal digits, so that the size is exact as a number; then blanks and extensions. */
const chunkSizePattern = /^0*([0-9a-fA-F]{1,13})[ \t]*(;[^\0\r]*)?$/

/** A value without the blanks around it; only spaces and tabs are some (RFC 9110, section 5.6.3). */
const withoutBlanks = (text: string): string => {
  let from = 0
  let to = text.length
  while (from < to && isBlank(text.charCodeAt(from))) from++
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--
  return text.slice(from, to)
}

const isBlank = (code: number): boolean => code === 32 || code === 9
