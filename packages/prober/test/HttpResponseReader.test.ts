import { request } from "node:http"
import { Duplex } from "node:stream"
import { assert, describe, it } from "@effect/vitest"
import { isRedirect } from "@uptime/prober/HttpAnswer"
import {
  HttpResponseReader,
  maxBodyBytes,
  maxFields,
  maxHeadBytes,
  type ResponseFault,
} from "@uptime/prober/HttpResponseReader"
import { FastCheck as fc } from "effect"

/** What a reader makes of an answer: over all its bytes, then the close. */
interface Reading {
  readonly status: number | null
  readonly location: string | null
  readonly fault: ResponseFault | null
  /** Whether it was done before the connection was closed. */
  readonly isWhole: boolean
}

/** The header fields, and as much of the body as was wanted, as Latin-1. */
const keep = (bytes: Buffer, cuts: ReadonlyArray<number> = [], most = 10_000) => {
  const reader = new HttpResponseReader(false, () => most)
  read(bytes, cuts, reader)
  return { headers: reader.headers, body: reader.body?.toString("latin1") ?? "" }
}

const read = (bytes: Buffer, cuts: ReadonlyArray<number> = [], reader = new HttpResponseReader()): Reading => {
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  let from = 0
  for (const end of [...ends, bytes.length]) {
    if (reader.isDone) break
    // The bytes beyond the length are those of somebody else's answer, as in a buffer that is used again.
    const piece = Buffer.concat([bytes.subarray(from, end), Buffer.from("\nHTTP/1.1 999 stale\r\n\r\n")])
    reader.push(piece, end - from)
    from = end
  }
  const isWhole = reader.isDone
  if (!isWhole) reader.end()
  return { status: reader.status, location: reader.location, fault: reader.fault, isWhole }
}

const readText = (text: string): Reading => read(Buffer.from(text, "latin1"))
const ok = "HTTP/1.1 200 OK\r\n"

