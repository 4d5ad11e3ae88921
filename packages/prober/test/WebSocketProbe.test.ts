import { createServer } from "node:http"
import { createServer as createSecureServer } from "node:https"
import type { Socket } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { webSocketProbe } from "@uptime/prober/WebSocketProbe"
import * as Certificates from "@uptime/testing/Certificates"
import { eventually } from "@uptime/testing/Eventually"
import { rawServer } from "@uptime/testing/HostileServer"
import { Effect } from "effect"
import { type WebSocket, WebSocketServer } from "ws"
import { probeServices } from "./ProbeServicesFixture.ts"
import { behavesAsSocketProbe } from "./SocketProbeSuite.ts"
import { flood, foreignSecret, inTime, phasesOf, said, sealed, silentServer } from "./SocketServers.ts"

const check = (host: string, websocket: CheckSpec["websocket"] = {}, timeoutMs = 3_000): CheckSpec => ({
  kind: "websocket",
  url: `ws://${host}/path?query=1`,
  timeoutMs,
  websocket,
})

/** A WebSocket server, over TLS where it has a certificate, and the requests and messages that came. */
const webSocketServer = (onConnection: (socket: WebSocket) => void, pair?: Certificates.Pair, protocol?: string) =>
  Effect.gen(function* () {
    const http = pair === undefined ? createServer() : createSecureServer(pair)
    http.on("tlsClientError", () => undefined)
    const requests: Array<{
      readonly path: string | undefined
      readonly headers: NodeJS.Dict<string | Array<string>>
    }> = []
    const messages: Array<readonly [text: string, isBinary: boolean]> = []
    const server = new WebSocketServer({
      server: http,
      perMessageDeflate: true,
      ...(protocol === undefined ? {} : { handleProtocols: () => protocol }),
    })
    server.on("connection", (socket, request) => {
      requests.push({ path: request.url, headers: request.headers })
      socket.on("error", () => undefined)
      socket.on("message", (data, isBinary) => messages.push([data.toString(), isBinary]))
      onConnection(socket)
    })
    const port = yield* Effect.acquireRelease(
      Effect.async<number>((resume) => {
        http.listen(0, "127.0.0.1", () => {
          const address = http.address()
          resume(
            typeof address === "object" && address !== null
              ? Effect.succeed(address.port)
              : Effect.dieMessage("no port"),
          )
        })
      }),
      () =>
        Effect.async<void>((resume) => {
          for (const client of server.clients) client.terminate()
          server.close()
          http.close(() => resume(Effect.void))
          http.closeAllConnections()
        }),
    )
    return { port, requests, messages, open: () => server.clients.size }
  })

const probe = (port: number, websocket: CheckSpec["websocket"] = {}, timeoutMs = 3_000) =>
  Effect.flatMap(probeServices(), (services) =>
    inTime(webSocketProbe, services, check(`127.0.0.1:${port}`, websocket, timeoutMs)),
  )

