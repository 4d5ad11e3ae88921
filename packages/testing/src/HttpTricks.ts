import type { Socket } from "node:net"
import { brotliCompressSync, constants, deflateSync, gzipSync } from "node:zlib"

/** What a server does to whoever asked for a path, by the query. */
export type HttpTrick = (socket: Socket, search: URLSearchParams) => void

const ok = "HTTP/1.1 200 OK\r\n"

/** Writes a text again and again, as fast as the other side takes it or once each `everyMs`, until it has enough. */
export const flood = (socket: Socket, next: string | Buffer, everyMs = 0) => {
  if (everyMs > 0) {
    const timer = setInterval(() => socket.write(next), everyMs)
    socket.on("close", () => clearInterval(timer))
    return
  }
  const pump = () => {
    while (!socket.destroyed && socket.write(next)) {
      // Goes on until the buffer is full.
    }
  }
  socket.on("drain", pump)
  pump()
}

/** Writes a text byte by byte, one each `everyMs`, and ends. */
export const drip = (socket: Socket, text: string, everyMs: number) => {
  let at = 0
  const timer = setInterval(() => (at < text.length ? socket.write(text[at++] ?? "") : socket.end()), everyMs)
  socket.on("close", () => clearInterval(timer))
}

const zeros = Buffer.alloc(20_000_000)
const bomb = gzipSync(zeros)
const brotli = brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })
const deflated = deflateSync(zeros)
const nested = gzipSync(gzipSync(bomb))
/** What no encoding can hold, in UTF-8 as bytes say it, and NUL. */
const unpaired = "\xed\xa0\x80\xed\xbf\xbf"
const raw = (text: string) => Buffer.from(text, "latin1")
const failing = (type: string, body: string) =>
  raw(`HTTP/1.1 503 X\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
const encoded = (encoding: string, body: Buffer) =>
  Buffer.concat([
    Buffer.from(`${ok}Content-Encoding: ${encoding}\r\nContent-Length: ${body.length}\r\n\r\n`, "latin1"),
    body,
  ])

/** What each path of the hostile server does to a client. */
export const httpTricks: Readonly<Record<string, HttpTrick>> = {
  "/good": (socket) => socket.end(`${ok}Content-Length: 2\r\nConnection: close\r\n\r\nok`),
  "/status": (socket, search) => socket.end(`HTTP/1.1 ${search.get("code")} X\r\nContent-Length: 0\r\n\r\n`),
  "/redirect": (socket, search) =>
    socket.end(
      Buffer.from(
        `HTTP/1.1 ${search.get("code") ?? 302} X\r\nLocation: ${search.get("to")}\r\nContent-Length: 0\r\n\r\n`,
      ),
    ),
  "/redirect-loop": (socket) => socket.end("HTTP/1.1 302 Found\r\nLocation: /redirect-loop\r\n\r\n"),
  "/redirect-endless-body": (socket) => {
    socket.write("HTTP/1.1 302 Found\r\nLocation: /good\r\n\r\n")
    flood(socket, "x".repeat(65_536))
  },
  "/redirect-hostile-location": (socket) =>
    socket.end(Buffer.from("HTTP/1.1 302 Found\r\nLocation: http://\xed\xa0\x80\xff/\r\n\r\n", "latin1")),
  "/redirect-nul": (socket) => socket.end("HTTP/1.1 302 Found\r\nLocation: /go\u0000od\r\n\r\n"),
  "/redirect-without": (socket) => socket.end("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"),
  "/gzip-bomb": (socket) => socket.end(encoded("gzip", bomb)),
  "/nested-encodings": (socket) => socket.end(encoded("gzip, gzip, gzip", nested)),
  "/brotli-bomb": (socket) => socket.end(encoded("br", brotli)),
  "/deflate-bomb": (socket) => socket.end(encoded("deflate", deflated)),
  "/unknown-encoding": (socket) => socket.end(encoded("zstd, rot13", Buffer.from("ok"))),
  "/false-encoding": (socket) => socket.end(encoded("gzip", Buffer.from("this is no gzip"))),
  "/endless-body": (socket) => {
    socket.write(`${ok}\r\n`)
    flood(socket, "x".repeat(65_536))
  },
  "/endless-103": (socket) => flood(socket, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
  "/slow-103": (socket) => flood(socket, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 60),
  "/many-headers": (socket) => socket.end(`${ok}${"a: b\r\n".repeat(1_500)}Content-Length: 0\r\n\r\n`),
  "/large-header": (socket) => socket.end(`${ok}X: ${"a".repeat(17 * 1_024)}\r\nContent-Length: 0\r\n\r\n`),
  "/megabyte-header": (socket) => socket.end(`${ok}X: ${"a".repeat(2 ** 20)}\r\nContent-Length: 0\r\n\r\n`),
  "/megabyte-reason": (socket) => socket.end(`HTTP/1.1 200 ${"a".repeat(2 ** 20)}\r\nContent-Length: 0\r\n\r\n`),
  "/endless-102": (socket) => flood(socket, "HTTP/1.1 102 Processing\r\n\r\n"),
  "/endless-trailer": (socket) => {
    socket.write(`${ok}Transfer-Encoding: chunked\r\n\r\n0\r\n`)
    flood(socket, "X: y\r\n".repeat(5_000))
  },
  "/endless-header": (socket) => {
    socket.write(`${ok}X: `)
    flood(socket, "a".repeat(65_536))
  },
  "/dripping-header": (socket) => drip(socket, `${ok}X: ${"a".repeat(1_000)}`, 20),
  "/dripping-body": (socket) => drip(socket, `${ok}Content-Length: 1000\r\n\r\n${"a".repeat(1_000)}`, 4),
  "/silent": () => undefined,
  "/short": (socket) => socket.end(`${ok}Content-Length: 100\r\n\r\nshort`),
  "/long": (socket) => socket.end(`${ok}Content-Length: 2\r\nConnection: close\r\n\r\nok and much more than that`),
  "/negative-length": (socket) => socket.end(`${ok}Content-Length: -1\r\n\r\nbody`),
  "/two-lengths": (socket) => socket.end(`${ok}Content-Length: 2\r\nContent-Length: 4\r\n\r\nbody`),
  "/long-promise": (socket) => socket.write(`${ok}Content-Length: 1000000000000\r\n\r\nbody`),
  "/chunk-extensions": (socket) => {
    socket.write(`${ok}Transfer-Encoding: chunked\r\n\r\n1;`)
    flood(socket, "e".repeat(65_536))
  },
  "/chunk-extension-each": (socket) => {
    socket.write(`${ok}Transfer-Encoding: chunked\r\n\r\n`)
    flood(socket, `1;${"e".repeat(200)}\r\nx\r\n`.repeat(500))
  },
  "/chunk-too-large": (socket) => socket.end(`${ok}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx`),
  "/chunk-crumbs": (socket) => {
    socket.write(`${ok}Transfer-Encoding: chunked\r\n\r\n`)
    flood(socket, "1\r\nx\r\n".repeat(10_000))
  },
  "/chunk-garbage": (socket) => socket.end(`${ok}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`),
  "/reset-unanswered": (socket) => socket.resetAndDestroy(),
  "/close-unanswered": (socket) => socket.end(),
  "/reset-mid-body": (socket) =>
    socket.write(`${ok}Content-Length: 100\r\n\r\nsome`, () => setTimeout(() => socket.resetAndDestroy(), 20)),
  "/reset-mid-header": (socket) =>
    socket.write(`${ok}Content-Le`, () => setTimeout(() => socket.resetAndDestroy(), 20)),
  "/close-mid-header": (socket) => socket.end(`${ok}Content-`),
  "/garbage": (socket) => socket.end(Buffer.from([0, 1, 2, 254, 255, 10, 13, 10, 13, 10])),
  "/http-0.9": (socket) => socket.end("<html>hello</html>"),
  "/ssh": (socket) => socket.write("SSH-2.0-OpenSSH_9.6\r\n"),
  "/http-2": (socket) => socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])),
  "/switch": (socket) => socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
  "/hostile-reason": (socket) =>
    socket.end(Buffer.from("HTTP/1.1 503 <script>\xed\xa0\x80'; DROP TABLE\r\nContent-Length: 0\r\n\r\n", "latin1")),
  "/nul-header": (socket) => socket.end("HTTP/1.1 503 X\r\nX: a\u0000b\r\nContent-Length: 0\r\n\r\n"),
  "/unpaired-header": (socket) =>
    socket.end(raw(`HTTP/1.1 503 X\r\nX-${unpaired}: 1\r\nY: ${unpaired}\r\nContent-Length: 0\r\n\r\n`)),
  "/unpaired-value": (socket) => socket.end(raw(`HTTP/1.1 503 X\r\nY: ${unpaired}\xff\r\nContent-Length: 0\r\n\r\n`)),
  "/hostile-body": (socket) =>
    socket.end(failing("text/plain; charset=utf-7", `a\u0000b${unpaired}\xff\xfe'; DROP TABLE a`)),
  "/hostile-json": (socket) => socket.end(failing("application/json", '{"a":"\\u0000\\ud800","\\udfff":"\\u0000"}')),
  "/nul-reason": (socket) => socket.end("HTTP/1.1 503 a\u0000b\r\nContent-Length: 0\r\n\r\n"),
}
