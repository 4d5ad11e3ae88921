import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, layer } from "@effect/vitest"
import type { UserId } from "@uptime/domain/Ids"
import { Effect, Layer } from "effect"
import type { StoredConfig } from "../src/Channel.ts"
import { Channels } from "../src/Channels.ts"
import { EmailRecipients } from "../src/EmailRecipients.ts"
import { backends } from "./Backends.ts"
import { makeUser, services } from "./Fixtures.ts"

interface EmailConfig extends StoredConfig {
  readonly to: ReadonlyArray<string>
  readonly server?: { readonly host: string }
}

const makeChannel = (userId: UserId, config: EmailConfig) =>
  Effect.flatMap(Channels, (channels) =>
    channels.create(userId, { name: "Mail", config, enabled: true, isDefault: true, quietHours: null }),
  )

/** Asks an address, which must be one that can be asked; what its link carries. */
const ask = (userId: UserId, address: string) =>
  Effect.flatMap(EmailRecipients, (recipients) =>
    Effect.flatMap(recipients.ask(userId, address), (question) =>
      question === null ? Effect.dieMessage("nobody was asked") : Effect.succeed(question.token),
    ),
  )

const stateOf = (userId: UserId, address: string) =>
  Effect.flatMap(EmailRecipients, (recipients) =>
    Effect.map(recipients.states(userId, [address]), ([recipient]) => recipient?.state),
  )

/** Lets days pass for what was asked of an account's recipients, and answered. */
const letDaysPass = (userId: UserId, days: number) =>
  Effect.flatMap(
    SqlClient,
    (sql) => sql`
      UPDATE email_recipients SET asked_at = asked_at - ${days}::int * interval '1 day',
        refused_at = refused_at - ${days}::int * interval '1 day'
      WHERE user_id = ${userId}`,
  )

for (const [name, database] of backends) {
  const all = Layer.mergeAll(Channels.layer, EmailRecipients.layer).pipe(Layer.provideMerge(services(database)))
  describe.sequential(name, () => {
    layer(all, { excludeTestServices: true, timeout: "60 seconds" })("recipients of emails", (it) => {
      it.effect("are the account itself, and whoever confirms by a link, of one account alone", () =>
        Effect.gen(function* () {
          const recipients = yield* EmailRecipients
          const [user, other] = [yield* makeUser, yield* makeUser]
          assert.strictEqual(yield* stateOf(user.id, user.email.toUpperCase()), "own")
          assert.isNull(yield* recipients.ask(user.id, user.email))
          assert.strictEqual(yield* stateOf(user.id, "Bob@example.com"), "unconfirmed")
          const token = yield* ask(user.id, "Bob@example.com")
          assert.deepStrictEqual(yield* recipients.states(user.id, ["x@example.com", "bob@Example.com"]), [
            { address: "x@example.com", state: "unconfirmed" },
            { address: "bob@Example.com", state: "awaiting" },
          ])
          assert.deepStrictEqual(yield* recipients.find(token), {
            address: "bob@example.com",
            askedBy: user.email,
            state: "awaiting",
          })
          assert.isFalse(yield* recipients.confirm(`${token}x`))
          assert.isNull(yield* recipients.find(`${token}x`))
          assert.isTrue(yield* recipients.confirm(token))
          assert.isTrue(yield* recipients.confirm(token))
          assert.strictEqual(yield* stateOf(user.id, "bob@example.com"), "confirmed")
          assert.isNull(yield* recipients.ask(user.id, "BOB@example.com"))
          assert.strictEqual(yield* stateOf(other.id, "bob@example.com"), "unconfirmed")
        }),
      )

      it.effect(
        "keep no token that could be read from the database, and take the links of the newest five emails",
        () =>
          Effect.gen(function* () {
            const recipients = yield* EmailRecipients
            const sql = yield* SqlClient
            const user = yield* makeUser
            const tokens = yield* Effect.forEach([1, 2, 3, 4, 5, 6], () => ask(user.id, "bob@example.com"))
            const rows = JSON.stringify(yield* sql`SELECT * FROM email_recipients WHERE user_id = ${user.id}`)
            for (const token of tokens) assert.notInclude(rows, token)
            const [oldest = "", second = ""] = tokens
            assert.isFalse(yield* recipients.confirm(oldest))
            assert.isTrue(yield* recipients.confirm(second))
          }),
      )

      it.effect("are forgotten after seven days without an answer, and may be asked again", () =>
        Effect.gen(function* () {
          const recipients = yield* EmailRecipients
          const user = yield* makeUser
          const token = yield* ask(user.id, "bob@example.com")
          const kept = yield* ask(user.id, "eve@example.com")
          assert.isTrue(yield* recipients.confirm(kept))
          yield* letDaysPass(user.id, 6)
          assert.strictEqual(yield* stateOf(user.id, "bob@example.com"), "awaiting")
          yield* letDaysPass(user.id, 1)
          assert.strictEqual(yield* stateOf(user.id, "bob@example.com"), "unconfirmed")
          assert.isFalse(yield* recipients.confirm(token))
          yield* recipients.forgetOld
          assert.isNull(yield* recipients.find(token))
          assert.strictEqual(yield* stateOf(user.id, "eve@example.com"), "confirmed")
          assert.isTrue(yield* recipients.confirm(yield* ask(user.id, "bob@example.com")))
        }),
      )

      it.effect(
        "who want none are taken out of channels, before and after they confirmed, and not asked for 30 days",
        () =>
          Effect.gen(function* () {
            const recipients = yield* EmailRecipients
            const channels = yield* Channels
            const user = yield* makeUser
            const to = ["Bob@example.com", "eve@example.com"]
            const both = yield* makeChannel(user.id, { kind: "email", to })
            const only = yield* makeChannel(user.id, { kind: "email", to: ["bob@example.com"] })
            const ownServer = yield* makeChannel(user.id, { kind: "email", to, server: { host: "mail.example.com" } })
            const token = yield* ask(user.id, "bob@example.com")
            assert.isTrue(yield* recipients.confirm(token))
            assert.isTrue(yield* recipients.refuse(token))
            assert.isTrue(yield* recipients.refuse(token))
            assert.isFalse(yield* recipients.refuse("unknown"))
            assert.isFalse(yield* recipients.confirm(token))
            assert.strictEqual(yield* stateOf(user.id, "bob@example.com"), "refused")
            const configOf = (id: typeof both.id) => Effect.map(channels.get(user.id, id), ({ config }) => config)
            const withoutBob: EmailConfig = { kind: "email", to: ["eve@example.com"] }
            assert.deepStrictEqual(yield* configOf(both.id), withoutBob)
            // A channel must name somebody: it is shown with who refused, and sends nothing there.
            assert.deepStrictEqual(yield* configOf(only.id), only.config)
            assert.deepStrictEqual(yield* configOf(ownServer.id), ownServer.config)

            yield* letDaysPass(user.id, 29)
            yield* recipients.forgetOld
            assert.isNull(yield* recipients.ask(user.id, "bob@example.com"))
            yield* letDaysPass(user.id, 1)
            assert.strictEqual(yield* stateOf(user.id, "bob@example.com"), "unconfirmed")
            assert.isTrue(yield* recipients.confirm(yield* ask(user.id, "bob@example.com")))
          }),
      )
    })
  })
}