describe("a check of a WebSocket", () => {
  it.scopedLive("is Up once it is upgraded, and leaves no connection", () =>
    Effect.gen(function* () {
      const server = yield* webSocketServer(() => undefined)
      const outcome = yield* probe(server.port)
      assert.deepStrictEqual(said(outcome), ["Up", null, null])
      assert.strictEqual(outcome.httpStatus, 101)
      assert.deepStrictEqual(phasesOf(outcome), ["connect", "firstByte", "transfer"])
      const [request] = server.requests
      assert.strictEqual(request?.path, "/path?query=1")
      assert.strictEqual(request?.headers["host"], `127.0.0.1:${server.port}`)
      assert.strictEqual(request?.headers["user-agent"], "Uptime/test")
      assert.isUndefined(request?.headers["sec-websocket-extensions"])
      yield* eventually(Effect.sync(server.open), (open) => open === 0, "2 seconds")
    }),
  )

  it.scopedLive("sends its message, text or not, and is Up when what it expects is in an answer", () =>
    Effect.gen(function* () {
      const server = yield* webSocketServer((socket) => {
        socket.send("welcome")
        socket.on("message", (data) => socket.send(`echo of ${data.toString()}`))
      })
      const outcome = yield* probe(server.port, { send: "caf\u00e9\\n", expect: "of caf\u00e9\\n" })
      assert.deepStrictEqual(said(outcome), ["Up", null, null])
      assert.strictEqual((yield* probe(server.port, { send: "\\xff\\x00", expect: "echo" })).status, "Up")
      assert.strictEqual((yield* probe(server.port, { send: "only" })).status, "Up")
      yield* eventually(
        Effect.sync(() => server.messages),
        (messages) => messages.length === 3,
        "2 seconds",
      )
      assert.deepStrictEqual(server.messages, [
        ["caf\u00e9\n", false],
        ["\ufffd\u0000", true],
        ["only", false],
      ])
    }),
  )

  it.scopedLive("takes the first message when a condition looks at the body", () =>
    Effect.gen(function* () {
      const server = yield* webSocketServer((socket) => setTimeout(() => socket.send('{"ok":true}'), 20))
      const conditions = [{ condition: "[BODY].ok == true", severity: "Down" as const }]
      const services = yield* probeServices()
      const outcome = yield* inTime(webSocketProbe, services, { ...check(`127.0.0.1:${server.port}`), conditions })
      assert.strictEqual(outcome.status, "Up")
      assert.isAbove(outcome.phases.transfer ?? 0, 10)
    }),
  )

  it.scopedLive("is Down when none of the first 100 messages is right, and shows the first", () =>
    Effect.gen(function* () {
      const server = yield* webSocketServer((socket) => {
        for (let i = 1; i <= 101; i++) socket.send(`message ${i}.`)
      })
      assert.strictEqual((yield* probe(server.port, { expect: "message 100." })).status, "Up")
      const outcome = yield* probe(server.port, { expect: "message 101." })
      assert.deepStrictEqual(said(outcome), [
        "Down",
        "protocol",
        "none of the first 100 messages, or of their first 64 KiB, holds the expected text",
      ])
      assert.strictEqual(outcome.evidence?.body, "message 1.")
    }),
  )

  it.scopedLive.each([
    ["is closed", (socket: WebSocket) => socket.close(1011, "broken"), "was closed before the expected message came"],
    ["is cut", (socket: WebSocket) => socket.terminate(), "was closed before the expected message came"],
    ["says too much at once", (socket: WebSocket) => socket.send("x".repeat(65_537)), "holds the expected text"],
    [
      "says too much in all",
      (socket: WebSocket) => socket.send("x".repeat(40_000), () => socket.send("y".repeat(40_000))),
      "holds the expected text",
    ],
  ] as const)("is Down when the connection %s", ([_, act, word]) =>
    Effect.gen(function* () {
      const server = yield* webSocketServer(act)
      const outcome = yield* probe(server.port, { expect: "right" })
      assert.deepStrictEqual([outcome.status, outcome.errorKind], ["Down", "protocol"])
      assert.include(outcome.errorMessage ?? "", word)
    }),
  )

  it.scopedLive("is given up when nothing is said, in time", () =>
    Effect.gen(function* () {
      const server = yield* webSocketServer(() => undefined)
      const outcome = yield* probe(server.port, { expect: "right" }, 300)
      assert.deepStrictEqual([outcome.status, outcome.errorKind, outcome.httpStatus], ["Down", "timeout", 101])
      yield* eventually(Effect.sync(server.open), (open) => open === 0, "2 seconds")
    }),
  )

  it.scopedLive("offers its subprotocols, and is Down when none is taken", () =>
    Effect.gen(function* () {
      const taking = yield* webSocketServer(() => undefined, undefined, "v2.chat")
      assert.strictEqual((yield* probe(taking.port, { subprotocols: ["v1.chat", "v2.chat", "v2.chat"] })).status, "Up")
      assert.strictEqual(taking.requests[0]?.headers["sec-websocket-protocol"], "v1.chat,v2.chat")
      const outcome = yield* probe(taking.port, { subprotocols: ["v3.chat"] })
      assert.deepStrictEqual(said(outcome), ["Down", "protocol", "the server takes none of the subprotocols"])
    }),
  )

  it.scopedLive("sends its secret headers, and is our own fault when one cannot be read or sent", () =>
    Effect.gen(function* () {
      const server = yield* webSocketServer(() => undefined)
      const token = { name: "Authorization", value: yield* sealed("Bearer abc") }
      assert.strictEqual((yield* probe(server.port, { secretHeaders: [token] })).status, "Up")
      assert.strictEqual(server.requests[0]?.headers["authorization"], "Bearer abc")
      for (const value of [yield* foreignSecret, yield* sealed("a\r\nHost: b")]) {
        const outcome = yield* probe(server.port, { secretHeaders: [{ name: "X-Key", value }] })
        assert.deepStrictEqual([outcome.status, outcome.errorKind], ["Unknown", "internal"])
      }
      assert.lengthOf(server.requests, 1)
    }),
  )

  it.scopedLive("goes over TLS where the URL says so", () =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const pair = yield* authority.issue({ names: ["site.test"] })
      const server = yield* webSocketServer((socket) => socket.send("hello"), pair)
      const names = { "site.test": [["127.0.0.1"]], "other.test": [["127.0.0.1"]] }
      const services = yield* probeServices({ names, authorities: [authority.cert] })
      const securely = (host: string, websocket: CheckSpec["websocket"]) =>
        inTime(webSocketProbe, services, { ...check(host, websocket), url: `wss://${host}:${server.port}/` })
      const outcome = yield* securely("site.test", { expect: "hello" })
      assert.deepStrictEqual(said(outcome), ["Up", null, null])
      assert.deepStrictEqual(phasesOf(outcome), ["dns", "connect", "tls", "firstByte", "transfer"])
      assert.strictEqual(server.requests[0]?.headers["host"], `site.test:${server.port}`)
      const other = yield* securely("other.test", {})
      assert.deepStrictEqual(said(other), ["Down", "tls", "the certificate is for another host"])
      const ignored = yield* securely("other.test", { ignoreTls: true })
      assert.strictEqual(ignored.status, "Up")
      assert.isNotNull(ignored.certificateExpiresAt)
    }),
  )
})

