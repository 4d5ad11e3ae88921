import { createServer as createHttpServer, type IncomingMessage, type Server } from "node:http"
import { createServer as createHttpsServer } from "node:https"
import { assert, describe, it } from "@effect/vitest"
import { GuardedHttp, type GuardedHttpError, type GuardedRequest } from "@uptime/prober/GuardedHttp"
import { ResolveError } from "@uptime/prober/ResolveError"
import { publicOnly, type TargetPolicy } from "@uptime/prober/TargetGuard"
import * as Certificates from "@uptime/testing/Certificates"
import { hostileServer, rawServer } from "@uptime/testing/HostileServer"
import { Duration, Effect, Fiber, Layer } from "effect"
import { fakeResolver, loopbackPolicy, type Names } from "./TestProber.ts"

interface Options {
  readonly policy?: TargetPolicy
  readonly names?: Names
  readonly authorities?: ReadonlyArray<string>
}

const guardedHttp = (options: Options = {}) =>
  GuardedHttp.layerNoDeps(options.policy ?? loopbackPolicy, {
    certificateAuthorities: options.authorities ?? [],
  }).pipe(Layer.provide(fakeResolver(options.names ?? {})))

const request = (url: string, rest: Partial<GuardedRequest> = {}) =>
  Effect.flatMap(GuardedHttp, (http) =>
    http.request({ method: "GET", url, headers: {}, timeoutMs: 5_000, maxBodyBytes: 65_536, ...rest }),
  )

interface Seen {
  readonly line: string
  readonly headers: IncomingMessage["headers"]
  readonly body: string
}

/** A server on a free port of 127.0.0.1 that notes what it was sent, and says `hello`. */
const receiver = (make: (onRequest: Parameters<typeof createHttpServer>[1]) => Server = createHttpServer) =>
  Effect.gen(function* () {
    const seen: Array<Seen> = []
    const server = make((received, response) => {
      const chunks: Array<Buffer> = []
      received.on("data", (chunk) => chunks.push(chunk))
      received.on("end", () => {
        const body = Buffer.concat(chunks).toString()
        seen.push({ line: `${received.method} ${received.url}`, headers: received.headers, body })
        response.setHeader("X-Twice", ["a", "b"])
        response.end("hello")
      })
    })
    server.on("tlsClientError", () => undefined)
    const port = yield* Effect.acquireRelease(
      Effect.async<number>((resume) => {
        server.listen(0, "127.0.0.1", () => {
          const address = server.address()
          resume(typeof address === "object" && address !== null ? Effect.succeed(address.port) : Effect.die("no port"))
        })
      }),
      () =>
        Effect.async<void>((resume) => {
          server.close(() => resume(Effect.void))
          server.closeAllConnections()
        }),
    )
    return { port, seen }
  })

const reasonOf = <A, R>(effect: Effect.Effect<A, GuardedHttpError, R>) =>
  Effect.map(Effect.flip(effect), ({ reason }) => reason)

