import { createServer, type Server } from "node:https"
import { TLSSocket } from "node:tls"
import { assert, describe, it } from "@effect/vitest"
import * as Certificates from "@uptime/testing/Certificates"
import { hostileServer, rawServer } from "@uptime/testing/HostileServer"
import { Duration, Effect, Fiber } from "effect"
import { probe, testProber, verdict } from "./TestProber.ts"

interface Seen {
  readonly servername: unknown
  readonly alpn: unknown
  readonly isReused: boolean
}

/** An https server on a free port of 127.0.0.1, which answers 200 to whatever is asked, or a redirect. */
const httpsServer = (
  pair: Certificates.Pair,
  options: { readonly requestCert?: boolean; readonly redirectTo?: string } = {},
) =>
  Effect.gen(function* () {
    const seen: Array<Seen> = []
    const server = createServer({ ...pair, requestCert: options.requestCert ?? false }, ({ socket }, response) => {
      if (socket instanceof TLSSocket) {
        const { alpnProtocol } = socket
        seen.push({
          servername: Reflect.get(socket, "servername"),
          alpn: alpnProtocol,
          isReused: socket.isSessionReused(),
        })
      }
      if (options.redirectTo === undefined) response.end("ok")
      else response.writeHead(302, { location: options.redirectTo }).end()
    })
    server.on("tlsClientError", () => undefined)
    const port = yield* Effect.acquireRelease(listening(server), () =>
      Effect.async<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      }),
    )
    return { port, seen }
  })

const listening = (server: Server) =>
  Effect.async<number>((resume) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resume(
        typeof address === "object" && address !== null ? Effect.succeed(address.port) : Effect.dieMessage("no port"),
      )
    })
  })

const names = { "site.test": [["127.0.0.1"]], "www.site.test": [["127.0.0.1"]], "other.test": [["127.0.0.1"]] }

