import { assert, describe, it } from "@effect/vitest"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { unmeasured } from "@uptime/domain/Result"
import { SecretBox } from "@uptime/runtime/SecretBox"
import { Effect, Option, Redacted } from "effect"
import { check, httpServer, sealed } from "./HttpServerFixture.ts"
import { testProber, verdict } from "./TestProber.ts"

type Http = NonNullable<CheckSpec["http"]>

describe("a request", () => {
  it.scopedLive.each(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const)("is made by %s", (method) =>
    Effect.gen(function* () {
      const server = yield* httpServer()
      assert.strictEqual((yield* check(server.url, { method })).status, "Up")
      assert.strictEqual(server.requests[0]?.method, method)
      const length = method === "POST" || method === "PUT" || method === "PATCH" ? "0" : undefined
      assert.strictEqual(server.requests[0]?.headers["content-length"], length)
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("by HEAD is whole with its head, whatever length that names", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((response) => response.writeHead(200, { "content-length": "1000" }).end())
      assert.strictEqual((yield* check(server.url, { method: "HEAD" })).status, "Up")
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive(
    "carries the monitor's headers in place of the usual ones, and none of those that frame a message",
    () =>
      Effect.gen(function* () {
        const server = yield* httpServer()
        const http: Http = {
          headers: [
            { name: "X-Tenant", value: "blue" },
            { name: "user-agent", value: "Mine/1" },
            { name: "Accept", value: "text/html" },
            { name: "Host", value: "inner.example" },
            { name: "Content-Length", value: "77" },
            { name: "Transfer-Encoding", value: "chunked" },
            { name: "Connection", value: "keep-alive" },
            { name: "__proto__", value: "x" },
          ],
          secretHeaders: [{ name: "X-Key", value: yield* sealed("hunter2") }],
        }
        assert.strictEqual((yield* check(server.url, http)).status, "Up")
        const headers = server.requests[0]?.headers ?? {}
        assert.deepInclude(headers, {
          "x-tenant": "blue",
          "user-agent": "Mine/1",
          accept: "text/html",
          host: "inner.example",
          "x-key": "hunter2",
          connection: "close",
          "accept-encoding": "identity",
        })
        assert.isUndefined(headers["content-length"])
        assert.isUndefined(headers["transfer-encoding"])
      }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive.each([
    ["json", '{"name":"J\u00fcrgen"}', "application/json"],
    ["form", "a=1&b=2", "application/x-www-form-urlencoded"],
    ["raw", "<xml/>", undefined],
  ] as const)("carries a body of type %s, its length in bytes", ([type, content, contentType]) =>
    Effect.gen(function* () {
      const server = yield* httpServer()
      yield* check(server.url, { method: "POST", body: { type, content } })
      const [request] = server.requests
      assert.strictEqual(request?.body, content)
      assert.strictEqual(request?.headers["content-type"], contentType)
      assert.strictEqual(request?.headers["content-length"], String(Buffer.byteLength(content)))
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("keeps the content type that the monitor gives", () =>
    Effect.gen(function* () {
      const server = yield* httpServer()
      const body = { type: "json", content: "{}" } as const
      yield* check(server.url, {
        method: "POST",
        body,
        headers: [{ name: "content-type", value: "application/ld+json" }],
      })
      assert.strictEqual(server.requests[0]?.headers["content-type"], "application/ld+json")
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive(
    "shows credentials: a name and a password in UTF-8, or a token, in place of a header of that name",
    () =>
      Effect.gen(function* () {
        const server = yield* httpServer()
        const headers = [{ name: "Authorization", value: "nothing" }]
        yield* check(server.url, {
          headers,
          auth: { type: "basic", username: "j\u00fcrgen", password: yield* sealed("p:w") },
        })
        yield* check(server.url, { headers, auth: { type: "bearer", token: yield* sealed("abc.def") } })
        assert.deepStrictEqual(
          server.requests.map((request) => request.headers.authorization),
          [`Basic ${Buffer.from("j\u00fcrgen:p:w").toString("base64")}`, "Bearer abc.def"],
        )
      }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("has a parameter of its own each time, where no cache may answer", () =>
    Effect.gen(function* () {
      const server = yield* httpServer()
      yield* check(`${server.url}/a?b=1`, { cacheBust: true })
      yield* check(`${server.url}/a?b=1`, { cacheBust: true })
      yield* check(`${server.url}/a`, { cacheBust: true })
      const paths = server.requests.map(({ path }) => path)
      assert.strictEqual(new Set(paths).size, 3)
      assert.match(paths[0] ?? "", /^\/a\?b=1&uptime=[0-9a-f-]{36}$/)
      assert.match(paths[2] ?? "", /^\/a\?uptime=[0-9a-f-]{36}$/)
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("goes to addresses of the family that is asked for, and says when there is none", () =>
    Effect.gen(function* () {
      const server = yield* httpServer()
      const url = `http://both.test:${server.port}/`
      const names = { "both.test": [["::1", "127.0.0.1"]], "four.test": [["127.0.0.1"]] }
      const policy = { allowCidrs: [], denyCidrs: [], allowPrivate: true }
      const layer = testProber({ names, policy })
      assert.strictEqual((yield* Effect.provide(check(url, { ipFamily: "ipv4" }), layer)).status, "Up")
      const none = yield* Effect.provide(check(`http://four.test:${server.port}/`, { ipFamily: "ipv6" }), layer)
      assert.deepStrictEqual(verdict(none), {
        status: "Down",
        httpStatus: null,
        kind: "dns",
        message: "the name has no IPv6 address, and the check asks for one",
      })
    }),
  )

  it.scopedLive("goes to an IPv6 address where that is asked for, of a name that has both and of one itself", () =>
    Effect.gen(function* () {
      const server = yield* httpServer(undefined, null, "::1")
      const names = { "both.test": [["127.0.0.1", "::1"]] }
      const layer = testProber({ names, policy: { allowCidrs: [], denyCidrs: [], allowPrivate: true } })
      const conditions = [{ condition: '[IP] == "::1"', severity: "Down" as const }]
      for (const url of [`http://both.test:${server.port}/`, `${server.url}/`]) {
        const outcome = yield* Effect.provide(check(url, { ipFamily: "ipv6" }, { conditions }), layer)
        assert.deepStrictEqual(verdict(outcome), { status: "Up", httpStatus: 200, kind: null, message: null }, url)
      }
      const four = yield* Effect.provide(check(`http://both.test:${server.port}/`, { ipFamily: "ipv4" }), layer)
      assert.deepStrictEqual([four.status, four.errorKind], ["Down", "connect"])
    }),
  )

  it.scopedLive("logs in with an empty password where none is given", () =>
    Effect.gen(function* () {
      const server = yield* httpServer()
      yield* check(server.url, { auth: { type: "basic", username: "key" } })
      assert.strictEqual(server.requests[0]?.headers.authorization, "Basic a2V5Og==")
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("with a secret that cannot be read, or be sent, is not made, and says nothing about the target", () =>
    Effect.gen(function* () {
      const server = yield* httpServer()
      const password = yield* sealed("secret")
      const withOtherKey = testProber({
        secrets: SecretBox.layer(Option.some(Redacted.make("the key of another installation, also long"))),
      })
      const withoutKey = testProber({ secrets: SecretBox.layer(Option.none()) })
      const auth = { type: "basic", username: "u", password } as const
      assert.deepStrictEqual(
        yield* Effect.provide(check(server.url, { auth }), withOtherKey),
        unmeasured(
          "internal",
          "a secret of this monitor cannot be read: a secret was sealed under another ENCRYPTION_KEY",
        ),
      )
      const secretHeaders = [{ name: "X-Key", value: password }]
      const unread = yield* Effect.provide(check(server.url, { secretHeaders }), withoutKey)
      assert.match(unread.errorMessage ?? "", /no ENCRYPTION_KEY/)
      for (const text of ["a\r\nX-Other: b", "caf\u00e9", "nul\u0000"]) {
        const value = yield* sealed(text)
        for (const http of [
          { secretHeaders: [{ name: "X-Key", value }] },
          { auth: { type: "bearer", token: value } },
        ] as const) {
          const outcome = yield* Effect.provide(check(server.url, http), testProber())
          assert.strictEqual(outcome.status, "Unknown", JSON.stringify(text))
          assert.notInclude(outcome.errorMessage ?? "", text)
        }
      }
      assert.lengthOf(server.requests, 0)
    }),
  )
})

describe("the accepted statuses", () => {
  it.scopedLive.each([
    [["200"], 200, "Up"],
    [["200"], 204, "Down"],
    [["401", "500-503"], 401, "Up"],
    [["401", "500-503"], 502, "Up"],
    [["401", "500-503"], 504, "Down"],
    [["401", "500-503"], 200, "Down"],
  ] as const)("%s make of %i %s", ([acceptedStatus, code, status]) =>
    Effect.gen(function* () {
      const server = yield* httpServer((response) => response.writeHead(code).end())
      const outcome = yield* check(server.url, { acceptedStatus: [...acceptedStatus] })
      assert.strictEqual(outcome.status, status)
      assert.strictEqual(outcome.httpStatus, code)
      assert.strictEqual(outcome.errorMessage, status === "Up" ? null : `status ${code}`)
    }).pipe(Effect.provide(testProber())),
  )
})

describe("the evidence of a check that failed", () => {
  it.scopedLive("is the address, the header and the first 2 KiB of the body, as storable text", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((response) =>
        response
          .writeHead(500, { "x-request": "r1", date: "today" })
          .end(`broken \u0000caf\u00e9 ${"x".repeat(100_000)}`),
      )
      const { evidence } = yield* check(server.url)
      assert.strictEqual(evidence?.address, "127.0.0.1")
      assert.deepInclude(evidence?.headers ?? [], ["x-request", "r1"])
      assert.isTrue(evidence?.body?.startsWith("broken caf\u00e9 xxx"))
      assert.isAtMost(evidence?.body?.length ?? 0, 2_048)
      assert.isAbove(evidence?.body?.length ?? 0, 2_000)
      assert.isNull(evidence?.certificate ?? null)
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("is null where nothing failed, and what had come where an answer breaks off", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((response, { path }) => {
        if (path === "/cut") {
          response.writeHead(503, { "content-length": "100" }).write("half of it", () => response.destroy())
        } else response.end("ok")
      })
      assert.isNull((yield* check(server.url)).evidence)
      const cut = yield* check(`${server.url}/cut`)
      assert.strictEqual(cut.errorKind, "body")
      assert.strictEqual(cut.evidence?.body, "half of it")
    }).pipe(Effect.provide(testProber())),
  )
})
