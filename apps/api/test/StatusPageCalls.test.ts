import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { loggedIn, walk } from "./LoggedIn.ts"
import { pageWorld } from "./StatusPages.ts"

const unknownId = "0190a5f4-0000-7000-8000-00000000dead"
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

describe("status pages", () => {
  it.scopedLive("are made, edited and deleted; what is not named stays, public ids too", () =>
    Effect.gen(function* () {
      const { send } = yield* loggedIn()
      const one = (yield* send("POST /api/monitor", { url: "https://example.com/" })).body.id
      const two = (yield* send("POST /api/monitor", { url: "https://example.org/" })).body.id
      const made = yield* send("POST /api/status-pages", {
        slug: "acme",
        title: "Acme",
        sections: [{ name: "Web", monitors: [{ monitorId: one, name: "Site" }, { monitorId: two }] }],
      })
      assert.strictEqual(made.status, 201, made.text)
      assert.deepInclude(made.body, {
        slug: "acme",
        title: "Acme",
        domain: null,
        language: "en",
        timeZone: "UTC",
        visibility: "public",
        hasPassword: false,
        noindex: false,
        logo: null,
      })
      const [first, second] = made.body.sections[0].monitors
      assert.deepInclude(first, { monitorId: one, name: "Site" })
      assert.deepInclude(second, { monitorId: two, name: null })
      assert.notStrictEqual(first.publicId, second.publicId)

      const edited = yield* send(`PUT /api/status-pages/${made.body.id}`, {
        domain: "status.example.com",
        sections: [
          { name: "New", monitors: [{ monitorId: two.toUpperCase() }] },
          { name: "Old", monitors: [{ monitorId: one }] },
        ],
      })
      assert.strictEqual(edited.status, 200, edited.text)
      assert.deepInclude(edited.body, { slug: "acme", title: "Acme", domain: "status.example.com" })
      assert.deepStrictEqual(edited.body.sections, [
        { name: "New", monitors: [{ ...second }] },
        { name: "Old", monitors: [{ ...first, name: null }] },
      ])
      assert.deepStrictEqual((yield* send(`GET /api/status-pages/${made.body.id}`)).body, edited.body)

      // A monitor that is deleted is gone from the page, and the page can be edited as before.
      assert.strictEqual((yield* send(`DELETE /api/monitor/${one}`)).status, 204)
      const left = yield* send(`PUT /api/status-pages/${made.body.id}`, { description: "What runs" })
      assert.deepStrictEqual(left.body.sections, [
        { name: "New", monitors: [{ ...second }] },
        { name: "Old", monitors: [] },
      ])
      assert.strictEqual((yield* send(`DELETE /api/status-pages/${made.body.id}`)).status, 204)
      assert.strictEqual((yield* send(`GET /api/status-pages/${made.body.id}`)).status, 404)
    }),
  )

  it.scopedLive("have an address of their own, over all accounts", () =>
    Effect.gen(function* () {
      const { send } = yield* pageWorld({ slug: "taken", domain: "status.example.com" }).pipe(
        Effect.tap(({ page, prove }) => prove(page)),
      )
      const other = (yield* send("POST /api/status-pages", { slug: "free", title: "Two" })).body.id
      for (const [json, field] of [
        [{ slug: "taken" }, "slug"],
        [{ domain: "status.example.com" }, "domain"],
      ] as const) {
        const edited = yield* send(`PUT /api/status-pages/${other}`, json)
        assert.deepInclude(edited, { status: 409 })
        assert.deepInclude(edited.body, { _tag: "AddressTaken", field })
        const made = yield* send("POST /api/status-pages", { slug: "another", title: "Three", ...json })
        assert.deepInclude(made.body, { _tag: "AddressTaken", field })
      }
      assert.deepInclude((yield* send(`GET /api/status-pages/${other}`)).body, { slug: "free", domain: null })
      const { items, pages } = yield* walk(send, "GET /api/status-pages", 1)
      assert.lengthOf(items, 2)
      assert.strictEqual(pages, 2)
    }),
  )

  it.scopedLive("keep their password to themselves, and need one to be shown by it", () =>
    Effect.gen(function* () {
      const { send, stores } = yield* loggedIn()
      const locked = { slug: "locked", title: "Locked", visibility: "password" }
      assert.strictEqual((yield* send("POST /api/status-pages", locked)).status, 400)
      const made = yield* send("POST /api/status-pages", { ...locked, password: "open sesame" })
      assert.deepInclude(made.body, { visibility: "password", hasPassword: true })
      assert.notInclude(made.text, "sesame")
      assert.notInclude(made.text, "$2b$")
      const [row] = yield* Effect.provide(
        Effect.flatMap(
          SqlClient,
          (sql) => sql<{ readonly hash: string }>`SELECT password_hash AS hash FROM status_pages`,
        ),
        stores,
      )
      assert.match(row?.hash ?? "", /^\$2b\$/)
      const taken = yield* send(`PUT /api/status-pages/${made.body.id}`, { password: null })
      assert.deepInclude(taken.body, { _tag: "ValidationFailed" })
      const open = yield* send(`PUT /api/status-pages/${made.body.id}`, { password: null, visibility: "public" })
      assert.deepInclude(open.body, { visibility: "public", hasPassword: false })
      const ranges = yield* send(`PUT /api/status-pages/${made.body.id}`, { visibility: "addresses" })
      assert.strictEqual(ranges.status, 400)
    }),
  )

  it.scopedLive("take logos that are images, whatever they are called, and no SVG", () =>
    Effect.gen(function* () {
      const { send } = yield* loggedIn()
      const { id } = (yield* send("POST /api/status-pages", { slug: "logo", title: "Logo" })).body
      const base64 = (text: string) => Buffer.from(text).toString("base64")
      for (const text of [
        "<svg xmlns='http://www.w3.org/2000/svg'></svg>",
        "GIF89a..............",
        "<!doctype html><p>",
      ]) {
        const refused = yield* send(`PUT /api/status-pages/${id}/logo`, { data: base64(text) })
        assert.strictEqual(refused.status, 400, refused.text)
      }
      const large = Buffer.concat([Buffer.from(pixel, "base64"), Buffer.alloc(200 * 1024)]).toString("base64")
      assert.strictEqual((yield* send(`PUT /api/status-pages/${id}/logo`, { data: large })).status, 400)
      assert.strictEqual((yield* send(`PUT /api/status-pages/${id}/logo`, { data: pixel })).body.logo, "image/png")
      const almost = Buffer.concat([Buffer.from(pixel, "base64"), Buffer.alloc(200 * 1024 - 100)]).toString("base64")
      assert.strictEqual((yield* send(`PUT /api/status-pages/${id}/logo`, { data: almost })).status, 200)
      assert.strictEqual((yield* send(`DELETE /api/status-pages/${id}/logo`)).body.logo, null)
      assert.strictEqual((yield* send(`PUT /api/status-pages/${unknownId}/logo`, { data: pixel })).status, 404)
    }),
  )

  it.scopedLive("refuse style sheets that reach beyond the page", () =>
    Effect.gen(function* () {
      const { send } = yield* loggedIn()
      for (const customCss of ["@import 'https://evil.example/x.css'", "h1 { background: url(//evil.example/x) }"]) {
        const refused = yield* send("POST /api/status-pages", { slug: "styled", title: "Styled", customCss })
        assert.deepInclude(refused.body, { _tag: "ValidationFailed" }, customCss)
      }
      const made = yield* send("POST /api/status-pages", {
        slug: "styled",
        title: "Styled",
        customCss: "h1 { color: red }",
      })
      assert.strictEqual(made.body.customCss, "h1 { color: red }")
    }),
  )
})
