import { createHmac } from "node:crypto"
import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import type { MailMessage } from "@uptime/alerting/Channel"
import { Mailer } from "@uptime/alerting/Mailer"
import { SubscriberHttp } from "@uptime/alerting/SubscriberHttp"
import type { GuardedRequest } from "@uptime/prober/GuardedHttp"
import { eventually } from "@uptime/testing/Eventually"
import { Effect, Layer, Option } from "effect"
import { form, pageWorld } from "./StatusPages.ts"

const reachable = { publicUrl: Option.some("https://uptime.example") }

/** A page at an installation that sends mail, and what it sent. */
const mailingWorld = Effect.gen(function* () {
  const mails: Array<MailMessage> = []
  const mailer = Layer.succeed(Mailer, { hasServer: true, send: (mail) => Effect.sync(() => void mails.push(mail)) })
  const requests: Array<GuardedRequest> = []
  let says: (request: GuardedRequest) => string = () => ""
  const subscriberHttp = Layer.succeed(SubscriberHttp, {
    request: (request) =>
      Effect.sync(() => {
        requests.push(request)
        return { status: 200, headers: {}, body: says(request), isTruncated: false }
      }),
  })
  const world = yield* pageWorld({}, { mailer, subscriberHttp, settings: reachable })
  const subscribeWebhook = (url: string, from = "192.0.2.1") => {
    const sent = form({ url })
    return world.visit("POST /status/acme/subscribe/webhook", {
      ...sent,
      headers: { ...sent.headers, "x-forwarded-for": from },
    })
  }
  const answerBy = (answer: typeof says) => {
    says = answer
  }
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
  return { ...world, mails, requests, answerBy, subscribe, subscribeWebhook, linkOf, subscribers }
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

  it.scopedLive("of a webhook are confirmed by what it answers, and signed", () =>
    Effect.gen(function* () {
      const { answerBy, requests, subscribeWebhook, subscribers, visit } = yield* mailingWorld
      assert.include((yield* visit("GET /status/acme/subscribe")).text, "/status/acme/subscribe/webhook")
      answerBy(({ body = "" }) => JSON.stringify({ challenge: JSON.parse(body).data.challenge }))
      assert.strictEqual((yield* subscribeWebhook("https://hooks.example.com/in#x")).status, 200)
      const [confirmed] = yield* eventually(subscribers, ([one]) => one?.confirmedAt !== null, "5 seconds")
      assert.deepInclude(confirmed, { kind: "webhook", address: "https://hooks.example.com/in" })
      const [request] = requests
      const body = request?.body ?? ""
      const { signingSecret, unsubscribeUrl } = JSON.parse(body).data
      assert.match(signingSecret, /^whsec_[\w+/]{43}=$/)
      const {
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature,
      } = request?.headers ?? {}
      const key = Buffer.from(signingSecret.slice(6), "base64")
      assert.strictEqual(
        signature,
        `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`,
      )
      // Whoever is told already is not asked again.
      yield* subscribeWebhook("https://hooks.example.com/in")
      assert.lengthOf(requests, 1)
      const end = new URL(unsubscribeUrl)
      assert.strictEqual((yield* visit(`POST ${end.pathname}${end.search}`, form({}))).status, 200)
      assert.lengthOf(yield* subscribers, 0)
    }),
  )

  it.scopedLive("of a webhook that answers nothing of use are confirmed by the link", () =>
    Effect.gen(function* () {
      const { answerBy, requests, subscribeWebhook, subscribers, visit } = yield* mailingWorld
      answerBy(({ body = "" }) => body)
      yield* subscribeWebhook("https://hooks.example.com/in")
      const [request] = yield* eventually(
        Effect.sync(() => requests),
        ({ length }) => length === 1,
        "5 seconds",
      )
      const confirm = new URL(JSON.parse(request?.body ?? "").data.confirmUrl)
      assert.isNull((yield* subscribers)[0].confirmedAt)
      assert.strictEqual((yield* visit(`POST ${confirm.pathname}${confirm.search}`, form({}))).status, 200)
      assert.isNotNull((yield* subscribers)[0].confirmedAt)
    }),
  )

  it.scopedLive("of webhooks are for public https addresses, and limited by host", () =>
    Effect.gen(function* () {
      const { requests, subscribeWebhook, subscribers, visit } = yield* mailingWorld
      for (const url of [
        "",
        "http://hooks.example.com/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://10.0.0.1/x",
      ]) {
        assert.strictEqual((yield* subscribeWebhook(url)).status, 400, url)
      }
      assert.lengthOf(yield* subscribers, 0)
      for (let i = 0; i < 10; i++) {
        assert.strictEqual((yield* subscribeWebhook(`https://hooks.example.com/${i}`, `192.0.2.${i}`)).status, 200)
      }
      const limited = yield* subscribeWebhook("https://hooks.example.com/10", "192.0.2.99")
      assert.strictEqual(limited.status, 429)
      assert.strictEqual((yield* subscribeWebhook("https://other.example.com/", "192.0.2.99")).status, 200)
      yield* eventually(
        Effect.sync(() => requests.length),
        (count) => count === 11,
        "5 seconds",
      )
      assert.strictEqual((yield* visit("GET /status/acme/subscribe/webhook")).status, 303)
    }),
  )

  it.scopedLive("are not offered by email where no mail could be sent", () =>
    Effect.gen(function* () {
      const { visit } = yield* pageWorld({}, { settings: reachable })
      assert.notInclude((yield* visit("GET /status/acme/subscribe")).text, `type="email"`)
      assert.strictEqual((yield* visit("POST /status/acme/subscribe", form({ email: "a@example.com" }))).status, 404)
    }),
  )

  it.scopedLive("are not offered where nothing could be linked to", () =>
    Effect.gen(function* () {
      const { visit } = yield* pageWorld()
      assert.notInclude((yield* visit("GET /status/acme")).text, "/subscribe")
      assert.strictEqual((yield* visit("GET /status/acme/subscribe")).status, 404)
      const url = "https://hooks.example.com/"
      assert.strictEqual((yield* visit("POST /status/acme/subscribe/webhook", form({ url }))).status, 404)
    }),
  )
})
