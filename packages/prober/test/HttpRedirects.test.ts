import { assert, describe, it } from "@effect/vitest"
import { type HttpRequest, redirected, requestHead } from "@uptime/prober/HttpRequest"
import * as Certificates from "@uptime/testing/Certificates"
import { Effect, FastCheck as fc } from "effect"
import { check, httpServer, sealed } from "./HttpServerFixture.ts"
import { testProber } from "./TestProber.ts"

/** Redirects to `to` from everywhere but `/end`. */
const redirecting = (code: number, to: string) =>
  httpServer((response, { path }) => {
    if (path === "/end") response.end("ok")
    else response.writeHead(code, { location: to }).end()
  })

const confidential = Effect.gen(function* () {
  return {
    method: "POST",
    body: { type: "json", content: '{"card":"4111"}' },
    headers: [
      { name: "X-Tenant", value: "blue" },
      { name: "Cookie", value: "session=1" },
      { name: "Host", value: "inner.example" },
    ],
    secretHeaders: [{ name: "X-Key", value: yield* sealed("hunter2") }],
    auth: { type: "bearer", token: yield* sealed("abc.def") },
  } as const
})

describe("a redirect within the origin", () => {
  it.scopedLive.each([307, 308])("by %i keeps the method, the body and what is confidential", (code) =>
    Effect.gen(function* () {
      const server = yield* redirecting(code, "/end")
      assert.strictEqual((yield* check(server.url, yield* confidential)).status, "Up")
      const [first, second] = server.requests
      assert.strictEqual(second?.method, "POST")
      assert.strictEqual(second?.body, first?.body)
      assert.deepStrictEqual(second?.headers, first?.headers)
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive.each([301, 302, 303])("by %i in answer to a POST asks by GET, without the body", (code) =>
    Effect.gen(function* () {
      const server = yield* redirecting(code, "/end")
      assert.strictEqual((yield* check(server.url, yield* confidential)).status, "Up")
      const second = server.requests[1]
      assert.strictEqual(second?.method, "GET")
      assert.strictEqual(second?.body, "")
      assert.isUndefined(second?.headers["content-type"])
      assert.isUndefined(second?.headers["content-length"])
      assert.strictEqual(second?.headers["x-key"], "hunter2")
      assert.strictEqual(second?.headers.authorization, "Bearer abc.def")
    }).pipe(Effect.provide(testProber())),
  )
})

describe("a redirect to another origin", () => {
  it.scopedLive.each([301, 302, 303, 307, 308])("by %i carries nothing that is confidential", (code) =>
    Effect.gen(function* () {
      const other = yield* httpServer()
      const server = yield* redirecting(code, `${other.url}/end`)
      assert.strictEqual((yield* check(server.url, yield* confidential)).status, "Up")
      const [request] = other.requests
      assert.strictEqual(request?.method, code >= 307 ? "POST" : "GET")
      assert.strictEqual(request?.body, "")
      assert.strictEqual(request?.headers["x-tenant"], "blue")
      assert.strictEqual(request?.headers.host, `127.0.0.1:${other.port}`)
      for (const name of ["authorization", "cookie", "x-key", "content-type"]) {
        assert.isUndefined(request?.headers[name], name)
      }
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("and back gives nothing back", () =>
    Effect.gen(function* () {
      let home = ""
      const other = yield* httpServer((response) => response.writeHead(302, { location: `${home}/end` }).end())
      const server = yield* redirecting(302, `${other.url}/`)
      home = server.url
      assert.strictEqual((yield* check(server.url, yield* confidential)).status, "Up")
      assert.isUndefined(server.requests[1]?.headers.authorization)
      assert.isUndefined(server.requests[1]?.headers["x-key"])
    }).pipe(Effect.provide(testProber())),
  )

  it.scopedLive("from https down to http carries none either, and shows no client certificate", () =>
    Effect.gen(function* () {
      const authority = yield* Certificates.authority
      const pair = yield* authority.issue({ addresses: ["127.0.0.1"] })
      const plain = yield* httpServer()
      const second = yield* httpServer((response) => response.writeHead(302, { location: `${plain.url}/end` }).end(), {
        ...pair,
        requestCert: true,
        rejectUnauthorized: false,
      })
      const first = yield* httpServer((response) => response.writeHead(302, { location: `${second.url}/` }).end(), {
        ...pair,
        requestCert: true,
        ca: authority.cert,
      })
      const client = yield* authority.issue({ names: ["client"] })
      const outcome = yield* check(first.url, {
        certificateAuthority: authority.cert,
        clientCertificate: { certificate: client.cert, privateKey: yield* sealed(client.key) },
        auth: { type: "basic", username: "u", password: yield* sealed("p") },
      })
      assert.strictEqual(outcome.status, "Up", outcome.errorMessage ?? "")
      assert.strictEqual(first.requests[0]?.client, "leaf")
      assert.isString(first.requests[0]?.headers.authorization)
      assert.isNull(second.requests[0]?.client ?? null)
      assert.isUndefined(second.requests[0]?.headers.authorization)
      assert.isUndefined(plain.requests[0]?.headers.authorization)
    }).pipe(Effect.provide(testProber())),
  )
})

describe("the number of redirects", () => {
  it.scopedLive("is what the check says; with none, the redirect is the answer", () =>
    Effect.gen(function* () {
      const server = yield* httpServer((response, { path }) =>
        path === "/3"
          ? response.end("ok")
          : response.writeHead(302, { location: `/${Number(path[1] ?? 0) + 1}` }).end("gone"),
      )
      const url = `${server.url}/0`
      assert.strictEqual((yield* check(url, { maxRedirects: 3 })).status, "Up")
      const two = yield* check(url, { maxRedirects: 2 })
      assert.strictEqual(two.errorMessage, "more than 2 redirects")
      const one = yield* check(url, { maxRedirects: 1 })
      assert.strictEqual(one.errorMessage, "more than 1 redirect")
      const none = yield* check(url, { maxRedirects: 0 })
      assert.strictEqual(none.errorMessage, "status 302")
      assert.strictEqual(none.evidence?.body, "gone")
      assert.strictEqual((yield* check(url, { maxRedirects: 0, acceptedStatus: ["300-399"] })).status, "Up")
    }).pipe(Effect.provide(testProber())),
  )
})

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
const origins = ["http://a.test", "https://a.test", "http://a.test:8080", "http://b.test"]
const hops = fc.array(
  fc.record({ status: fc.constantFrom(301, 302, 303, 307, 308), origin: fc.constantFrom(...origins) }),
  {
    minLength: 1,
    maxLength: 8,
  },
)

describe("any chain of redirects", () => {
  it("keeps what is confidential as long as the first origin lasts, and the body as long as the method does", () => {
    fc.assert(
      fc.property(fc.constantFrom(...methods), fc.constantFrom(...origins), hops, (method, origin, chain) => {
        const first: HttpRequest = {
          url: new URL(`${origin}/`),
          method,
          headers: [
            ["Content-Type", "text/plain"],
            ["X-Tenant", "blue"],
          ],
          ownHeaders: [["Authorization", "Bearer abc"]],
          body: Buffer.from("body"),
          isOwn: true,
        }
        let request = first
        let isHome = true
        for (const { origin: next, status } of chain) {
          request = redirected(request, status, new URL(`${next}/x`))
          isHome &&= next === origin
          assert.strictEqual(request.isOwn, isHome)
          assert.lengthOf(request.ownHeaders, isHome ? 1 : 0)
          assert.isTrue(isHome || request.body === null)
          assert.isTrue(request.method === method || request.method === "GET")
          if (request.method !== method) assert.isNull(request.body)
          const head = requestHead(request, "Uptime/test")
          assert.match(head, /^[A-Z]+ \/x HTTP\/1\.1\r\n(?:[!-~]+: [ -~]*\r\n)+\r\n$/)
          assert.include(head, "X-Tenant: blue")
          assert.strictEqual(/^content-type:/im.test(head), request.body !== null)
          assert.strictEqual(head.includes("abc"), isHome)
        }
      }),
    )
  })
})
