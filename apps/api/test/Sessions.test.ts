import * as HttpApiClient from "@effect/platform/HttpApiClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { assert, describe, it } from "@effect/vitest"
import { Api } from "@uptime/contract/Api"
import { Email } from "@uptime/domain/User"
import * as MemoryStream from "@uptime/stream/MemoryStream"
import * as TestDatabase from "@uptime/testing/TestDatabase"
import { Duration, Effect, Option, Redacted, Schema } from "effect"
import { signUp } from "./Person.ts"
import { freshStores, storesAt } from "./Stores.ts"
import { type Call, call, type ServeOptions, serveApi } from "./World.ts"

const api = (settings: ServeOptions<never>["settings"] = {}) =>
  Effect.flatMap(freshStores, (stores) => serveApi({ stores, stream: MemoryStream.layer(), settings }))

const signup = "POST /api/auth/signup"
const login = "POST /api/auth/login"
const ada = { email: "Ada@Example.com", name: "Ada", password: "correct horse battery" }

describe("accounts", () => {
  it.scopedLive("are made, and entered, by exactly these answers", () =>
    Effect.gen(function* () {
      const base = yield* api()
      const made = yield* call(base, signup, { json: ada })
      assert.strictEqual(made.status, 201)
      const body = JSON.parse(made.text)
      assert.deepStrictEqual(Object.keys(body), ["user", "token"])
      assert.deepStrictEqual(Object.keys(body.user), ["id", "email", "name", "createdAt", "updatedAt"])
      assert.deepInclude(body.user, { email: "ada@example.com", name: "Ada" })
      assert.match(body.user.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

      const again = yield* call(base, signup, { json: { ...ada, email: "ADA@example.COM" } })
      assert.deepStrictEqual([again.status, JSON.parse(again.text)._tag], [409, "EmailTaken"])

      const entered = yield* call(base, login, { json: { email: "ada@EXAMPLE.com", password: ada.password } })
      assert.strictEqual(entered.status, 200)
      assert.deepStrictEqual(JSON.parse(entered.text).user, body.user)

      const wrong = yield* call(base, login, { json: { email: ada.email, password: "wrong" } })
      const unknown = yield* call(base, login, { json: { email: "nobody@example.com", password: ada.password } })
      assert.strictEqual(wrong.status, 401)
      assert.strictEqual(wrong.text, unknown.text)
      assert.isNull(wrong.headers.get("set-cookie"))

      const me = yield* call(base, "GET /api/auth/me", { token: body.token })
      assert.deepStrictEqual([me.status, JSON.parse(me.text)], [200, body.user])
      assert.notInclude(made.text + me.text, "$2b$")
    }),
  )

  it.scopedLive("are not made where sign-up is closed", () =>
    Effect.gen(function* () {
      const closed = yield* call(yield* api({ signup: "closed" }), signup, { json: ada })
      assert.deepStrictEqual([closed.status, JSON.parse(closed.text)._tag], [403, "SignupClosed"])
    }),
  )

  it.scopedLive("are tried only so often, and then told how long to wait", () =>
    Effect.gen(function* () {
      const base = yield* api()
      yield* call(base, signup, { json: ada })
      const tries = yield* Effect.forEach(Array.from({ length: 11 }), () =>
        call(base, login, {
          json: { email: ada.email, password: "wrong" },
          headers: { "x-forwarded-for": "192.0.2.1" },
        }),
      )
      assert.deepStrictEqual(
        tries.map(({ status }) => status),
        [...Array.from({ length: 10 }, () => 401), 429],
      )
      const refused = tries.at(-1)
      const { retryAfterSeconds, _tag } = JSON.parse(refused?.text ?? "")
      assert.strictEqual(_tag, "TooManyRequests")
      assert.isTrue(retryAfterSeconds > 800 && retryAfterSeconds <= 900)
      assert.strictEqual(refused?.headers.get("retry-after"), String(retryAfterSeconds))
      const elsewhere = yield* call(base, login, { json: ada, headers: { "x-forwarded-for": "192.0.2.2" } })
      assert.strictEqual(elsewhere.status, 400)
      const { email, password } = ada
      const owner = yield* call(base, login, { json: { email, password }, headers: { "x-forwarded-for": "192.0.2.2" } })
      assert.strictEqual(owner.status, 200)
    }),
  )
})

describe("sessions", () => {
  it.scopedLive("end for good by a log-out, on every api process", () =>
    Effect.gen(function* () {
      const url = yield* TestDatabase.migratedDatabase
      const one = yield* serveApi({ stores: storesAt(url), stream: MemoryStream.layer() })
      const two = yield* serveApi({ stores: storesAt(url), stream: MemoryStream.layer() })
      const { email, password, token } = yield* signUp(one)
      const other = yield* call(one, login, { json: { email, password } })
      const otherToken: string = JSON.parse(other.text).token
      assert.strictEqual((yield* call(two, "GET /api/auth/me", { token })).status, 200)
      const out = yield* call(one, "POST /api/auth/logout", { token })
      assert.deepStrictEqual([out.status, out.text], [204, ""])
      assert.match(out.headers.get("set-cookie") ?? "", /^token=; Max-Age=0/)
      for (const base of [one, two]) {
        const me = yield* call(base, "GET /api/auth/me", { token })
        assert.deepStrictEqual([me.status, JSON.parse(me.text)._tag], [401, "Unauthorized"])
        assert.strictEqual((yield* call(base, "POST /api/auth/logout", { token })).status, 401)
        assert.strictEqual((yield* call(base, "GET /api/auth/me", { token: otherToken })).status, 200)
      }
    }),
  )

  it.scopedLive("come as a cookie that no script reads, and only https carries where people come by it", () =>
    Effect.gen(function* () {
      const plain = yield* call(yield* api(), signup, { json: ada })
      assert.match(
        plain.headers.get("set-cookie") ?? "",
        /^token=[\w.-]+; Max-Age=(604800|604799); Path=\/; HttpOnly; SameSite=Lax$/,
      )
      const base = yield* api({ publicUrl: Option.some("https://status.example.com"), jwtExpiresIn: Duration.hours(1) })
      const secure = yield* call(base, signup, { json: ada })
      assert.match(secure.headers.get("set-cookie") ?? "", /; Secure(;|$)/)
      assert.match(secure.headers.get("set-cookie") ?? "", /; Max-Age=(3600|3599);/)
    }),
  )

  it.scopedLive("by cookie change things only from pages of this site", () =>
    Effect.gen(function* () {
      const base = yield* api({
        corsOrigins: ["https://app.example.com"],
        publicUrl: Option.some("https://status.example.com"),
      })
      const { token } = yield* signUp(base)
      const json = { "content-type": "application/json" }
      const create = (headers: Record<string, string>, options: Call = { body: '{"url":"https://example.com"}' }) =>
        Effect.map(
          call(base, "POST /api/monitor", { ...options, headers: { cookie: `token=${token}`, ...headers } }),
          ({ status, text }) => [status, JSON.parse(text)._tag],
        )
      const created = [201, undefined]
      const refused = [403, "CrossSiteRefused"]
      assert.deepStrictEqual(yield* create({ ...json, origin: base }), created)
      assert.deepStrictEqual(yield* create({ ...json, origin: "https://status.example.com" }), created)
      assert.deepStrictEqual(yield* create({ ...json, origin: "https://app.example.com" }), created)
      assert.deepStrictEqual(yield* create(json), created)
      assert.deepStrictEqual(yield* create({ ...json, origin: "https://evil.example.com" }), refused)
      assert.deepStrictEqual(yield* create({ ...json, origin: "null" }), refused)
      assert.deepStrictEqual(yield* create({ ...json, "x-forwarded-host": "evil.example.com" }), created)
      assert.deepStrictEqual(yield* create({}, { body: new TextEncoder().encode("{}") }), refused)
      assert.deepStrictEqual(yield* create({ "content-type": "text/plain" }), [415, "UnsupportedMediaType"])
      const out = yield* call(base, "POST /api/auth/logout", { headers: { cookie: `token=${token}` } })
      assert.strictEqual(out.status, 403)
      const me = yield* call(base, "GET /api/auth/me", { headers: { cookie: `token=${token}` } })
      assert.strictEqual(me.status, 200)
      const both = { cookie: `token=${token}`, authorization: "Bearer garbage" }
      assert.strictEqual((yield* call(base, "GET /api/auth/me", { headers: both })).status, 401)
      assert.strictEqual(
        (yield* call(base, "GET /api/auth/me", { headers: { authorization: `bearer ${token}` } })).status,
        200,
      )
    }),
  )

  it.scopedLive("are typed from end to end for clients derived from the contract", () =>
    Effect.gen(function* () {
      const base = yield* api()
      const anyone = yield* HttpApiClient.make(Api, { baseUrl: base })
      const email = Schema.decodeSync(Email)("ada@example.com")
      const password = Redacted.make(ada.password)
      const { token, user } = yield* anyone.auth.signup({ payload: { email, name: "Ada", password }, urlParams: {} })
      const ofAda = yield* HttpApiClient.make(Api, {
        baseUrl: base,
        transformClient: HttpClient.mapRequest(HttpClientRequest.bearerToken(Redacted.value(token))),
      })
      assert.deepStrictEqual(yield* ofAda.auth.me({ urlParams: {} }), user)
      const taken = yield* Effect.flip(anyone.auth.signup({ payload: { email, name: "Ada", password }, urlParams: {} }))
      assert.strictEqual(taken._tag, "EmailTaken")
      yield* ofAda.auth.logout({ urlParams: {} })
      assert.strictEqual((yield* Effect.flip(ofAda.auth.me({ urlParams: {} })))._tag, "Unauthorized")
    }).pipe(Effect.provide(NodeHttpClient.layer)),
  )
})
