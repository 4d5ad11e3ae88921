import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import type { MailMessage } from "@uptime/alerting/Channel"
import { DeliveryFailed } from "@uptime/alerting/DeliveryFailed"
import { Mailer } from "@uptime/alerting/Mailer"
import { eventually } from "@uptime/testing/Eventually"
import { Effect, Layer, Option } from "effect"
import { loggedIn } from "./LoggedIn.ts"
import { call } from "./World.ts"

const publicUrl = "https://uptime.example.com"

/** Somebody at an installation that sends mail, and what it sent; addresses at `away.example` are not reached. */
const mailingWorld = (
  settings: { readonly publicUrl?: Option.Option<string> } = { publicUrl: Option.some(publicUrl) },
) =>
  Effect.gen(function* () {
    const mails: Array<MailMessage> = []
    const away = new DeliveryFailed({ retryable: true, retryAfterMs: null, message: "no answer: timed out" })
    const mailer = Layer.succeed(Mailer, {
      hasServer: true,
      send: (mail) =>
        mail.to.some((address) => address.endsWith("@away.example"))
          ? Effect.fail(away)
          : Effect.sync(() => void mails.push(mail)),
    })
    const world = yield* loggedIn({ mailer, settings })
    const make = (to: ReadonlyArray<string>) =>
      world.send("POST /api/channels", { name: "Mail", config: { kind: "email", to } })
    const statesOf = (id: string) =>
      Effect.map(world.send(`GET /api/channels/${id}`), ({ body }) =>
        body.recipients.map((recipient: { address: string; state: string }) => [recipient.address, recipient.state]),
      )
    const sent = (count: number) =>
      eventually(
        Effect.sync(() => mails.length),
        (found) => found === count,
        "5 seconds",
      )
    /** The path of a link of an email. */
    const link = (mail: MailMessage | undefined, action: "confirm" | "refuse") =>
      new RegExp(`${publicUrl}(/recipients/${action}\\?token=[\\w-]{32})\n`).exec(mail?.text ?? "")?.[1] ?? "/no-link"
    const visit = (route: string, body?: string) =>
      call(
        world.base,
        route,
        body === undefined ? {} : { body, headers: { "content-type": "application/x-www-form-urlencoded" } },
      )
    return { ...world, mails, make, statesOf, sent, link, visit }
  })