describe("an answer", () => {
  const valid: ReadonlyArray<readonly [string, string, number]> = [
    ["with a length", `${ok}Content-Length: 2\r\n\r\nok`, 200],
    ["with a length of nothing", `${ok}content-length:0\r\n\r\n`, 200],
    ["with the same length twice", `${ok}Content-Length: 2, 2\r\nContent-Length: 2\r\n\r\nok`, 200],
    ["in chunks", `${ok}Transfer-Encoding: chunked\r\n\r\n2;a=b\r\nok\r\n0\r\n\r\n`, 200],
    ["in chunks with trailers", `${ok}Transfer-Encoding: gzip, Chunked\r\n\r\n2\r\nok\r\n0\r\nA: b\r\n\r\n`, 200],
    [
      "in chunks, whatever length it also claims",
      `${ok}Content-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      200,
    ],
    ["without a body", "HTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\n", 204],
    ["that has not changed", "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", 304],
    ["without a reason", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200],
    ["with a status nobody has registered", "HTTP/1.1 999 Request denied\r\nContent-Length: 0\r\n\r\n", 999],
    ["of HTTP/1.0", "HTTP/1.0 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", 503],
    ["with bare line feeds", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", 200],
    ["with a folded field", `${ok}X: a\r\n  b\r\nContent-Length: 0\r\n\r\n`, 200],
    ["with a blank before a colon", `${ok}Content-Length : 0\r\n\r\n`, 200],
    ["with bytes above 0x7f in its fields", `${ok}X: \u00e9\u0080\r\nContent-Length: 0\r\n\r\n`, 200],
    [
      "after informational ones",
      `HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 100\r\n\r\n${ok}Content-Length: 0\r\n\r\n`,
      200,
    ],
    ["after an empty line", `\r\n${ok}Content-Length: 0\r\n\r\n`, 200],
    ["followed by bytes that nobody asked for", `${ok}Content-Length: 2\r\n\r\nokHTTP/1.1 500 No\r\n\r\n`, 200],
  ]
  it.each(valid)("%s is whole before the connection closes", (_, text, status) => {
    assert.deepStrictEqual(readText(text), { status, location: null, fault: null, isWhole: true })
  })

  it("that says nothing of its length ends with the connection", () => {
    for (const text of [`${ok}\r\nsome`, `${ok}Transfer-Encoding: gzip\r\n\r\nsome`, "HTTP/1.0 200 OK\r\n\r\n"]) {
      assert.deepStrictEqual(readText(text), { status: 200, location: null, fault: null, isWhole: false })
    }
  })

  const faults: ReadonlyArray<readonly [ResponseFault, string]> = [
    ["statusLine", "SSH-2.0-OpenSSH_9.6\r\n"],
    ["statusLine", "<html>hello"],
    ["statusLine", "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007"],
    ["statusLine", "HTTP/2 200\r\n\r\n"],
    ["statusLine", "HTTP/1.1 20\r\n\r\n"],
    ["statusLine", "HTTP/1.1 200 a\u0000b\r\n\r\n"],
    ["field", `${ok}no colon\r\n\r\n`],
    ["field", `${ok}: no name\r\n\r\n`],
    ["field", `${ok} folded: first\r\n\r\n`],
    ["field", `${ok}X: a\u0000b\r\n\r\n`],
    ["field", `${ok}X: a\rb\r\n\r\n`],
    ["headTooLarge", `${ok}X: ${"a".repeat(maxHeadBytes)}\r\n\r\n`],
    ["headTooLarge", `${ok}Transfer-Encoding: chunked\r\n\r\n0\r\nX: ${"a".repeat(maxHeadBytes)}\r\n\r\n`],
    ["tooManyFields", `${ok}${"a: b\r\n".repeat(maxFields + 1)}\r\n`],
    ["tooManyFields", `${ok}Transfer-Encoding: chunked\r\n\r\n0\r\n${"a: b\r\n".repeat(maxFields)}\r\n`],
    ["tooManyInformational", `${"HTTP/1.1 103 Early Hints\r\n\r\n".repeat(6)}${ok}Content-Length: 0\r\n\r\n`],
    ["switchesProtocol", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"],
    ["contentLength", `${ok}Content-Length: -1\r\n\r\n`],
    ["contentLength", `${ok}Content-Length: +2\r\n\r\nok`],
    ["contentLength", `${ok}Content-Length: 2\r\nContent-Length: 3\r\n\r\nok!`],
    ["contentLength", `${ok}Content-Length: 2, 3\r\n\r\nok!`],
    ["contentLength", `${ok}Content-Length:\r\n\r\n`],
    ["chunk", `${ok}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
    ["chunk", `${ok}Transfer-Encoding: chunked\r\n\r\n-2\r\n`],
    ["chunk", `${ok}Transfer-Encoding: chunked\r\n\r\n${"f".repeat(14)}\r\n`],
    ["chunk", `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nokay\r\n`],
    ["chunkExtensionsTooLarge", `${ok}Transfer-Encoding: chunked\r\n\r\n1;${"e".repeat(17_000)}\r\n`],
    [
      "chunkExtensionsTooLarge",
      `${ok}Transfer-Encoding: chunked\r\n\r\n${`1;${"e".repeat(200)}\r\na\r\n`.repeat(100)}`,
    ],
    ["endsEarly", ""],
    ["endsEarly", "HTTP/1.1 2"],
    ["endsEarly", `${ok}Content-Length: 5\r\n`],
    ["endsEarly", `${ok}Content-Length: 5\r\n\r\nabc`],
    ["endsEarly", `${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nabc`],
    ["endsEarly", `${ok}Transfer-Encoding: chunked\r\n\r\n0\r\n`],
  ]
  it.each(faults)("is refused: %s %#", (fault, text) => {
    assert.strictEqual(readText(text).fault, fault)
  })

  it("is not read beyond a mebibyte, which is no fault", () => {
    const much = "x".repeat(maxBodyBytes)
    const chunks = `10000\r\n${"x".repeat(65_536)}\r\n`.repeat(16)
    const crumbs = "1\r\nx\r\n".repeat(200_000)
    for (const text of [
      `${ok}\r\n${much}`,
      `${ok}Content-Length: ${maxBodyBytes + 5}\r\n\r\n${much}`,
      `${ok}Content-Length: ${"9".repeat(400)}\r\n\r\n${much}`,
      `${ok}Transfer-Encoding: chunked\r\n\r\n${chunks}`,
      `${ok}Transfer-Encoding: chunked\r\n\r\n${crumbs}`,
    ]) {
      assert.deepStrictEqual(readText(text), { status: 200, location: null, fault: null, isWhole: true })
    }
    // One chunk of a byte under the limit is no reason to stop: the end still has to come.
    assert.strictEqual(
      readText(`${ok}Transfer-Encoding: chunked\r\n\r\nffff0\r\n${"x".repeat(0xffff0)}`).fault,
      "endsEarly",
    )
  })

  it("has a head of at most 16 KiB and 100 fields", () => {
    const fill = maxHeadBytes - ok.length - "X: \r\n\r\n".length
    assert.strictEqual(readText(`${ok}X: ${"a".repeat(fill)}\r\n\r\n`).fault, null)
    assert.strictEqual(readText(`${ok}X: ${"a".repeat(fill + 1)}\r\n\r\n`).fault, "headTooLarge")
    assert.strictEqual(readText(`${ok}${"a: b\r\n".repeat(maxFields)}\r\n`).fault, null)
  })

  it("ends with its head in answer to HEAD, whatever that says of a body", () => {
    for (const fields of ["Content-Length: 1000000", "Transfer-Encoding: chunked", "X: a"]) {
      const reader = new HttpResponseReader(true, () => 10)
      const reading = read(Buffer.from(`${ok}${fields}\r\n\r\n`), [], reader)
      assert.deepStrictEqual(reading, { status: 200, location: null, fault: null, isWhole: true })
    }
  })

  it("is kept as far as its status makes it wanted, without the framing", () => {
    const text = `HTTP/1.1 503 X\r\nA: b\r\n c\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x\r\ndefg\r\n0\r\nT: u\r\n\r\n`
    const headers = [
      ["A", "b c"],
      ["Transfer-Encoding", "chunked"],
    ] as const
    assert.deepStrictEqual(keep(Buffer.from(text)), { headers, body: "abcdefg" })
    assert.deepStrictEqual(keep(Buffer.from(text), [], 5), { headers, body: "abcde" })
    const unwanted = new HttpResponseReader(false, (status) => (status === 503 ? 0 : 5))
    read(Buffer.from(text), [], unwanted)
    assert.isNull(unwanted.body)
  })

  it("redirects when its final head has a Location and one of five statuses", () => {
    const redirects = (status: number, fields: string) => {
      const reader = new HttpResponseReader()
      const bytes = Buffer.from(`HTTP/1.1 ${status} X\r\n${fields}`)
      reader.push(bytes, bytes.length)
      return isRedirect(reader)
    }
    for (const status of [301, 302, 303, 307, 308]) {
      assert.isTrue(redirects(status, "Location: /a\r\n\r\n"))
      assert.isFalse(redirects(status, "Location: /a\r\n"))
      assert.isFalse(redirects(status, "\r\n"))
    }
    for (const status of [200, 300, 304, 305, 306, 404]) assert.isFalse(redirects(status, "Location: /a\r\n\r\n"))
    const head =
      "HTTP/1.1 103 X\r\nLocation: /hint\r\n\r\nHTTP/1.1 302 Found\r\nLocation:  /caf\u00c3\u00a9 \r\nLocation: /b\r\n"
    assert.strictEqual(readText(`${head}Content-Length: 0\r\n\r\n`).location, "/caf%C3%A9")
  })
})

const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,8}$/).map((name) => `X-${name}`)
const value = fc.stringMatching(/^[\x21-\x7e\x80-\xff]{0,12}$/)
const lines = (maxLength: number) =>
  fc
    .array(fc.tuple(token, value), { maxLength })
    .map((all) => all.map(([name, text]) => `${name}: ${text}\r\n`).join(""))
