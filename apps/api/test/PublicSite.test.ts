import { assert, describe, it } from "@effect/vitest"
import { PublicPages } from "@uptime/persistence/PublicPages"
import { StoreError } from "@uptime/persistence/StoreError"
import * as MemoryStream from "@uptime/stream/MemoryStream"
import { eventually } from "@uptime/testing/Eventually"
import { Context, Effect, Layer, Option, Ref } from "effect"
import { signUp } from "./Person.ts"
import { form, pageWorld } from "./StatusPages.ts"
import { freshStores } from "./Stores.ts"
import { call, serveApi } from "./World.ts"

/** The month that a page was built in, which its history has. */
const monthOf = (summary: string): string => new Date(JSON.parse(summary).builtAt).toISOString().slice(0, 7)

describe("the public site", () => {
  it.scopedLive("shows a page to everybody, and says how long it may be kept", () =>
    Effect.gen(function* () {
      const { visit } = yield* pageWorld()
      const page = yield* visit("GET /status/acme")
      assert.strictEqual(page.status, 200)
      assert.include(page.headers.get("content-type") ?? "", "text/html")
      assert.match(
        page.headers.get("cache-control") ?? "",
        /^public, max-age=\d+, stale-while-revalidate=\d+, stale-if-error=\d+$/,
      )
      assert.include(page.text, "Site")
      for (const secret of ["Private", "private.example", "secret"]) assert.notInclude(page.text, secret)
      const policy = page.headers.get("content-security-policy") ?? ""
      assert.include(policy, "default-src 'none'")
      assert.notInclude(policy, "unsafe-inline")
      assert.notInclude(policy, "script-src")
      assert.include(policy, "frame-ancestors 'none'")

      const etag = page.headers.get("etag") ?? ""
      const again = yield* visit("GET /status/acme", { headers: { "if-none-match": etag } })
      assert.deepStrictEqual([again.status, again.text], [304, ""])
      const head = yield* visit("HEAD /status/acme")
      assert.deepStrictEqual([head.status, head.text, head.headers.get("etag")], [200, "", etag])
      for (const encoding of ["br", "gzip", "identity"]) {
        const encoded = yield* visit("GET /status/acme", { headers: { "accept-encoding": encoding } })
        assert.strictEqual(encoded.headers.get("content-encoding"), encoding === "identity" ? null : encoding)
        assert.strictEqual(encoded.text, page.text)
      }
      assert.strictEqual((yield* visit("POST /status/acme")).status, 405)
    }),
  )

  it.scopedLive("has the parts of a page, and 404 for all that it has not", () =>
    Effect.gen(function* () {
      const { base, visit } = yield* pageWorld({ customCss: "h1 { color: red }" })
      const summary = yield* visit("GET /status/acme.json")
      const month = monthOf(summary.text)
      assert.strictEqual(JSON.parse(summary.text).sections[0].items[0].name, "Site")
      assert.notInclude(summary.text, "rivate")
      const css = JSON.parse(summary.text).customCss
      const style = yield* visit(`GET /status/acme/style.css?v=${css}`)
      assert.strictEqual(style.text, "h1 { color: red }")
      assert.include(style.headers.get("cache-control") ?? "", "immutable")
      assert.include((yield* visit("GET /status/acme")).text, `/status/acme/style.css?v=${css}`)
      assert.strictEqual((yield* visit(`GET /status/acme/history/${month}`)).status, 200)
      const picture = yield* visit("GET /status/acme/og.png")
      assert.deepStrictEqual([picture.status, picture.headers.get("content-type")], [200, "image/png"])
      assert.include(
        (yield* visit("GET /status/acme")).text,
        `property="og:image" content="${base}/status/acme/og.png"`,
      )
      const widget = yield* visit("GET /status/acme/widget")
      assert.include(widget.headers.get("content-security-policy") ?? "", "frame-ancestors *")
      assert.isNull(widget.headers.get("x-frame-options"))
      for (const path of [
        "/status/other",
        "/status/acme/history/1999-01",
        "/status/acme/history/2026-13",
        "/status/acme/incidents/0190a5f4-0000-7000-8000-00000000dead",
        "/status/acme/logo",
        "/status/acme/../../etc/passwd",
        "/status/acme/nothing",
        "/status/",
        "/status/ACME",
        "/status/%00",
      ]) {
        assert.strictEqual((yield* visit(`GET ${path}`)).status, 404, path)
      }
      const japanese = { headers: { "accept-language": "ja,en;q=0.5" } }
      const document = yield* visit("GET /status/other", japanese)
      assert.include(document.text, `<html lang="ja"`)
      assert.include(document.text, "<h1>見つかりません</h1>")
      assert.include(document.headers.get("content-security-policy") ?? "", "default-src 'none'")
      assert.strictEqual((yield* visit("GET /status/other/feed.rss", japanese)).text, "There is no such status page.\n")
    }),
  )

  it.scopedLive("shows hostile names as text", () =>
    Effect.gen(function* () {
      const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)>'`
      const { send, page, monitor, visit } = yield* pageWorld({ title: hostile, description: hostile })
      yield* send(`PUT /api/status-pages/${page.id}`, {
        sections: [{ name: hostile, monitors: [{ monitorId: monitor.id, name: hostile }] }],
      })
      const month = monthOf((yield* visit("GET /status/acme.json")).text)
      for (const path of ["", "/widget", `/history/${month}`]) {
        const { text } = yield* visit(`GET /status/acme${path}`)
        assert.notInclude(text, "<script", path)
        assert.notInclude(text, "<img src=x", path)
        assert.include(text, "&lt;script&gt;", path)
      }
    }),
  )

  it.scopedLive("asks for the password of a page, and lets in who has it until there is another", () =>
    Effect.gen(function* () {
      const { page, publicId, send, visit } = yield* pageWorld({ visibility: "password", password: "open sesame" })
      const asked = yield* visit("GET /status/acme")
      assert.strictEqual(asked.status, 401)
      assert.notInclude(asked.text, "Site")
      assert.include(asked.headers.get("cache-control") ?? "", "private")
      for (const path of [".json", "/feed.rss", `/badges/${publicId}/status.svg`, "/widget", "/og.png"]) {
        assert.strictEqual((yield* visit(`GET /status/acme${path}`)).status, 404, path)
      }
      const wrong = yield* visit("POST /status/acme/password", form({ password: "open barley" }))
      assert.strictEqual(wrong.status, 401)
      assert.isNull(wrong.headers.get("set-cookie"))
      assert.strictEqual((yield* visit("POST /status/acme/password", { json: { password: "x" } })).status, 415)

      const right = yield* visit("POST /status/acme/password", form({ password: "open sesame" }))
      assert.deepStrictEqual([right.status, right.headers.get("location")], [303, "/status/acme"])
      const cookie = right.headers.get("set-cookie") ?? ""
      assert.match(cookie, /HttpOnly; SameSite=Lax/)
      const [value = ""] = cookie.split(";")
      const entered = yield* visit("GET /status/acme", { headers: { cookie: `a=b; ${value}` } })
      assert.strictEqual(entered.status, 200)
      assert.include(entered.text, "Site")
      assert.strictEqual(entered.headers.get("cache-control"), "private, no-store")
      const forged = value.replace(/=\d+\./, "=9999999999.")
      assert.strictEqual((yield* visit("GET /status/acme", { headers: { cookie: forged } })).status, 401)

      yield* send(`PUT /api/status-pages/${page.id}`, { password: "another one" })
      // At once: whoever guards a page must not find it open.
      assert.strictEqual((yield* visit("GET /status/acme", { headers: { cookie: value } })).status, 401)
      yield* send(`PUT /api/status-pages/${page.id}`, { visibility: "public" })
      assert.strictEqual((yield* visit("GET /status/acme")).status, 200)
      yield* send(`PUT /api/status-pages/${page.id}`, { slug: "moved" })
      assert.strictEqual((yield* visit("GET /status/acme")).status, 404)
      assert.strictEqual((yield* visit("GET /status/moved")).status, 200)
      yield* send(`DELETE /api/status-pages/${page.id}`)
      assert.strictEqual((yield* visit("GET /status/moved")).status, 404)
    }),
  )

  it.scopedLive("bounds how often a password is tried from one place", () =>
    Effect.gen(function* () {
      const { visit } = yield* pageWorld({ visibility: "password", password: "open sesame" })
      const attempt = (address: string) => {
        const sent = form({ password: "guess" })
        return visit("POST /status/acme/password", {
          ...sent,
          headers: { ...sent.headers, "x-forwarded-for": address },
        })
      }
      for (let i = 0; i < 10; i++) assert.strictEqual((yield* attempt("192.0.2.1")).status, 401)
      const limited = yield* attempt("192.0.2.1")
      assert.strictEqual(limited.status, 429)
      assert.isAbove(Number(limited.headers.get("retry-after")), 0)
      assert.strictEqual((yield* attempt("192.0.2.2")).status, 401)
    }),
  )

  it.scopedLive("shows a page to the addresses that it is for, by what trusted proxies say", () =>
    Effect.gen(function* () {
      const { visit } = yield* pageWorld({ visibility: "addresses", allowedRanges: ["192.0.2.0/24", "2001:db8::/32"] })
      const from = (address: string) => visit("GET /status/acme", { headers: { "x-forwarded-for": address } })
      assert.strictEqual((yield* from("192.0.2.77")).status, 200)
      assert.strictEqual((yield* from("2001:db8::7")).status, 200)
      const refused = yield* from("198.51.100.1")
      assert.strictEqual(refused.status, 403)
      assert.notInclude(refused.text, "Site")
      // What a client says of itself counts for nothing.
      assert.strictEqual((yield* from("192.0.2.77, 198.51.100.1")).status, 403)
      const json = yield* visit("GET /status/acme.json", { headers: { "x-forwarded-for": "198.51.100.1" } })
      assert.strictEqual(json.status, 404)
    }),
  )

  it.scopedLive("shows a page at its own host name, and nothing else there", () =>
    Effect.gen(function* () {
      const { page: made, prove, records, send, visit } = yield* pageWorld({ domain: "status.acme.example" })
      const at = (path: string, host: string) => visit(`GET ${path}`, { headers: { "x-forwarded-host": host } })
      // Whoever names a host name has to prove it first.
      assert.deepInclude(made.customDomain, { host: "status.acme.example", state: "pending" })
      assert.deepInclude(made.customDomain.record, { type: "TXT", name: "_uptime-challenge.status.acme.example" })
      records.set("_uptime-challenge.status.acme.example", "somebody else's token")
      const unproven = yield* send(`POST /api/status-pages/${made.id}/domain/check`)
      assert.strictEqual(unproven.body.customDomain.state, "pending")
      assert.notInclude((yield* at("/", "status.acme.example")).text, "Site")
      assert.strictEqual((yield* visit("GET /tls-ask?domain=status.acme.example")).status, 404)
      assert.strictEqual((yield* prove(made)).body.customDomain.state, "proven")

      const page = yield* at("/", "status.acme.example")
      assert.include(page.text, "Site")
      assert.strictEqual((yield* at("/summary.json", "STATUS.acme.example:443")).status, 200)
      assert.strictEqual((yield* at("/api/auth/me", "status.acme.example")).status, 404)
      assert.notInclude((yield* at("/", "other.example")).text, "Site")
      assert.strictEqual((yield* at("/api/auth/me", "other.example")).status, 401)
      assert.strictEqual((yield* visit("GET /tls-ask?domain=status.acme.example")).status, 200)
      assert.strictEqual((yield* visit("GET /tls-ask?domain=other.example")).status, 404)
      assert.strictEqual((yield* visit("GET /tls-ask")).status, 404)
    }),
  )

  it.scopedLive("goes on showing a page when the database is away, and says how old it is", () =>
    Effect.gen(function* () {
      const isAway = yield* Ref.make(false)
      const context = yield* Layer.build(yield* freshStores)
      const pages = Context.get(context, PublicPages)
      const stores = Layer.succeedContext(
        Context.add(context, PublicPages, {
          ...pages,
          find: (key, stamp) =>
            Effect.flatMap(Ref.get(isAway), (away) =>
              away
                ? Effect.fail(new StoreError({ reason: "unavailable", operation: "find", cause: "away" }))
                : pages.find(key, stamp),
            ),
        }),
      )
      const base = yield* serveApi({ stores, stream: MemoryStream.layer(), settings: { publicUrl: Option.none() } })
      const { token } = yield* signUp(base)
      yield* call(base, "POST /api/status-pages", { token, json: { slug: "acme", title: "Acme" } })
      yield* call(base, "POST /api/status-pages", { token, json: { slug: "unseen", title: "Unseen" } })
      const summary = Effect.map(call(base, "GET /status/acme.json"), ({ text }) => JSON.parse(text))
      assert.isFalse((yield* summary).isStale)
      const fresh = yield* call(base, "GET /status/acme")
      yield* Ref.set(isAway, true)
      yield* eventually(summary, ({ isStale }) => isStale, "10 seconds")
      const stale = yield* call(base, "GET /status/acme")
      assert.strictEqual(stale.status, 200)
      assert.notStrictEqual(stale.text, fresh.text)
      const unseen = yield* call(base, "GET /status/unseen")
      assert.strictEqual(unseen.status, 503)
      assert.include(unseen.text, "<h1>Temporarily unavailable</h1>")
      assert.isNotNull(unseen.headers.get("retry-after"))
      yield* Ref.set(isAway, false)
      yield* eventually(summary, ({ isStale }) => !isStale, "10 seconds")
      assert.strictEqual((yield* call(base, "GET /status/acme")).text, fresh.text)
    }),
  )
})