describe("a probe over https", () => {
  it.scopedLive("is Up with a certificate that verifies, and says when it ends", () =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const server = yield* httpsServer(yield* authority.issue({ names: ["site.test"] }))
      const outcome = yield* probe(`https://site.test:${server.port}/`).pipe(
        Effect.provide(testProber({ names, authorities: [authority.cert] })),
      )
      assert.deepStrictEqual(verdict(outcome), { status: "Up", httpStatus: 200, kind: null, message: null })
      assert.strictEqual(outcome.certificateExpiresAt, Certificates.end.getTime())
      for (const ms of Object.values(outcome.phases)) assert.isNotNull(ms)
    }),
  )

  it.scopedLive("sends the name as SNI, speaks HTTP/1.1, and resumes no session", () =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const server = yield* httpsServer(yield* authority.issue({ names: ["site.test"] }))
      const url = `https://site.test.:${server.port}/`
      yield* Effect.all([probe(url), probe(url)]).pipe(
        Effect.provide(testProber({ names: { "site.test.": [["127.0.0.1"]] }, authorities: [authority.cert] })),
      )
      const expected = { servername: "site.test", alpn: "http/1.1", isReused: false }
      assert.deepStrictEqual(server.seen, [expected, expected])
    }),
  )

  it.scopedLive("accepts a wildcard for one label, and an address that the certificate names", () =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const server = yield* httpsServer(yield* authority.issue({ names: ["*.site.test"], addresses: ["127.0.0.1"] }))
      const layer = testProber({ names, authorities: [authority.cert] })
      for (const [host, kind] of [
        ["www.site.test", null],
        ["127.0.0.1", null],
        ["site.test", "tls"],
      ] as const) {
        const outcome = yield* Effect.provide(probe(`https://${host}:${server.port}/`), layer)
        assert.strictEqual(outcome.errorKind, kind, host)
      }
    }),
  )

  const expired = new Date("2021-01-01T00:00:00Z")
  const bad: ReadonlyArray<readonly [string, Certificates.CertificateOptions, string]> = [
    ["expired", { names: ["site.test"], to: expired }, "expired"],
    ["not valid yet", { names: ["site.test"], from: new Date("2119-01-01T00:00:00Z") }, "not valid yet"],
    ["for another host", { names: ["other.test"] }, "another host"],
    ["for no host", {}, "another host"],
  ]
  it.scopedLive.each(bad)("is Down with a certificate that is %s, and says when it ends", ([_, options, word]) =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const server = yield* httpsServer(yield* authority.issue(options))
      const outcome = yield* probe(`https://site.test:${server.port}/`).pipe(
        Effect.provide(testProber({ names, authorities: [authority.cert] })),
      )
      assert.strictEqual(outcome.status, "Down")
      assert.strictEqual(outcome.errorKind, "tls")
      assert.include(outcome.errorMessage ?? "", word)
      assert.strictEqual(outcome.certificateExpiresAt, (options.to ?? Certificates.end).getTime())
      assert.isNull(outcome.httpStatus)
      assert.lengthOf(server.seen, 0)
    }),
  )

  it.scopedLive("is Down with a certificate that vouches for itself, or whose authority nobody knows", () =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const own = yield* httpsServer(yield* Certificates.selfSigned({ names: ["site.test"] }))
      const unknown = yield* httpsServer(yield* authority.issue({ names: ["site.test"] }))
      const layer = testProber({ names })
      const self = yield* Effect.provide(probe(`https://site.test:${own.port}/`), layer)
      assert.deepStrictEqual(verdict(self), {
        status: "Down",
        httpStatus: null,
        kind: "tls",
        message: "the certificate is self-signed",
      })
      const strange = yield* Effect.provide(probe(`https://site.test:${unknown.port}/`), layer)
      assert.strictEqual(strange.errorKind, "tls")
      assert.include(strange.errorMessage ?? "", "authority is not known")
      assert.strictEqual(strange.certificateExpiresAt, Certificates.end.getTime())
    }),
  )

  it.scopedLive("is Down when the server demands a client certificate", () =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const pair = yield* authority.issue({ names: ["site.test"] })
      const server = yield* httpsServer(pair, { requestCert: true })
      const outcome = yield* probe(`https://site.test:${server.port}/`).pipe(
        Effect.provide(testProber({ names, authorities: [authority.cert] })),
      )
      assert.strictEqual(outcome.errorKind, "tls")
      assert.include(outcome.errorMessage ?? "", "client certificate")
    }),
  )

  it.scopedLive("is given up when the handshake never ends", () =>
    Effect.gen(function* () {
      const { port } = yield* rawServer((socket) => socket.resume())
      const [took, outcome] = yield* Effect.timed(probe(`https://127.0.0.1:${port}/`, 300))
      assert.isBelow(Duration.toMillis(took), 800)
      assert.strictEqual(outcome.errorKind, "timeout")
      assert.include(outcome.errorMessage ?? "", "TLS handshake")
      assert.isNull(outcome.phases.firstByte)
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("that is interrupted in the handshake closes its connection at once", () =>
    Effect.gen(function* () {
      const server = yield* hostileServer
      const fiber = yield* Effect.fork(probe(`https://127.0.0.1:${server.port}/`, 60_000))
      yield* server.awaitRequests(1)
      yield* Fiber.interrupt(fiber)
      yield* Effect.timeout(server.awaitClosed, "1 second")
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("is Down at a port that speaks no TLS, and at one that hangs up", () =>
    Effect.gen(function* () {
      const plain = yield* rawServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"))
      const closing = yield* rawServer((socket) => socket.once("data", () => socket.end()))
      const resetting = yield* rawServer((socket) => socket.once("data", () => socket.resetAndDestroy()))
      for (const { port } of [plain, closing, resetting]) {
        const outcome = yield* probe(`https://127.0.0.1:${port}/`, 2_000)
        assert.strictEqual(outcome.status, "Down")
        assert.strictEqual(outcome.errorKind, "tls", outcome.errorMessage ?? "")
      }
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("follows a redirect down to http, and forgets the certificate of the hop before", () =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const target = yield* hostileServer
      const pair = yield* authority.issue({ names: ["site.test"] })
      const { port } = yield* httpsServer(pair, { redirectTo: `${target.url}/good` })
      const outcome = yield* probe(`https://site.test:${port}/`).pipe(
        Effect.provide(testProber({ names, authorities: [authority.cert] })),
      )
      assert.deepStrictEqual(verdict(outcome), { status: "Up", httpStatus: 200, kind: null, message: null })
      assert.isNull(outcome.certificateExpiresAt)
      assert.isNotNull(outcome.phases.tls)
    }),
  )
})