describe("a guarded request", () => {
  it.scopedLive("sends method, path, headers and body as given, and its own of what belongs to the connection", () =>
    Effect.gen(function* () {
      const { port, seen } = yield* receiver()
      const answer = yield* request(`http://hooks.test:${port}/a/b?c=%20d#e`, {
        method: "POST",
        headers: { "Content-Type": "text/plain", HOST: "other.test", "Accept-Encoding": "gzip", "X-One": "1" },
        body: "grüß dich",
      })
      const [{ body, headers, line } = { body: "", headers: {}, line: "" }] = seen
      assert.strictEqual(line, "POST /a/b?c=%20d")
      assert.strictEqual(body, "grüß dich")
      assert.deepStrictEqual(
        { ...headers, "user-agent": "" },
        {
          host: `hooks.test:${port}`,
          connection: "close",
          "accept-encoding": "identity",
          "content-length": "11",
          "content-type": "text/plain",
          "x-one": "1",
          "user-agent": "",
        },
      )
      assert.match(headers["user-agent"] ?? "", /^Uptime/)
      assert.strictEqual(answer.status, 200)
      assert.strictEqual(answer.headers["x-twice"], "a, b")
      assert.strictEqual(answer.body, "hello")
      assert.isFalse(answer.isTruncated)
    }).pipe(Effect.provide(guardedHttp({ names: { "hooks.test": [["127.0.0.1"]] } }))),
  )

  it.scopedLive("tries the next address when one does not answer", () =>
    Effect.gen(function* () {
      const { port } = yield* receiver()
      const answer = yield* request(`http://hooks.test:${port}/`)
      assert.strictEqual(answer.status, 200)
    }).pipe(Effect.provide(guardedHttp({ names: { "hooks.test": [["127.0.0.2", "127.0.0.1"]] } }))),
  )

  it.scopedLive("takes a redirect for an answer", () =>
    Effect.gen(function* () {
      const server = yield* hostileServer
      const answer = yield* request(`${server.url}/redirect?to=/good`)
      assert.strictEqual(answer.status, 302)
      assert.strictEqual(answer.headers["location"], "/good")
      assert.lengthOf(server.requests(), 1)
    }).pipe(Effect.provide(guardedHttp())),
  )

  it.scopedLive("reads no more of a body than it may", () =>
    Effect.gen(function* () {
      const server = yield* hostileServer
      const endless = yield* request(`${server.url}/endless-body`, { maxBodyBytes: 1_000 })
      assert.strictEqual(endless.body, "x".repeat(1_000))
      assert.isTrue(endless.isTruncated)
      const exact = yield* request(`${server.url}/good`, { maxBodyBytes: 2 })
      assert.deepStrictEqual([exact.body, exact.isTruncated], ["ok", false])
      yield* server.awaitClosed
    }).pipe(Effect.provide(guardedHttp())),
  )

  const broken: ReadonlyArray<readonly [string, GuardedHttpError["reason"]]> = [
    ["/garbage", "protocol"],
    ["/ssh", "protocol"],
    ["/endless-103", "protocol"],
    ["/endless-header", "protocol"],
    ["/large-header", "protocol"],
    ["/switch", "protocol"],
    ["/two-lengths", "protocol"],
    ["/short", "protocol"],
    ["/reset-mid-body", "protocol"],
    ["/reset-unanswered", "connect"],
    ["/close-unanswered", "connect"],
    ["/silent", "timeout"],
    ["/dripping-header", "timeout"],
    ["/dripping-body", "timeout"],
    ["/long-promise", "timeout"],
    ["/slow-103", "protocol"],
  ]
  it.scopedLive.each(broken)("ends in time, in words of its own, where the answer is %s", ([path, reason]) =>
    Effect.gen(function* () {
      const server = yield* hostileServer
      const timeoutMs = reason === "timeout" ? 600 : 5_000
      const [took, error] = yield* Effect.timed(Effect.flip(request(`${server.url}${path}`, { timeoutMs })))
      assert.strictEqual(error.reason, reason, error.message)
      assert.match(error.message, /^[\x20-\x7e]{1,200}$/)
      assert.isBelow(Duration.toMillis(took), timeoutMs + 500)
      yield* server.awaitClosed
    }).pipe(Effect.provide(guardedHttp())),
  )

  it.scopedLive("closes its connection when it is interrupted", () =>
    Effect.gen(function* () {
      const server = yield* hostileServer
      const fiber = yield* Effect.fork(request(`${server.url}/silent`))
      yield* server.awaitRequests(1)
      yield* Fiber.interrupt(fiber)
      yield* server.awaitClosed
    }).pipe(Effect.provide(guardedHttp())),
  )

  const malformed: ReadonlyArray<readonly [string, GuardedHttpError["reason"], Partial<GuardedRequest>]> = [
    ["", "malformedUrl", {}],
    ["//example.com/", "malformedUrl", {}],
    ["ftp://example.com/", "malformedUrl", {}],
    ["file:///etc/passwd", "malformedUrl", {}],
    ["http://example.com:0/", "malformedUrl", {}],
    ["http://user:secret@example.com/", "malformedUrl", {}],
    ["http://example.com/", "malformedHeader", { headers: { "X-A": "a\r\nX-B: b" } }],
    ["http://example.com/", "malformedHeader", { headers: { "X A": "a" } }],
    ["http://example.com/", "malformedHeader", { headers: { "X-A": "\u2028" } }],
  ]
  it.live.each(malformed)("refuses %j as %s before anything is looked up", ([url, reason, rest]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(request(url, rest))
      assert.strictEqual(error.reason, reason)
      assert.notInclude(error.message, "secret")
    }).pipe(Effect.provide(guardedHttp())),
  )

  it.live("says what is wrong with a name, and whose fault it is", () =>
    Effect.gen(function* () {
      for (const [name, reason] of [
        ["gone.test", "dns"],
        ["empty.test", "dns"],
        ["slow.test", "timeout"],
        ["ours.test", "internal"],
      ] as const) {
        assert.strictEqual(yield* reasonOf(request(`http://${name}/`)), reason, name)
      }
    }).pipe(
      Effect.provide(
        guardedHttp({
          names: {
            "gone.test": [new ResolveError({ reason: "notFound" })],
            "empty.test": [new ResolveError({ reason: "noAddress" })],
            "slow.test": [new ResolveError({ reason: "timeout" })],
            "ours.test": [new ResolveError({ reason: "unavailable" })],
          },
        }),
      ),
    ),
  )

  it.scopedLive("says that nobody listens", () =>
    Effect.gen(function* () {
      const { port } = yield* Effect.scoped(receiver())
      assert.strictEqual(yield* reasonOf(request(`http://127.0.0.1:${port}/`)), "connect")
      const both = request(`http://hooks.test:${port}/`)
      assert.strictEqual(yield* reasonOf(both), "connect")
    }).pipe(Effect.provide(guardedHttp({ names: { "hooks.test": [["127.0.0.1", "127.0.0.2"]] } }))),
  )
})