describe("an upgrade", () => {
  const accept = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"

  it.scopedLive.each([
    [404, "HTTP/1.1 404 Not Found\r\nX-Why: none\r\nContent-Length: 4\r\n\r\nnope"],
    [200, "HTTP/1.1 200 OK\r\nX-Why: none\r\nContent-Length: 1000000000\r\n\r\nx"],
    [302, "HTTP/1.1 302 Found\r\nX-Why: none\r\nLocation: ws://127.0.0.1:1/\r\n\r\n"],
    [503, "HTTP/1.1 503 x\r\nX-Why: none\r\nTransfer-Encoding: chunked\r\n\r\n"],
  ] as const)("that is refused with %i is Down, and shows the status and headers", ([status, answer]) =>
    Effect.gen(function* () {
      const { port } = yield* rawServer((socket) => socket.once("data", () => socket.write(answer)))
      const outcome = yield* probe(port)
      assert.deepStrictEqual(said(outcome), [
        "Down",
        "protocol",
        `the server refuses the upgrade with status ${status}`,
      ])
      assert.strictEqual(outcome.httpStatus, status)
      assert.deepStrictEqual(outcome.evidence?.headers[0], ["X-Why", "none"])
    }),
  )

  it.scopedLive.each([
    ["without the right key", `${accept}Sec-WebSocket-Accept: wrong\r\n\r\n`],
    ["without any key", `${accept}\r\n`],
    ["to something else", "HTTP/1.1 101 x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"],
  ] as const)("%s is none", ([_, answer]) =>
    Effect.gen(function* () {
      const { port } = yield* rawServer((socket) => socket.once("data", () => socket.write(answer)))
      const outcome = yield* probe(port)
      assert.deepStrictEqual(said(outcome), [
        "Down",
        "protocol",
        "the server's answer to the upgrade is not a WebSocket's",
      ])
    }),
  )
})