const body = fc.string({ maxLength: 60 })

const chunked = fc
  .tuple(
    fc.array(
      fc.tuple(
        fc.string({ minLength: 1, maxLength: 40 }).map((text) => Buffer.from(text).toString("latin1")),
        fc.constantFrom("", ";a", ";a=b", ';a="b c"'),
      ),
      { maxLength: 5 },
    ),
    lines(2),
  )
  .map(
    ([chunks, trailers]) =>
      `${chunks.map(([data, extension]) => `${data.length.toString(16)}${extension}\r\n${data}\r\n`).join("")}0\r\n${trailers}\r\n`,
  )

const framed = fc.oneof(
  body.map((text) => `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${Buffer.from(text).toString("latin1")}`),
  chunked.map((text) => `Transfer-Encoding: chunked\r\n\r\n${text}`),
  body.map((text) => `\r\n${Buffer.from(text).toString("latin1")}`),
)

/** What follows the status of a valid answer: fields, and a body where the status has one. */
const afterStatus = fc.oneof(
  fc.tuple(fc.constantFrom("200 OK", "200", "302 Found", "404 Not Found", "599 \u00e9"), lines(6), framed),
  fc.tuple(fc.constantFrom("204 No Content", "304 Not Modified"), lines(6), fc.constant("\r\n")),
)