describe("the guard of a request", () => {
  const never = [
    "169.254.169.254",
    "[fe80::1]",
    "[::ffff:169.254.169.254]",
    "0.0.0.0",
    "2852039166",
    "0xa9fea9fe",
    "224.0.0.1",
  ]
  it.live.each(never)("lets no policy send to %s", (host) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* reasonOf(request(`http://${host}/`)), "blocked")
    }).pipe(Effect.provide(guardedHttp({ policy: { ...loopbackPolicy, allowPrivate: true } }))),
  )

  it.scopedLive("sends nothing to what is private, written as an address or behind a name", () =>
    Effect.gen(function* () {
      const { port, seen } = yield* receiver()
      for (const host of ["127.0.0.1", "[::1]", "[::ffff:7f00:1]", "2130706433", "localhost", "own.test"]) {
        const error = yield* Effect.flip(request(`http://${host}:${port}/`))
        assert.strictEqual(error.reason, "blocked", host)
        assert.notMatch(error.message, /127|::1/)
      }
      assert.lengthOf(seen, 0)
    }).pipe(
      Effect.provide(
        guardedHttp({
          policy: publicOnly,
          names: { "own.test": [["127.0.0.1"]], localhost: [["127.0.0.1", "::1"]] },
        }),
      ),
    ),
  )

  it.scopedLive("asks it of every address: one that is refused is enough", () =>
    Effect.gen(function* () {
      const { port, seen } = yield* receiver()
      assert.strictEqual(yield* reasonOf(request(`http://mixed.test:${port}/`)), "blocked")
      assert.lengthOf(seen, 0)
    }).pipe(Effect.provide(guardedHttp({ names: { "mixed.test": [["127.0.0.1", "10.0.0.1"]] } }))),
  )

  it.scopedLive("dials what it has seen: a name that says something else a moment later changes nothing", () =>
    Effect.gen(function* () {
      const { port, seen } = yield* receiver()
      const url = `http://rebinding.test:${port}/`
      assert.strictEqual((yield* request(url)).status, 200)
      assert.strictEqual(yield* reasonOf(request(url)), "blocked")
      assert.lengthOf(seen, 1)
    }).pipe(Effect.provide(guardedHttp({ names: { "rebinding.test": [["127.0.0.1"], ["169.254.169.254"]] } }))),
  )
})

describe("a guarded request over https", () => {
  const names = { "site.test": [["127.0.0.1"]], "site.test.": [["127.0.0.1"]], "other.test": [["127.0.0.1"]] }

  it.scopedLive("verifies the certificate against the name, with the authorities it was given", () =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const pair = yield* authority.issue({ names: ["site.test"], addresses: ["127.0.0.1"] })
      const { port, seen } = yield* receiver((onRequest) => createHttpsServer({ ...pair }, onRequest))
      const layer = guardedHttp({ names, authorities: [authority.cert] })
      for (const host of ["site.test", "site.test.", "127.0.0.1"]) {
        const answer = yield* Effect.provide(request(`https://${host}:${port}/`, { method: "POST", body: "x" }), layer)
        assert.strictEqual(answer.body, "hello", host)
      }
      assert.deepStrictEqual(
        seen.map(({ headers }) => headers.host),
        [`site.test:${port}`, `site.test.:${port}`, `127.0.0.1:${port}`],
      )
      const other = yield* Effect.flip(Effect.provide(request(`https://other.test:${port}/`), layer))
      assert.deepStrictEqual([other.reason, other.message], ["tls", "the certificate is for another host"])
      const stranger = yield* Effect.flip(Effect.provide(request(`https://site.test:${port}/`), guardedHttp({ names })))
      assert.strictEqual(stranger.reason, "tls")
      assert.include(stranger.message, "authority is not known")
      assert.lengthOf(seen, 3)
    }),
  )

  it.scopedLive("tells what does not speak TLS, or breaks it off", () =>
    Effect.gen(function* () {
      const { port: plain } = yield* receiver()
      const { port: closing } = yield* rawServer((socket) => socket.once("data", () => socket.end()))
      const { port: silent } = yield* rawServer(() => undefined)
      assert.strictEqual(yield* reasonOf(request(`https://127.0.0.1:${plain}/`)), "tls")
      assert.strictEqual(yield* reasonOf(request(`https://127.0.0.1:${closing}/`)), "tls")
      assert.strictEqual(yield* reasonOf(request(`https://127.0.0.1:${silent}/`, { timeoutMs: 300 })), "timeout")
    }).pipe(Effect.provide(guardedHttp())),
  )
})