describe("a hostile WebSocket server", () => {
  /** A server that upgrades rightly and then sends what it likes. */
  const upgrading = (act: (socket: Socket) => void) =>
    Effect.gen(function* () {
      const server = new WebSocketServer({ noServer: true })
      const http = createServer().on("upgrade", (request, socket, head) => {
        server.handleUpgrade(request, socket, head, (webSocket) => {
          webSocket.on("error", () => undefined)
          socket.on("error", () => undefined)
          act(Reflect.get(webSocket, "_socket"))
        })
      })
      return yield* Effect.acquireRelease(
        Effect.async<number>((resume) => {
          http.listen(0, "127.0.0.1", () => {
            const address = http.address()
            if (typeof address === "object" && address !== null) resume(Effect.succeed(address.port))
          })
        }),
        () =>
          Effect.sync(() => {
            for (const client of server.clients) client.terminate()
            http.close()
            http.closeAllConnections()
          }),
      )
    })

  const broken = "the server breaks the WebSocket protocol"
  const pieces = [
    ["pings", Buffer.from([0x89, 0x00]), null],
    ["empty fragments", Buffer.from([0x00, 0x00]), broken],
    ["empty messages", Buffer.from([0x81, 0x00]), null],
    ["compressed messages", Buffer.from([0xc1, 0x01, 0x00]), broken],
    ["text that is not UTF-8", Buffer.from([0x81, 0x03, 0xed, 0xa0, 0x80]), broken],
    ["zeros", Buffer.alloc(16), broken],
    ["masked messages", Buffer.from([0x81, 0x81, 1, 2, 3, 4, 5]), broken],
    ["messages of 2^63 bytes", Buffer.from([0x82, 0x7f, 0x7f, 255, 255, 255, 255, 255, 255, 255]), null],
    ["goodbyes", Buffer.from([0x88, 0x00]), "the connection was closed before the expected message came"],
  ] as const

  it.scopedLive.each(pieces)("ends, and takes no memory, with endless %s", ([_, piece]) =>
    Effect.gen(function* () {
      const port = yield* upgrading((socket) =>
        flood(socket, Buffer.concat(Array.from({ length: 4_096 }, () => piece))),
      )
      const before = process.memoryUsage().rss
      const outcome = yield* probe(port, { expect: "right" }, 5_000)
      assert.isBelow(process.memoryUsage().rss - before, 50_000_000)
      assert.deepStrictEqual([outcome.status, outcome.errorKind], ["Down", "protocol"], outcome.errorMessage ?? "")
    }),
  )

  it.scopedLive.each(pieces.filter(([, , message]) => message !== null))(
    "is Down by one of its %s",
    ([_, piece, message]) =>
      Effect.gen(function* () {
        const port = yield* upgrading((socket) => socket.write(piece))
        assert.deepStrictEqual(said(yield* probe(port, { expect: "right" })), ["Down", "protocol", message])
      }),
  )

  it.scopedLive("closes its connection when it is interrupted before it is upgraded", () =>
    Effect.gen(function* () {
      const server = yield* silentServer()
      const outcome = yield* probe(server.port, {}, 200)
      assert.strictEqual(outcome.errorKind, "timeout")
      yield* server.closed
    }),
  )
})

behavesAsSocketProbe({
  probe: webSocketProbe,
  check: (host, timeoutMs) => check(host, {}, timeoutMs),
  endless: [
    ["informational answers", "", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"],
    ["header", "HTTP/1.1 101 x\r\nX: ", "a"],
    ["header fields", "HTTP/1.1 101 x\r\n", "X: a\r\n"],
    ["zeros", "", Buffer.alloc(64)],
  ],
})
