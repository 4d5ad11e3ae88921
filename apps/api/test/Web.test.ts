import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { brotliCompressSync, gzipSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { apiStoresLayer } from "@uptime/api/ApiStores"
import { WebFiles } from "@uptime/api/http/WebFiles"
import { ResultStore } from "@uptime/persistence/ResultStore"
import { CheckStream } from "@uptime/stream/CheckStream"
import { Effect, Layer } from "effect"
import { call, noSql, serveApi } from "./World.ts"

const html = "<!doctype html><title>Dashboard</title>"
const script = `console.log("${"dashboard ".repeat(300)}")`

/** An api with a dashboard of these files, in a folder that goes with the scope. */
const withFiles = (files: Readonly<Record<string, string | Uint8Array>>) =>
  Effect.gen(function* () {
    const folder = yield* Effect.acquireRelease(
      Effect.promise(() => mkdtemp(join(tmpdir(), "uptime-web-"))),
      (path) => Effect.promise(() => rm(path, { recursive: true, force: true })),
    )
    yield* Effect.promise(async () => {
      for (const [name, content] of Object.entries(files)) {
        await mkdir(dirname(join(folder, "web", name)), { recursive: true })
        await writeFile(join(folder, "web", name), content)
      }
      await writeFile(join(folder, "secret.json"), "{}")
    })
    return yield* serveApi({
      stores: Layer.provideMerge(apiStoresLayer, Layer.merge(noSql, Layer.mock(ResultStore, {}))),
      stream: Layer.mock(CheckStream, {}),
      web: Layer.orDie(WebFiles.layer(join(folder, "web"))),
    })
  })

const dashboard = {
  "index.html": html,
  "favicon.svg": "<svg/>",
  "assets/index-Ab12_xY9.js": script,
  "assets/index-Ab12_xY9.js.br": brotliCompressSync(script),
  "assets/index-Ab12_xY9.js.gz": gzipSync(script),
  "assets/index-Ab12_xY9.js.map": "{}",
}

describe("the dashboard", () => {
  it.scopedLive("is served at every address that nothing else has, under a strict policy", () =>
    Effect.gen(function* () {
      const base = yield* withFiles(dashboard)
      for (const path of ["/", "/monitors/0190a5f4-0000-7000-8000-000000000001", "/login?next=/incidents"]) {
        const answer = yield* call(base, `GET ${path}`)
        assert.deepStrictEqual([answer.status, answer.text], [200, html], path)
        assert.strictEqual(answer.headers.get("content-type"), "text/html; charset=utf-8")
        assert.strictEqual(answer.headers.get("cache-control"), "no-cache")
        assert.strictEqual(
          answer.headers.get("content-security-policy"),
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        )
        assert.strictEqual(answer.headers.get("x-content-type-options"), "nosniff")
      }
      assert.include((yield* call(base, "GET /docs")).text, "swagger")
      assert.strictEqual(JSON.parse((yield* call(base, "GET /openapi.json")).text).openapi, "3.1.0")
      const head = yield* call(base, "HEAD /incidents")
      assert.deepStrictEqual([head.status, head.text], [200, ""])
    }),
  )

  it.scopedLive("leaves the api its own answers, and has no file but its own", () =>
    Effect.gen(function* () {
      const base = yield* withFiles(dashboard)
      for (const route of [
        "GET /api/nowhere",
        "GET /api",
        "GET /assets/missing-Ab12_xY9.js",
        "GET /assets/index-Ab12_xY9.js.map",
        "GET /assets/index-Ab12_xY9.js.br",
        "GET /../secret.json",
        "GET /..%2fsecret.json",
        "GET /%2e%2e/secret.json",
        "GET /assets/..%2f..%2fsecret.json",
        "GET /..%5csecret.json",
        "GET //etc/hosts.txt",
      ]) {
        const { status, text } = yield* call(base, route)
        assert.deepStrictEqual([status, JSON.parse(text)._tag], [404, "RouteNotFound"], route)
      }
      assert.strictEqual((yield* call(base, "GET /api/auth/login")).status, 405)
      assert.strictEqual((yield* call(base, "POST /incidents", { json: {} })).status, 404)
    }),
  )

  it.scopedLive("is kept by browsers, and comes as small as they take it", () =>
    Effect.gen(function* () {
      const base = yield* withFiles(dashboard)
      const get = (path: string, headers: Readonly<Record<string, string>>) => call(base, `GET ${path}`, { headers })
      const asset = "/assets/index-Ab12_xY9.js"
      const tags = new Set<string | null>()
      for (const [accept, encoding] of [
        ["gzip, br", "br"],
        ["gzip", "gzip"],
        ["identity", null],
      ] as const) {
        const answer = yield* get(asset, { "accept-encoding": accept })
        assert.deepStrictEqual([answer.status, answer.text], [200, script])
        assert.strictEqual(answer.headers.get("content-encoding"), encoding)
        assert.strictEqual(answer.headers.get("vary"), "Accept-Encoding")
        assert.strictEqual(answer.headers.get("cache-control"), "public, max-age=31536000, immutable")
        assert.strictEqual(answer.headers.get("content-type"), "text/javascript; charset=utf-8")
        const tag = answer.headers.get("etag") ?? ""
        tags.add(tag)
        const known = yield* get(asset, { "accept-encoding": accept, "if-none-match": `"x", W/${tag}` })
        assert.deepStrictEqual([known.status, known.text], [304, ""])
        assert.strictEqual(known.headers.get("etag"), tag)
      }
      assert.strictEqual(tags.size, 3)
      assert.strictEqual((yield* get("/favicon.svg", {})).headers.get("cache-control"), "no-cache")
    }),
  )

  it.scopedLive("is not there where it was not built, and a page says what runs", () =>
    Effect.gen(function* () {
      for (const files of [{}, { "readme.txt": "no page" }]) {
        const base = yield* withFiles(files)
        assert.include((yield* call(base, "GET /")).text, 'href="/docs"')
        assert.strictEqual((yield* call(base, "GET /login")).status, 404)
      }
    }),
  )
})