describe("recipients of an email channel", () => {
  it.scopedLive(
    "are asked first, and are sent nothing until they confirm; the account's own address is not asked",
    () =>
      Effect.gen(function* () {
        const { link, mails, make, person, send, sent, statesOf, visit } = yield* mailingWorld()
        const made = yield* make([person.email, "Bob@example.com"])
        assert.strictEqual(made.status, 201, made.text)
        assert.deepStrictEqual(made.body.recipients, [
          { address: person.email, state: "own" },
          { address: "Bob@example.com", state: "awaiting" },
        ])
        yield* sent(1)
        assert.deepStrictEqual(mails[0]?.to, ["Bob@example.com"])
        assert.include(mails[0]?.text, person.email)

        const test = `POST /api/channels/${made.body.id}/test`
        assert.deepInclude((yield* send(test)).body, { delivered: true })
        assert.deepStrictEqual(mails[1]?.to, [person.email])

        const confirm = link(mails[0], "confirm")
        // A scanner that opens the link confirms nothing.
        const opened = yield* visit(`GET ${confirm}`)
        assert.strictEqual(opened.status, 200)
        assert.include(opened.headers.get("content-security-policy"), "form-action 'self'")
        assert.include(opened.text, "bob@example.com")
        assert.deepStrictEqual((yield* statesOf(made.body.id))[1], ["Bob@example.com", "awaiting"])
        assert.strictEqual((yield* visit(`POST ${confirm}`, "")).status, 200)
        assert.deepStrictEqual((yield* statesOf(made.body.id))[1], ["Bob@example.com", "confirmed"])
        yield* send(test)
        assert.deepStrictEqual(mails[2]?.to, [person.email, "Bob@example.com"])

        // Nobody is asked twice, whatever else is changed.
        yield* send(`PUT /api/channels/${made.body.id}`, { name: "x", config: made.body.config })
        yield* make(["bob@example.com"])
        yield* send(test)
        assert.lengthOf(mails, 4)
      }),
  )

  it.scopedLive("none of whom has confirmed make a channel that says so when it is tried", () =>
    Effect.gen(function* () {
      const { make, send, sent } = yield* mailingWorld()
      const { body } = yield* make(["bob@example.com"])
      yield* sent(1)
      assert.deepStrictEqual((yield* send(`POST /api/channels/${body.id}/test`)).body, {
        delivered: false,
        message: "not sent: none of its recipients has confirmed yet",
      })
      yield* sent(1)
    }),
  )

  it.scopedLive("say by one click that it is not them: they are taken out, and not asked again for 30 days", () =>
    Effect.gen(function* () {
      const { link, mails, make, send, sent, statesOf, stores, visit } = yield* mailingWorld()
      const { body } = yield* make(["bob@example.com", "eve@example.com"])
      yield* sent(2)
      const mail = mails.find(({ to }) => to.includes("bob@example.com"))
      const refuse = link(mail, "refuse")
      assert.strictEqual(mail?.unsubscribeUrl, `${publicUrl}${refuse}`)
      assert.strictEqual((yield* visit(`GET ${refuse}`)).status, 200)
      assert.lengthOf(yield* statesOf(body.id), 2)
      assert.strictEqual((yield* visit(`POST ${refuse}`, "List-Unsubscribe=One-Click")).status, 200)
      assert.deepStrictEqual(yield* statesOf(body.id), [["eve@example.com", "awaiting"]])
      assert.strictEqual((yield* visit(`POST ${link(mail, "confirm")}`, "")).status, 404)

      const again = yield* make(["ann@example.com", "bob@example.com"])
      assert.strictEqual(again.status, 400)
      assert.deepStrictEqual(again.body.issues[0].path, ["config", "to", 1])
      const added = yield* send(`PUT /api/channels/${body.id}`, { config: { kind: "email", to: ["bob@example.com"] } })
      assert.strictEqual(added.status, 400)
      yield* sent(2)
      yield* Effect.provide(
        Effect.flatMap(SqlClient, (sql) => sql`UPDATE email_recipients SET refused_at = now() - interval '31 days'`),
        stores,
      )
      assert.strictEqual((yield* make(["bob@example.com"])).status, 201)
      yield* sent(3)
    }),
  )

  it.scopedLive("are asked again when their owner wishes, and not too often", () =>
    Effect.gen(function* () {
      const { link, mails, make, send, sent, visit } = yield* mailingWorld()
      const { body } = yield* make(["bob@example.com", "x@away.example"])
      yield* sent(1)
      const ask = (address: string) => send(`POST /api/channels/${body.id}/recipients/ask`, { address })
      assert.deepInclude(yield* ask("bob@example.com"), { status: 200, body: { delivered: true, message: null } })
      yield* sent(2)
      assert.deepStrictEqual((yield* ask("x@away.example")).body, { delivered: false, message: "no answer: timed out" })
      assert.strictEqual((yield* ask("stranger@example.com")).status, 400)
      for (let i = 0; i < 3; i++) assert.strictEqual((yield* ask("bob@example.com")).status, 200)
      assert.strictEqual((yield* ask("bob@example.com")).status, 429)
      // The link of the first email works too.
      assert.strictEqual((yield* visit(`POST ${link(mails[0], "confirm")}`, "")).status, 200)
    }),
  )

  it.scopedLive("are at most thirty a day that an account asks", () =>
    Effect.gen(function* () {
      const { make } = yield* mailingWorld()
      const names = (from: number) => Array.from({ length: 20 }, (_, i) => `p${from + i}@example.com`)
      assert.strictEqual((yield* make(names(0))).status, 201)
      const refused = yield* make(names(20))
      assert.deepStrictEqual([refused.status, refused.body._tag], [429, "TooManyRequests"])
    }),
  )

  it.scopedLive("need no confirmation where the channel has a mail server of its own", () =>
    Effect.gen(function* () {
      const { mails, send } = yield* mailingWorld()
      const server = { host: "mail.example.com", from: "ops@example.com" }
      const config = { kind: "email", to: ["bob@example.com"], server }
      const made = yield* send("POST /api/channels", { name: "Mail", config })
      assert.deepStrictEqual([made.status, made.body.recipients], [201, []])
      assert.deepInclude((yield* send(`POST /api/channels/${made.body.id}/test`)).body, { delivered: true })
      assert.deepStrictEqual(
        mails.map(({ to }) => to),
        [["bob@example.com"]],
      )
      // The installation's server is another matter.
      const without = { kind: "email", to: ["bob@example.com"] }
      const edited = yield* send(`PUT /api/channels/${made.body.id}`, { config: without })
      assert.deepStrictEqual(edited.body.recipients, [{ address: "bob@example.com", state: "awaiting" }])
    }),
  )

  it.scopedLive("cannot be asked by an installation that does not know its own address, and it says so", () =>
    Effect.gen(function* () {
      const { mails, make, send } = yield* mailingWorld({ publicUrl: Option.none() })
      const { body, status } = yield* make(["bob@example.com"])
      assert.deepStrictEqual([status, body.recipients], [201, [{ address: "bob@example.com", state: "unconfirmed" }]])
      const asked = yield* send(`POST /api/channels/${body.id}/recipients/ask`, { address: "bob@example.com" })
      assert.match(asked.body.message, /PUBLIC_URL/)
      assert.lengthOf(mails, 0)
    }),
  )

  it.scopedLive("with links that are none get a page that says so", () =>
    Effect.gen(function* () {
      const { visit } = yield* mailingWorld()
      for (const action of ["confirm", "refuse"]) {
        for (const query of ["", "?token=", "?token=x", `?token=${"a".repeat(32)}`, "?token=%00", "?__proto__=1"]) {
          for (const answer of [
            yield* visit(`GET /recipients/${action}${query}`),
            yield* visit(`POST /recipients/${action}${query}`, "a=b"),
          ]) {
            assert.strictEqual(answer.status, 404)
            assert.match(answer.headers.get("content-type") ?? "", /^text\/html/)
          }
        }
        assert.strictEqual((yield* visit(`DELETE /recipients/${action}`)).status, 405)
      }
    }),
  )
})
