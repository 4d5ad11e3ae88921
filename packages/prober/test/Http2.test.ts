import type { TLSSocket } from "node:tls"
import { assert, describe, it } from "@effect/vitest"
import type { ErrorKind } from "@uptime/domain/CheckError"
import * as Certificates from "@uptime/testing/Certificates"
import { Deferred, Duration, Effect, Fiber } from "effect"
import { http2Server, rawHttp2Server } from "./Http2Server.ts"
import { check, httpServer, sealed } from "./HttpServerFixture.ts"
import { testProber, verdict } from "./TestProber.ts"

const up = { status: "Up", httpStatus: 200, kind: null, message: null } as const
const names = { "site.test": [["127.0.0.1"]] }

const certified = Effect.gen(function* () {
  const authority = yield* Certificates.authority
  return {
    pair: yield* authority.issue({ names: ["site.test"] }),
    layer: testProber({ names, authorities: [authority.cert] }),
  }
})

describe("a check over HTTP/2", () => {
  it.scopedLive.each(["2", "any"] as const)("is Up where the server speaks it, asked for as %s", (httpVersion) =>
    Effect.gen(function* () {
      const { layer, pair } = yield* certified
      const server = yield* http2Server(pair)
      const outcome = yield* Effect.provide(check(`https://site.test:${server.port}/a?b=1`, { httpVersion }), layer)
      assert.deepStrictEqual(verdict(outcome), up)
      for (const [phase, ms] of Object.entries(outcome.phases)) assert.isNotNull(ms, phase)
      assert.deepInclude(server.requests[0]?.headers, {
        ":method": "GET",
        ":scheme": "https",
        ":authority": `site.test:${server.port}`,
        ":path": "/a?b=1",
        "accept-encoding": "identity",
      })
      yield* server.awaitClosed
    }),
  )

  it.scopedLive(
    "speaks HTTP/1.1 where it may choose and the server has nothing else, and is Down where it may not",
    () =>
      Effect.gen(function* () {
        const { layer, pair } = yield* certified
        const server = yield* httpServer(undefined, pair)
        const url = `https://site.test:${server.port}/`
        assert.deepStrictEqual(verdict(yield* Effect.provide(check(url, { httpVersion: "any" }), layer)), up)
        const only = yield* Effect.provide(check(url, { httpVersion: "2" }), layer)
        assert.strictEqual(only.status, "Down")
        assert.lengthOf(server.requests, 1)
      }),
  )

  it.scopedLive("is Down where the server agrees on nothing, and the check asks for HTTP/2", () =>
    Effect.gen(function* () {
      const { layer, pair } = yield* certified
      const server = yield* httpServer(undefined, { ...pair, ALPNProtocols: [] })
      const outcome = yield* Effect.provide(check(`https://site.test:${server.port}/`, { httpVersion: "2" }), layer)
      assert.strictEqual(outcome.status, "Down")
      assert.strictEqual(outcome.errorMessage, "the server does not speak HTTP/2")
      assert.lengthOf(server.requests, 0)
    }),
  )

  it.scopedLive("speaks HTTP/1.1 over http, where HTTP/2 is not agreed upon", () =>
    Effect.gen(function* () {
      const server = yield* httpServer()
      assert.deepStrictEqual(verdict(yield* check(server.url, { httpVersion: "2" })), up)
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("carries method, headers, credentials and body", () =>
    Effect.gen(function* () {
      const { layer, pair } = yield* certified
      const server = yield* http2Server(pair)
      const outcome = yield* Effect.provide(
        check(`https://site.test:${server.port}/`, {
          httpVersion: "2",
          method: "POST",
          body: { type: "json", content: '{"a":"\u00e4"}' },
          headers: [
            { name: "Host", value: "inner.example" },
            { name: "Cookie", value: "a=1" },
            { name: "cookie", value: "b=2" },
            { name: "Connection", value: "close" },
            { name: "TE", value: "gzip" },
            { name: "constructor", value: "x" },
          ],
          auth: { type: "bearer", token: yield* sealed("abc.def") },
        }),
        layer,
      )
      assert.deepStrictEqual(verdict(outcome), up)
      const [request] = server.requests
      assert.strictEqual(request?.body, '{"a":"\u00e4"}')
      assert.deepInclude(request?.headers, {
        ":method": "POST",
        ":authority": "inner.example",
        authorization: "Bearer abc.def",
        cookie: "a=1; b=2",
        "content-type": "application/json",
        "content-length": "10",
        constructor: "x",
      })
    }),
  )

  it.scopedLive("follows redirects, and shows what came of an answer that is not accepted", () =>
    Effect.gen(function* () {
      const { layer, pair } = yield* certified
      const server = yield* http2Server(pair, (stream, { headers }) => {
        if (headers[":path"] === "/end") {
          stream.respond({ ":status": 503, "x-request": "r1" })
          stream.end("down for repair")
        } else {
          stream.respond({ ":status": 302, location: "/end" })
          stream.end("x".repeat(100_000))
        }
      })
      const outcome = yield* Effect.provide(check(`https://site.test:${server.port}/`, { httpVersion: "any" }), layer)
      assert.strictEqual(outcome.errorMessage, "status 503")
      assert.strictEqual(outcome.evidence?.body, "down for repair")
      assert.deepInclude(outcome.evidence?.headers ?? [], ["x-request", "r1"])
      assert.lengthOf(server.requests, 2)
    }),
  )

  it.scopedLive("that is interrupted closes its connection", () =>
    Effect.gen(function* () {
      const { layer, pair } = yield* certified
      const asked = yield* Deferred.make<void>()
      const server = yield* http2Server(pair, () => Deferred.unsafeDone(asked, Effect.void))
      const url = `https://site.test:${server.port}/`
      const fiber = yield* Effect.fork(Effect.provide(check(url, { httpVersion: "2" }, { timeoutMs: 60_000 }), layer))
      yield* Deferred.await(asked)
      yield* Fiber.interrupt(fiber)
      yield* Effect.timeout(server.awaitClosed, "1 second")
    }),
  )

  it.scopedLive("of a silent server ends with its deadline", () =>
    Effect.gen(function* () {
      const { layer, pair } = yield* certified
      const server = yield* http2Server(pair, (stream) => stream.respond({ ":status": 200 }))
      const url = `https://site.test:${server.port}/`
      const [took, outcome] = yield* Effect.timed(check(url, { httpVersion: "2" }, { timeoutMs: 400 })).pipe(
        Effect.provide(layer),
      )
      assert.isBelow(Duration.toMillis(took), 900)
      assert.strictEqual(outcome.errorKind, "timeout")
      assert.strictEqual(outcome.httpStatus, 200)
    }),
  )

  it.scopedLive("reads no more than a mebibyte of an endless answer", () =>
    Effect.gen(function* () {
      const { layer, pair } = yield* certified
      const piece = Buffer.alloc(16_384, "x")
      const server = yield* http2Server(pair, (stream) => {
        stream.respond({ ":status": 200 })
        const pump = () => {
          while (!stream.destroyed && stream.write(piece)) {
            // Goes on until the window is full.
          }
        }
        stream.on("drain", pump)
        pump()
      })
      const before = process.memoryUsage().rss
      const outcome = yield* Effect.provide(check(`https://site.test:${server.port}/`, { httpVersion: "2" }), layer)
      assert.deepStrictEqual(verdict(outcome), up)
      assert.isBelow(process.memoryUsage().rss - before, 50_000_000)
      yield* Effect.timeout(server.awaitClosed, "1 second")
    }),
  )

  const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])
  const hostile: ReadonlyArray<readonly [string, (socket: TLSSocket) => void, ErrorKind]> = [
    ["hangs up", (socket) => socket.end(), "connect"],
    ["resets the connection", (socket) => socket.on("data", () => socket.destroy()), "connect"],
    ["answers by HTTP/1.1", (socket) => socket.write("HTTP/1.1 200 OK\r\n\r\n"), "body"],
    ["answers NUL bytes", (socket) => socket.write(Buffer.alloc(65_536)), "body"],
    ["sends an oversized frame", (socket) => socket.write(Buffer.from([255, 255, 255, 0, 0, 0, 0, 0, 1])), "body"],
    [
      "sends data before a head",
      (socket) => socket.write(Buffer.concat([settings, Buffer.from([0, 0, 1, 0, 1, 0, 0, 0, 1, 120])])),
      "timeout",
    ],
    ["says nothing at all", () => undefined, "timeout"],
    [
      "floods with settings",
      (socket) => {
        const pump = () => {
          while (!socket.destroyed && socket.write(settings)) {
            // Goes on until the buffer is full.
          }
        }
        socket.on("drain", pump)
        pump()
      },
      "body",
    ],
  ]
  it.scopedLive.each(hostile)("is Down, within its time and memory, where the server %s", ([, onConnection, kind]) =>
    Effect.gen(function* () {
      const { layer, pair } = yield* certified
      const port = yield* rawHttp2Server(pair, onConnection)
      // Those that end by themselves have time to, also on a busy machine.
      const timeoutMs = kind === "timeout" ? 600 : 5_000
      const before = process.memoryUsage().rss
      const [took, outcome] = yield* Effect.timed(
        check(`https://site.test:${port}/`, { httpVersion: "2" }, { timeoutMs }),
      ).pipe(Effect.provide(layer))
      assert.isBelow(Duration.toMillis(took), timeoutMs + 500)
      assert.isBelow(process.memoryUsage().rss - before, 50_000_000)
      assert.strictEqual(outcome.status, "Down")
      assert.strictEqual(outcome.errorKind, kind, outcome.errorMessage ?? "")
    }),
  )

  it.scopedLive("is Down where the server refuses or breaks off the stream", () =>
    Effect.gen(function* () {
      const { layer, pair } = yield* certified
      const server = yield* http2Server(pair, (stream, { headers }) => {
        if (headers[":path"] === "/begun") {
          stream.respond({ ":status": 200 })
          stream.write("some", () => stream.destroy(new Error("broken")))
        } else stream.close(7)
      })
      for (const path of ["/refused", "/begun"]) {
        const url = `https://site.test:${server.port}${path}`
        const outcome = yield* Effect.provide(check(url, { httpVersion: "2" }), layer)
        assert.strictEqual(outcome.errorKind, "body", `${path}: ${outcome.errorMessage}`)
      }
    }),
  )
})