/** A valid answer of any shape. */
const answer = fc.tuple(fc.array(lines(3), { maxLength: 3 }), afterStatus).map(([hints, [status, fields, rest]]) => {
  const informational = hints.map((hint) => `HTTP/1.1 103 Early Hints\r\n${hint}\r\n`).join("")
  return Buffer.from(`${informational}HTTP/1.1 ${status}\r\n${fields}${rest}`, "latin1")
})

/** An answer into which something went wrong. */
const damaged = fc
  .tuple(answer, fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }), fc.nat())
  .map(([bytes, changes, cut]) => {
    const copy = Buffer.from(bytes)
    for (const [at, byte] of changes) if (copy.length > 0) copy[at % copy.length] = byte
    return copy.subarray(0, cut % (copy.length + 1))
  })

/** What Node's own client makes of an answer. */
interface NodeReading {
  readonly status: number | null
  readonly isComplete: boolean
  /** The names and values of the head's fields, in turn. */
  readonly fields: ReadonlyArray<string>
  readonly body: string
}

/** The same answer read by Node's own client. */
const byNode = (bytes: Buffer): Promise<NodeReading> =>
  new Promise((resolve) => {
    let isSent = false
    const connection = new Duplex({
      read() {
        if (isSent) return
        isSent = true
        this.push(bytes)
        this.push(null)
      },
      write: (_chunk, _encoding, done) => done(),
    })
    const asked = request({ createConnection: () => connection, host: "x", headers: { connection: "close" } })
    asked.on("error", () => resolve({ status: null, isComplete: false, fields: [], body: "" }))
    asked.on("response", (response) => {
      const status = response.statusCode ?? null
      const fields = response.rawHeaders
      const chunks: Array<Buffer> = []
      const body = () => Buffer.concat(chunks).toString("latin1")
      response.on("data", (chunk: Buffer) => chunks.push(chunk))
      response.on("error", () => resolve({ status, isComplete: false, fields, body: body() }))
      response.on("end", () => resolve({ status, isComplete: response.complete, fields, body: body() }))
    })
    asked.end()
  })

describe("reading", () => {
  it("comes to the same end however the bytes are cut", () => {
    fc.assert(
      fc.property(fc.oneof(answer, damaged), fc.array(fc.nat(), { maxLength: 8 }), (bytes, cuts) => {
        assert.deepStrictEqual(read(bytes, cuts), read(bytes))
        assert.deepStrictEqual(keep(bytes, cuts), keep(bytes))
        assert.deepStrictEqual(
          read(
            bytes,
            Array.from(bytes, (_, i) => i),
          ),
          read(bytes),
        )
      }),
      { numRuns: 2_000 },
    )
  })

  it("accepts every valid answer, and takes its end for what Node's client takes it for", () =>
    fc.assert(
      fc.asyncProperty(answer, async (bytes) => {
        const ours = read(bytes)
        const theirs = await byNode(bytes)
        assert.isNull(ours.fault)
        assert.strictEqual(ours.status, theirs.status)
        assert.isTrue(theirs.isComplete)
        const { body, headers } = keep(bytes)
        assert.deepStrictEqual(headers.flat(), theirs.fields)
        assert.strictEqual(body, theirs.body)
      }),
      { numRuns: 500 },
    ))

  it("never takes for whole what Node's client takes for cut off", () =>
    fc.assert(
      fc.asyncProperty(answer, fc.nat(), async (bytes, cut) => {
        const part = bytes.subarray(0, cut % bytes.length)
        const theirs = await byNode(part)
        assert.strictEqual(read(part).fault === null, theirs.isComplete)
      }),
      { numRuns: 500 },
    ))

  it("ends on any bytes at all, with bounded memory", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.array(fc.nat(), { maxLength: 4 }), (bytes, cuts) => {
        const { fault, status } = read(Buffer.from(bytes), cuts)
        assert.isTrue(fault !== null || status !== null)
      }),
      { numRuns: 1_000 },
    )
  })
})
