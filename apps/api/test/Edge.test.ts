import { assert, describe, it } from "@effect/vitest"
import { apiStoresLayer } from "@uptime/api/ApiStores"
import { servedRoutes } from "@uptime/api/http/RouteTable"
import { ResultStore } from "@uptime/persistence/ResultStore"
import { CheckStream } from "@uptime/stream/CheckStream"
import { Effect, Layer, Option, Tracer } from "effect"
import { wireTo } from "./fuzz/Wire.ts"
import { call, noSql, type ServeOptions, serveApi } from "./World.ts"

/** An api whose stores fail whoever gets so far as to ask them. */
const unstored = (settings: ServeOptions<never>["settings"] = {}) =>
  serveApi({
    settings,
    stores: Layer.provideMerge(apiStoresLayer, Layer.merge(noSql, Layer.mock(ResultStore, {}))),
    stream: Layer.mock(CheckStream, {}),
  })

const signup = "POST /api/auth/signup"

describe("Edge", () => {
  it.scopedLive("answers whatever is not served in the one shape", () =>
    Effect.gen(function* () {
      const base = yield* unstored()
      const missing = yield* call(base, "GET /nowhere")
      assert.deepStrictEqual(
        [missing.status, JSON.parse(missing.text)],
        [404, { _tag: "RouteNotFound", message: "Nothing is served at this path; /docs lists what is." }],
      )
      const wrongMethod = yield* call(base, "PUT /api/monitor", { json: {} })
      assert.strictEqual(wrongMethod.status, 405)
      assert.strictEqual(wrongMethod.headers.get("allow"), "GET, HEAD, POST")
      assert.deepStrictEqual(JSON.parse(wrongMethod.text), {
        _tag: "MethodNotAllowed",
        message: "This path takes GET, HEAD, POST only.",
        allowed: ["GET", "HEAD", "POST"],
      })
      for (const route of [
        "GET /api/monitor/%zz",
        "GET /%00",
        "DELETE /",
        "OPTIONS /api/monitor",
        "GET //api/monitor",
      ]) {
        const { status, text } = yield* call(base, route)
        assert.isTrue(status >= 400 && status < 500, route)
        assert.match(text, /^\{"message":".+","/, route)
      }
    }),
  )

  it.scopedLive("serves a path only as it is written: what looks at it before must not take it for another", () =>
    Effect.gen(function* () {
      const base = yield* unstored()
      const wire = yield* wireTo(base)
      const ask = (method: string, path: string) =>
        wire({ method, path, headers: { "content-type": "application/json" }, body: Buffer.from("{}") })
      for (const path of [
        "//api/auth/login",
        "/api//auth/login",
        "/API/auth/login",
        "/api/auth/Login",
        "/%61pi/auth/login",
        "/api/auth/login//",
        "/api/auth/login;a=b",
        "http://elsewhere.example.com/api/auth/login",
      ]) {
        const { status, text } = yield* ask("POST", path)
        assert.deepStrictEqual([status, JSON.parse(text)._tag], [404, "RouteNotFound"], path)
      }
      const id = "0190a5f4-0000-7000-8000-000000000001"
      for (const path of [`//ping/${id}`, `/PING/${id}`, `/ping//${id}`, `/api//push/${id}`]) {
        assert.strictEqual((yield* ask("GET", path)).status, 404, path)
      }
      assert.strictEqual((yield* ask("POST", "/api/auth/login/")).status, 400)
    }),
  )

  it.scopedLive("takes JSON alone, whole and within its limit", () =>
    Effect.gen(function* () {
      const base = yield* unstored()
      const refusal = (options: Parameters<typeof call>[2], route = signup) =>
        Effect.map(call(base, route, options), ({ status, text }) => {
          const { _tag, message } = JSON.parse(text)
          return [status, _tag, message]
        })
      const json = { "content-type": "application/json" }
      const invalid = [400, "ValidationFailed", "The request is not valid JSON."]
      assert.deepStrictEqual(yield* refusal({ headers: json, body: '{"email":' }), invalid)
      assert.deepStrictEqual(yield* refusal({ headers: json, body: "\u0000" }), invalid)
      assert.deepStrictEqual(yield* refusal({ headers: json, body: new Uint8Array([0xff, 0xfe]) }), invalid)
      assert.deepStrictEqual(yield* refusal({}), [400, "ValidationFailed", "The request must be an object."])
      const deep = [400, "ValidationFailed", "The request is nested too deep or holds too many values."]
      assert.deepStrictEqual(yield* refusal({ headers: json, body: "[".repeat(30_000) + "]".repeat(30_000) }), deep)
      assert.deepStrictEqual(
        yield* refusal({ headers: json, body: `[${"{},".repeat(60_000)}{}]` }, "POST /api/monitor/bulk"),
        deep,
      )

      const tooLarge = [413, "PayloadTooLarge", "The body may be 65536 bytes long at most."]
      const megabyte = JSON.stringify({ email: "x".repeat(1024 * 1024) })
      assert.deepStrictEqual(yield* refusal({ headers: json, body: megabyte }), tooLarge)
      const inChunks = new ReadableStream({
        start: (controller) => {
          for (let i = 0; i < 16; i++) controller.enqueue(new TextEncoder().encode("x".repeat(65_536)))
          controller.close()
        },
      })
      assert.deepStrictEqual(yield* refusal({ headers: json, body: inChunks }), tooLarge)
      const tag = (answer: ReadonlyArray<unknown>) => answer.slice(0, 2)
      assert.deepStrictEqual(
        tag(yield* refusal({ headers: json, body: " ".repeat(2 * 1024 * 1024) }, "POST /api/monitor/bulk")),
        [413, "PayloadTooLarge"],
      )

      for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x"]) {
        const answer = yield* refusal({ headers: { "content-type": type }, body: "email=a" })
        assert.deepStrictEqual(tag(answer), [415, "UnsupportedMediaType"], type)
      }
      const wire = yield* wireTo(base)
      const headers = { "content-type": "multipart/form-data; boundary=x" }
      const partless = yield* wire({ method: "POST", path: "/api/auth/signup", headers, body: Buffer.alloc(0) }).pipe(
        Effect.timeout("5 seconds"),
      )
      assert.strictEqual(partless.status, 415)
    }),
  )

  it.scopedLive("asks for a log-in on every route that is not public", () =>
    Effect.gen(function* () {
      const base = yield* unstored()
      const open = ["POST /api/auth/signup", "POST /api/auth/login", "GET /", "GET /docs", "GET /openapi.json"]
      const watched = ["GET /healthz", "GET /readyz", "GET /metrics"]
      const id = "0190a5f4-0000-7000-8000-000000000001"
      for (const { method, path } of servedRoutes) {
        const route = `${method} ${path}`
        const isOpen = [...open, ...watched].includes(route) || /^\/(ping|api\/push)\//.test(path)
        for (const headers of [
          {},
          { authorization: "Basic eDp5" },
          { authorization: "Bearer" },
          { cookie: "token=" },
        ]) {
          const answer = yield* call(
            base,
            route.replace(/:\w+/g, id),
            method === "GET" ? { headers } : { headers, json: {} },
          )
          if (isOpen) assert.notStrictEqual(answer.status, 401, route)
          else assert.deepStrictEqual([answer.status, JSON.parse(answer.text)._tag], [401, "Unauthorized"], route)
        }
      }
    }),
  )

  it.scopedLive("tells browsers to be strict, and to keep no answer of the API", () =>
    Effect.gen(function* () {
      const base = yield* unstored()
      const { headers } = yield* call(base, "GET /api/auth/me")
      assert.strictEqual(headers.get("cache-control"), "no-store")
      assert.strictEqual(headers.get("x-content-type-options"), "nosniff")
      assert.strictEqual(headers.get("referrer-policy"), "no-referrer")
      assert.include(headers.get("content-security-policy") ?? "", "frame-ancestors 'none'")
      assert.isNull(headers.get("strict-transport-security"))
      assert.isNull(headers.get("x-powered-by"))
      assert.match(headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/)
      const https = yield* unstored({ publicUrl: Option.some("https://status.example.com") })
      assert.isNotNull((yield* call(https, "GET /nowhere")).headers.get("strict-transport-security"))
    }),
  )

  it.scopedLive("lets pages of listed sites call it, and no others", () =>
    Effect.gen(function* () {
      const base = yield* unstored({ corsOrigins: ["https://app.example.com"] })
      const preflight = (origin: string) =>
        call(base, "OPTIONS /api/monitor", { headers: { origin, "access-control-request-method": "PUT" } })
      const listed = yield* preflight("https://app.example.com")
      assert.strictEqual(listed.status, 204)
      assert.strictEqual(listed.headers.get("access-control-allow-origin"), "https://app.example.com")
      assert.strictEqual(listed.headers.get("access-control-allow-credentials"), "true")
      assert.strictEqual(listed.headers.get("vary"), "Origin")
      for (const origin of ["https://evil.example.com", "https://app.example.com.evil.com", "null"]) {
        const { headers } = yield* preflight(origin)
        assert.isNull(headers.get("access-control-allow-origin"))
        assert.isNull(headers.get("access-control-allow-credentials"))
        const { headers: plain } = yield* call(base, "GET /nowhere", { headers: { origin } })
        assert.isNull(plain.get("access-control-allow-origin"))
        assert.strictEqual(plain.get("vary"), "Origin")
      }
      const error = yield* call(base, "GET /api/auth/me", { headers: { origin: "https://app.example.com" } })
      assert.strictEqual(error.headers.get("access-control-allow-origin"), "https://app.example.com")
      const closed = yield* unstored()
      const answer = yield* call(closed, "GET /nowhere", { headers: { origin: "https://app.example.com" } })
      assert.isNull(answer.headers.get("access-control-allow-origin"))
    }),
  )

  it.scopedLive("shows its documentation without any other host", () =>
    Effect.gen(function* () {
      const base = yield* unstored()
      const docs = yield* call(base, "GET /docs")
      assert.strictEqual(docs.status, 200)
      assert.notMatch(docs.text, /<(script|link|img)[^>]+(src|href)=/)
      const policy = docs.headers.get("content-security-policy") ?? ""
      assert.match(policy, /script-src 'sha256-[^ ]+='(;| )/)
      assert.notMatch(policy, /https?:|\*/)
      const document = yield* call(base, "GET /openapi.json")
      assert.strictEqual(JSON.parse(document.text).openapi, "3.1.0")
      assert.include((yield* call(base, "GET /")).text, 'href="/docs"')
      assert.strictEqual((yield* call(base, "HEAD /docs")).text, "")
    }),
  )

  it.scopedLive("tells nothing of a fault of ours but the id it was noted under", () =>
    Effect.gen(function* () {
      const base = yield* unstored()
      const answer = yield* call(base, "POST /api/auth/login", {
        json: { email: "a@example.com", password: "password" },
      })
      assert.strictEqual(answer.status, 500)
      assert.deepStrictEqual(JSON.parse(answer.text), {
        _tag: "InternalError",
        message: "Something went wrong on our side; it was noted under this id.",
        requestId: answer.headers.get("x-request-id"),
      })
    }),
  )

  it.scopedLive("counts requests by the template of their route", () =>
    Effect.gen(function* () {
      const base = yield* unstored()
      yield* call(base, "GET /api/monitor/0190a5f4-0000-7000-8000-000000000001")
      yield* call(base, "GET /nowhere/at/all")
      const { text } = yield* call(base, "GET /metrics")
      assert.match(text, /uptime_http_requests_total\{[^}]*route="\/api\/monitor\/:id"[^}]*status="4xx"[^}]*\} \d/)
      assert.match(text, /uptime_http_request_duration_seconds_count\{[^}]*route="none"[^}]*\} \d/)
      assert.notInclude(text, "nowhere")
    }),
  )

  it.scopedLive(
    "traces what is asked where spans are kept, but no path with a secret and nothing that watchers ask",
    () =>
      Effect.gen(function* () {
        const native = yield* Effect.tracer
        const spans: Array<string> = []
        const tracer = Tracer.make({
          span: (name, ...rest) => {
            spans.push(name)
            return native.span(name, ...rest)
          },
          context: (run, fiber) => native.context(run, fiber),
        })
        const asked = [
          "GET /openapi.json",
          "GET /healthz",
          "GET /ping/0190a5f4-0000-7000-8000-00000000000g",
          "GET //ping/x",
        ]
        const spansOf = (isOn: boolean) =>
          Effect.gen(function* () {
            spans.length = 0
            const base = yield* unstored().pipe(
              Effect.provide(Layer.merge(Layer.setTracer(tracer), Layer.setTracerEnabled(isOn))),
            )
            yield* Effect.forEach(asked, (route) => call(base, route))
            return spans.filter((name) => name.startsWith("http.server"))
          })
        assert.deepStrictEqual(yield* spansOf(true), ["http.server GET"])
        assert.deepStrictEqual(yield* spansOf(false), [])
      }),
  )
})
