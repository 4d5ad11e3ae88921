import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import type { MailMessage } from "@uptime/alerting/Channel"
import { Mailer } from "@uptime/alerting/Mailer"
import { eventually } from "@uptime/testing/Eventually"
import { Effect, Layer } from "effect"
import { form, pageWorld } from "./StatusPages.ts"

/** A page at an installation that sends mail, and what it sent. */
const mailingWorld = Effect.gen(function* () {
  const mails: Array<MailMessage> = []
  const mailer = Layer.succeed(Mailer, { hasServer: true, send: (mail) => Effect.sync(() => void mails.push(mail)) })
  const world = yield* pageWorld({ domain: "status.acme.example" }, { mailer })
  const subscribe = (email: string, from = "192.0.2.1") => {
    const sent = form({ email })
    return world.visit("POST /status/acme/subscribe", {
      ...sent,
      headers: { ...sent.headers, "x-forwarded-for": from },
    })
  }
  const linkOf = (mail: MailMessage | undefined) =>
    /\/(?:confirm|unsubscribe)\?token=[\w-]+/.exec(mail?.text ?? "")?.[0] ?? "no link"
  const subscribers = Effect.map(
    world.send(`GET /api/status-pages/${world.page.id}/subscribers`),
    ({ body }) => body.items,
  )
  return { ...world, mails, subscribe, linkOf, subscribers }
})

describe("subscriptions", () => {
  it.scopedLive("are confirmed by their address, and ended by one click", () =>
    Effect.gen(function* () {
      const { linkOf, mails, page, send, subscribe, subscribers, visit } = yield* mailingWorld
      assert.include((yield* visit("GET /status/acme")).text, "/subscribe")
      assert.strictEqual((yield* visit("GET /status/acme/subscribe")).status, 200)
      assert.strictEqual((yield* subscribe("Ada@Example.com")).status, 200)
      yield* eventually(
        Effect.sync(() => mails.length),
        (count) => count === 1,
        "5 seconds",
      )
      assert.deepStrictEqual(mails[0]?.to, ["ada@example.com"])
      assert.deepInclude((yield* subscribers)[0], { kind: "email", address: "ada@example.com", confirmedAt: null })

      const confirm = `/status/acme${linkOf(mails[0])}`
      // A scanner that opens the link confirms nothing.
      assert.strictEqual((yield* visit(`GET ${confirm}`)).status, 200)
      assert.isNull((yield* subscribers)[0].confirmedAt)
      assert.strictEqual((yield* visit(`POST ${confirm}`, form({}))).status, 200)
      assert.isNotNull((yield* subscribers)[0].confirmedAt)
      assert.strictEqual((yield* visit(`POST ${confirm}x`, form({}))).status, 404)

      const end = confirm.replace("/confirm", "/unsubscribe")
      assert.strictEqual((yield* visit(`GET ${end}`)).status, 200)
      assert.lengthOf(yield* subscribers, 1)
      const oneClick = form({ "List-Unsubscribe": "One-Click" })
      assert.strictEqual((yield* visit(`POST ${end}`, oneClick)).status, 200)
      assert.lengthOf(yield* subscribers, 0)
      assert.strictEqual((yield* visit(`POST ${end}`, oneClick)).status, 200)

      yield* subscribe("eve@example.com")
      const [eve] = yield* subscribers
      assert.strictEqual((yield* send(`DELETE /api/status-pages/${page.id}/subscribers/${eve.id}`)).status, 204)
      assert.lengthOf(yield* subscribers, 0)
      assert.strictEqual((yield* send(`DELETE /api/status-pages/${page.id}/subscribers/${eve.id}`)).status, 404)
    }),
  )

  it.scopedLive("tell nobody whether an address is one that is told", () =>
    Effect.gen(function* () {
      const { linkOf, mails, subscribe, visit } = yield* mailingWorld
      const first = yield* subscribe("ada@example.com")
      yield* eventually(
        Effect.sync(() => mails.length),
        (count) => count === 1,
        "5 seconds",
      )
      yield* visit(`POST /status/acme${linkOf(mails[0])}`, form({}))
      const again = yield* subscribe("ada@example.com")
      const other = yield* subscribe("bob@example.com")
      for (const answer of [again, other])
        assert.deepStrictEqual([answer.status, answer.text], [first.status, first.text])
      yield* eventually(
        Effect.sync(() => mails.length),
        (count) => count === 2,
        "5 seconds",
      )
      assert.deepStrictEqual(mails[1]?.to, ["bob@example.com"])
    }),
  )

  it.scopedLive("are limited, and take email addresses alone", () =>
    Effect.gen(function* () {
      const { mails, stores, subscribe, visit } = yield* mailingWorld
      for (const email of ["", "nobody", "a@b@c", "x\r\nbcc: y@example.com", `${"a".repeat(300)}@example.com`]) {
        assert.strictEqual((yield* subscribe(email)).status, 400, email)
      }
      assert.strictEqual(
        (yield* visit("POST /status/acme/subscribe", { json: { email: "a@example.com" } })).status,
        415,
      )
      for (let i = 0; i < 3; i++) assert.strictEqual((yield* subscribe("ada@example.com", `192.0.2.${i}`)).status, 200)
      const limited = yield* subscribe("ada@example.com", "192.0.2.9")
      assert.strictEqual(limited.status, 429)
      assert.isNotNull(limited.headers.get("retry-after"))
      yield* eventually(
        Effect.sync(() => mails.length),
        (count) => count === 3,
        "5 seconds",
      )
      const rows = yield* Effect.provide(
        Effect.flatMap(SqlClient, (sql) => sql`SELECT FROM page_subscribers`),
        stores,
      )
      assert.lengthOf(rows, 1)
    }),
  )

  it.scopedLive("are not offered where no mail could be sent", () =>
    Effect.gen(function* () {
      const { visit } = yield* pageWorld({ domain: "status.acme.example" })
      assert.notInclude((yield* visit("GET /status/acme")).text, "/subscribe")
      assert.strictEqual((yield* visit("GET /status/acme/subscribe")).status, 404)
      assert.strictEqual((yield* visit("POST /status/acme/subscribe", form({ email: "a@example.com" }))).status, 404)
    }),
  )
})
