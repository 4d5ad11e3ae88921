import { createServer, type Server, type Socket } from "node:net"
import { gzipSync } from "node:zlib"
import { Effect, type Scope } from "effect"

/** A server that speaks bytes, not HTTP: what each path does to a client is the path's own trick. */
export interface HostileServer {
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly url: string
  readonly port: number
  /** The requests that came, as they came. */
  readonly requests: () => ReadonlyArray<string>
  /** How many connections are open now. */
  readonly open: () => number
  /** Waits until that many requests have come in all. */
  readonly awaitRequests: (count: number) => Effect.Effect<void>
  /** Waits until no connection is open. */
  readonly awaitClosed: Effect.Effect<void>
}

type Trick = (socket: Socket, search: URLSearchParams) => void

const ok = "HTTP/1.1 200 OK\r\n"

/** Writes a text again and again, as fast as the other side takes it or once each `everyMs`, until it has enough. */
const flood = (socket: Socket, next: string | Buffer, everyMs = 0) => {
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

const drip = (socket: Socket, text: string, everyMs: number) => {
  let at = 0
  const timer = setInterval(() => (at < text.length ? socket.write(text[at++] ?? "") : socket.end()), everyMs)
  socket.on("close", () => clearInterval(timer))
}

const bomb = gzipSync(Buffer.alloc(20_000_000))
const nested = gzipSync(gzipSync(bomb))
const encoded = (encoding: string, body: Buffer) =>
  Buffer.concat([
    Buffer.from(`${ok}Content-Encoding: ${encoding}\r\nContent-Length: ${body.length}\r\n\r\n`, "latin1"),
    body,
  ])

const tricks: Readonly<Record<string, Trick>> = {
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
  "/endless-body": (socket) => {
    socket.write(`${ok}\r\n`)
    flood(socket, "x".repeat(65_536))
  },
  "/endless-103": (socket) => flood(socket, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
  "/slow-103": (socket) => flood(socket, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 60),
  "/many-headers": (socket) => socket.end(`${ok}${"a: b\r\n".repeat(1_500)}Content-Length: 0\r\n\r\n`),
  "/large-header": (socket) => socket.end(`${ok}X: ${"a".repeat(17 * 1_024)}\r\nContent-Length: 0\r\n\r\n`),
  "/endless-header": (socket) => {
    socket.write(`${ok}X: `)
    flood(socket, "a".repeat(65_536))
  },
  "/dripping-header": (socket) => drip(socket, `${ok}X: ${"a".repeat(1_000)}`, 20),
  "/dripping-body": (socket) => drip(socket, `${ok}Content-Length: 1000\r\n\r\n${"a".repeat(1_000)}`, 4),
  "/silent": () => undefined,
  "/short": (socket) => socket.end(`${ok}Content-Length: 100\r\n\r\nshort`),
  "/negative-length": (socket) => socket.end(`${ok}Content-Length: -1\r\n\r\nbody`),
  "/two-lengths": (socket) => socket.end(`${ok}Content-Length: 2\r\nContent-Length: 4\r\n\r\nbody`),
  "/long-promise": (socket) => socket.write(`${ok}Content-Length: 1000000000000\r\n\r\nbody`),
  "/chunk-extensions": (socket) => {
    socket.write(`${ok}Transfer-Encoding: chunked\r\n\r\n1;`)
    flood(socket, "e".repeat(65_536))
  },
  "/chunk-crumbs": (socket) => {
    socket.write(`${ok}Transfer-Encoding: chunked\r\n\r\n`)
    flood(socket, "1\r\nx\r\n".repeat(10_000))
  },
  "/chunk-garbage": (socket) => socket.end(`${ok}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`),
  "/reset-unanswered": (socket) => socket.resetAndDestroy(),
  "/close-unanswered": (socket) => socket.end(),
  "/reset-mid-body": (socket) =>
    socket.write(`${ok}Content-Length: 100\r\n\r\nsome`, () => setTimeout(() => socket.resetAndDestroy(), 20)),
  "/close-mid-header": (socket) => socket.end(`${ok}Content-`),
  "/garbage": (socket) => socket.end(Buffer.from([0, 1, 2, 254, 255, 10, 13, 10, 13, 10])),
  "/http-0.9": (socket) => socket.end("<html>hello</html>"),
  "/ssh": (socket) => socket.write("SSH-2.0-OpenSSH_9.6\r\n"),
  "/http-2": (socket) => socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])),
  "/switch": (socket) => socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
  "/hostile-reason": (socket) =>
    socket.end(Buffer.from("HTTP/1.1 503 <script>\xed\xa0\x80'; DROP TABLE\r\nContent-Length: 0\r\n\r\n", "latin1")),
  "/nul-reason": (socket) => socket.end("HTTP/1.1 503 a\u0000b\r\nContent-Length: 0\r\n\r\n"),
}

const listen = (server: Server) =>
  Effect.async<number, Error>((resume) => {
    server.once("error", (error) => resume(Effect.fail(error)))
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resume(
        typeof address === "object" && address !== null
          ? Effect.succeed(address.port)
          : Effect.fail(new Error("the server listens on no port")),
      )
    })
  }).pipe(Effect.orDie)

/** A server on a free port of 127.0.0.1, by any handler of connections; cut off when the scope closes. */
export const rawServer = (onConnection: (socket: Socket) => void) =>
  Effect.acquireRelease(
    Effect.suspend(() => {
      const sockets = new Set<Socket>()
      const server = createServer({ noDelay: true }, (socket) => {
        sockets.add(socket)
        socket.on("close", () => sockets.delete(socket))
        socket.on("error", () => socket.destroy())
        onConnection(socket)
      })
      return Effect.map(listen(server), (port) => ({ port, server, sockets }))
    }),
    ({ server, sockets }) =>
      Effect.async<void>((resume) => {
        server.close(() => resume(Effect.void))
        for (const socket of sockets) socket.destroy()
      }),
  )

/** The server with all tricks. */
export const hostileServer: Effect.Effect<HostileServer, never, Scope.Scope> = Effect.gen(function* () {
  const requests: Array<string> = []
  const watchers = new Set<() => void>()
  const until = (isReached: () => boolean) =>
    Effect.async<void>((resume) => {
      const look = () => {
        if (!isReached()) return
        watchers.delete(look)
        resume(Effect.void)
      }
      watchers.add(look)
      look()
      return Effect.sync(() => watchers.delete(look))
    })
  const told = () => {
    for (const look of watchers) look()
  }
  const { port, sockets } = yield* rawServer((socket) => {
    socket.on("close", told)
    socket.once("data", (bytes) => {
      const text = bytes.toString("latin1")
      requests.push(text)
      const url = new URL(text.split(" ")[1] ?? "/", "http://x")
      const trick = tricks[url.pathname]
      if (trick === undefined) socket.destroy()
      else trick(socket, url.searchParams)
      told()
    })
  })
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests: () => requests,
    open: () => sockets.size,
    awaitRequests: (count) => until(() => requests.length >= count),
    awaitClosed: until(() => sockets.size === 0),
  }
})
