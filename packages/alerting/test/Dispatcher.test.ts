import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { Outbox } from "@uptime/persistence/Outbox"
import * as PostgresSql from "@uptime/persistence/PostgresSql"
import { SecretBox } from "@uptime/runtime/SecretBox"
import { bundled, startApp } from "@uptime/testing/AppProcess"
import { eventually } from "@uptime/testing/Eventually"
import { migratedDatabase } from "@uptime/testing/TestDatabase"
import { Context, Effect, Exit, Fiber, Layer, Option, Redacted, Scope } from "effect"
import type { MailMessage } from "../src/Channel.ts"
import { DeliveryFailed } from "../src/DeliveryFailed.ts"
import { Dispatcher } from "../src/Dispatcher.ts"
import { Mailer } from "../src/Mailer.ts"
import { letTimePass, makeChannel, makeWebhook, messagesOf, tell } from "./OutboxRows.ts"
import { guardedHttp, loopbackPolicy, receiver, receiverAt } from "./Receiver.ts"

const secretBox = SecretBox.layer(Option.some(Redacted.make("a key that is long enough for everybody")))

/** An outbox in a database of its own, and how to start a dispatcher over it. */
const world = Effect.gen(function* () {
  const url = yield* migratedDatabase
  const context = yield* Layer.build(
    Layer.mergeAll(Outbox.layer, secretBox).pipe(
      Layer.provideMerge(PostgresSql.layer({ url: Redacted.make(url), applicationName: "test", maxConnections: 10 })),
    ),
  )
  const dispatcher = Effect.gen(function* () {
    const built = yield* Layer.build(
      Dispatcher.layer({ publicUrl: "https://status.example.com" }).pipe(
        Layer.provide([guardedHttp(), Mailer.layer(loopbackPolicy, { installation: Option.none() })]),
      ),
    ).pipe(Effect.provide(context))
    return Context.get(built, Dispatcher)
  })
  return { url, context, dispatcher }
})

describe("the dispatcher", () => {
  it.live("says what is, links to it, and marks what was sent", () =>
    Effect.gen(function* () {
      const { context, dispatcher } = yield* world
      yield* Effect.gen(function* () {
        const { received, port } = yield* receiver
        const channel = yield* makeWebhook(port)
        const incident = yield* tell(channel, ["opened", "reminder:1"])
        const { dispatch } = yield* dispatcher
        assert.strictEqual(yield* dispatch, 2)
        assert.deepStrictEqual(
          received().map(({ headers }) => headers["webhook-id"]),
          [`${incident}:opened:${channel}`, `${incident}:reminder:1:${channel}`],
        )
        const body: unknown = JSON.parse(received()[0]?.body ?? "")
        assert.deepInclude(body, { type: "incident.opened", timestamp: new Date(2_000_000).toISOString() })
        const data = typeof body === "object" && body !== null && "data" in body ? body.data : null
        assert.deepInclude(data, {
          incidentId: incident,
          incidentUrl: `https://status.example.com/incidents/${incident}`,
          severity: "Down",
          headline: "web is down",
          acknowledgedBy: null,
          monitorCount: 1,
          resolvedAt: null,
        })
        assert.deepStrictEqual(
          (yield* messagesOf(channel)).map(({ attempts, state }) => ({ attempts, state })),
          [
            { attempts: 1, state: "sent" },
            { attempts: 1, state: "sent" },
          ],
        )
        assert.strictEqual(yield* dispatch, 0)
      }).pipe(Effect.provide(context))
    }).pipe(Effect.scoped),
  )

  it.live("says why an incident is over where its monitors are not well again", () =>
    Effect.gen(function* () {
      const { context, dispatcher } = yield* world
      yield* Effect.gen(function* () {
        const sql = yield* SqlClient
        const { received, port } = yield* receiver
        const channel = yield* makeWebhook(port)
        const endings = [
          [null, null],
          [null, "router is down"],
          ["ann@example.com", null],
        ] as const
        for (const [resolvedBy, resolution] of endings) {
          const incident = yield* tell(channel, ["resolved"])
          yield* sql`
            UPDATE incidents SET resolved_at = to_timestamp(1252), resolved_by = ${resolvedBy}, resolution = ${resolution}
            WHERE id = ${incident}`
          yield* (yield* dispatcher).dispatch
        }
        assert.deepStrictEqual(
          received().map(({ body }) => /"headline":"([^"]*)"/.exec(body)?.[1]),
          [
            "web is up again after 4 min 12 s",
            "web: incident over after 4 min 12 s (router is down)",
            "web: resolved by hand after 4 min 12 s",
          ],
        )
      }).pipe(Effect.provide(context))
    }).pipe(Effect.scoped),
  )

  it.live("tries again what a receiver did not take, as it asks, and lets no channel wait for another", () =>
    Effect.gen(function* () {
      const { context, dispatcher } = yield* world
      yield* Effect.gen(function* () {
        const [good, broken, busy, refusing] = yield* Effect.all([receiver, receiver, receiver, receiver])
        broken.answers({ status: 500 })
        busy.answers({ status: 429, headers: { "retry-after": "1" } })
        refusing.answers({ status: 404 })
        const hangingScope = yield* Scope.make()
        const hanging = yield* Scope.extend(receiver, hangingScope)
        hanging.answers({ hangs: true })
        const gone = yield* Effect.scoped(Effect.map(receiver, ({ port }) => port))
        const channels = yield* Effect.all({
          hanging: makeWebhook(hanging.port),
          down: makeWebhook(gone),
          broken: makeWebhook(broken.port),
          busy: makeWebhook(busy.port),
          refusing: makeWebhook(refusing.port),
          sealedElsewhere: makeChannel({
            kind: "webhook",
            url: "http://127.0.0.1:1/",
            signingSecret: { sealed: "v1:x" },
          }),
          good: makeWebhook(good.port),
        })
        for (let i = 0; i < 6; i++) yield* tell(channels.hanging)
        for (const channel of [channels.down, channels.broken, channels.busy, channels.refusing]) yield* tell(channel)
        yield* tell(channels.sealedElsewhere)
        for (let i = 0; i < 10; i++) yield* tell(channels.good)

        const { dispatch } = yield* dispatcher
        const running = yield* Effect.fork(Effect.forever(dispatch))
        yield* good.awaitReceived(10)
        assert.strictEqual(hanging.received().length, 4)
        // Its first answer asks for a second; the next one is good.
        yield* busy.awaitReceived(1)
        busy.answers({})
        yield* busy.awaitReceived(2)
        const [first, second] = busy.received()
        assert.strictEqual(first?.headers["webhook-id"], second?.headers["webhook-id"])
        yield* Scope.close(hangingScope, Exit.void)
        yield* eventually(
          messagesOf(channels.hanging),
          (rows) => rows.some(({ attempts }) => attempts > 0),
          "5 seconds",
        )
        yield* Fiber.interrupt(running)

        const states = yield* Effect.all({
          down: messagesOf(channels.down),
          broken: messagesOf(channels.broken),
          busy: messagesOf(channels.busy),
          refusing: messagesOf(channels.refusing),
          sealedElsewhere: messagesOf(channels.sealedElsewhere),
        })
        const shown = Object.fromEntries(
          Object.entries(states).map(([name, [row]]) => [name, [row?.state, row?.attempts, row?.lastError]]),
        )
        assert.deepStrictEqual(shown, {
          down: ["pending", 1, "no answer: connection refused"],
          broken: ["pending", 1, "status 500"],
          busy: ["sent", 2, null],
          refusing: ["dead", 1, "refused with status 404"],
          sealedElsewhere: ["pending", 1, "not sent: a secret was sealed under another ENCRYPTION_KEY"],
        })
        assert.isAtMost(states.broken[0]?.inSeconds ?? 0, 5)

        // They work again: what waited is delivered, under the key of the first try.
        broken.answers({})
        const [back, awake] = yield* Effect.all([receiverAt(gone), receiverAt(hanging.port)])
        yield* letTimePass
        const again = yield* Effect.fork(Effect.forever(dispatch))
        yield* broken.awaitReceived(2)
        yield* back.awaitReceived(1)
        yield* awake.awaitReceived(6)
        yield* Fiber.interrupt(again)
        const keysOf = (all: typeof hanging) => all.received().map(({ headers }) => headers["webhook-id"])
        assert.includeMembers(keysOf(awake), keysOf(hanging))
        assert.strictEqual(new Set(keysOf(awake)).size, 6)
        assert.strictEqual(new Set(broken.received().map(({ headers }) => headers["webhook-id"])).size, 1)
        yield* eventually(messagesOf(channels.broken), ([row]) => row?.state === "sent", "5 seconds")
      }).pipe(Effect.provide(context))
    }).pipe(Effect.scoped),
  )

  it.live("sends no email by the installation's server to who has not confirmed", () =>
    Effect.gen(function* () {
      const { context } = yield* world
      yield* Effect.gen(function* () {
        const sql = yield* SqlClient
        const mails: Array<MailMessage> = []
        const mailer = Layer.succeed(Mailer, {
          hasServer: true,
          send: (mail) => Effect.sync(() => void mails.push(mail)),
        })
        const { dispatch } = Context.get(
          yield* Layer.build(Dispatcher.layer({ publicUrl: null }).pipe(Layer.provide([guardedHttp(), mailer]))),
          Dispatcher,
        )
        const server = { host: "mail.example.com", from: "ops@example.com" }
        const [some, none, ownServer] = yield* Effect.all([
          makeChannel({ kind: "email", to: ["Ann@example.com", "bob@example.com", "eve@example.com"] }),
          makeChannel({ kind: "email", to: ["bob@example.com"] }),
          makeChannel({ kind: "email", to: ["bob@example.com"], server }),
        ])
        yield* sql`
          INSERT INTO email_recipients (user_id, address, token_hashes, asked_at, confirmed_at)
          SELECT user_id, address, '{}', now(), CASE address WHEN 'eve@example.com' THEN NULL ELSE now() END
          FROM channels, unnest('{ann@example.com,eve@example.com}'::text[]) AS address WHERE id = ${some}`
        yield* Effect.all([tell(some), tell(none), tell(ownServer)])
        yield* dispatch
        assert.deepStrictEqual(mails.map(({ server, to }) => [server?.host ?? null, to]).sort(), [
          [null, ["Ann@example.com"]],
          ["mail.example.com", ["bob@example.com"]],
        ])
        const [message] = yield* messagesOf(none)
        assert.deepInclude(message ?? {}, {
          state: "dead",
          lastError: "not sent: none of its recipients has confirmed yet",
        })
      }).pipe(Effect.provide(context))
    }).pipe(Effect.scoped),
  )

  it.live(
    "sends an email again to those alone who did not get it when others did, and says whom it did not reach",
    () =>
      Effect.gen(function* () {
        const { context } = yield* world
        yield* Effect.gen(function* () {
          const sql = yield* SqlClient
          const mails: Array<ReadonlyArray<string>> = []
          const answers: Array<DeliveryFailed | null> = []
          const mailer = Layer.succeed(Mailer, {
            hasServer: true,
            send: ({ to }) =>
              Effect.suspend(() => {
                mails.push(to)
                return answers.shift() ?? Effect.void
              }),
          })
          const { dispatch } = Context.get(
            yield* Layer.build(Dispatcher.layer({ publicUrl: null }).pipe(Layer.provide([guardedHttp(), mailer]))),
            Dispatcher,
          )
          const server = { host: "mail.example.com", from: "ops@example.com" }
          const refusing = (retryable: boolean, left?: ReadonlyArray<string>) =>
            new DeliveryFailed({
              retryable,
              retryAfterMs: null,
              message: "why",
              ...(left === undefined ? {} : { left }),
            })
          const all = ["ann@example.com", "bob@example.com", "eve@example.com"]
          const channel = yield* makeChannel({ kind: "email", to: all, server })
          const rounds = Effect.zipRight(letTimePass, dispatch)

          // Two are left, then all of it fails, then one is left for good.
          answers.push(refusing(true, ["bob@example.com", "eve@example.com"]), refusing(true), null)
          yield* tell(channel)
          yield* Effect.repeatN(rounds, 3)
          assert.deepStrictEqual(mails, [all, all.slice(1), all.slice(1)])
          assert.deepInclude((yield* messagesOf(channel))[0] ?? {}, {
            state: "sent",
            attempts: 3,
            recipientsLeft: null,
          })

          answers.push(refusing(true, ["bob@example.com", "eve@example.com"]), refusing(false, ["eve@example.com"]))
          yield* tell(channel)
          yield* Effect.repeatN(rounds, 3)
          assert.deepStrictEqual(mails.slice(3), [all, all.slice(1)])
          assert.deepInclude((yield* messagesOf(channel))[1] ?? {}, {
            state: "dead",
            lastError: "why; not delivered to eve@example.com, but to all others",
          })

          // Whoever is left is not asked for any more once the channel does not name them.
          answers.push(refusing(true, ["eve@example.com"]))
          yield* tell(channel)
          yield* dispatch
          yield* sql`
          UPDATE channels SET config = jsonb_set(config, '{to}', '["ann@example.com"]'::jsonb) WHERE id = ${channel}`
          yield* rounds
          assert.lengthOf(mails, 6)
          const [, , last] = yield* messagesOf(channel)
          assert.strictEqual(last?.state, "dead")
          assert.match(last?.lastError ?? "", /^not sent: .*not delivered to eve@example\.com, but to all others$/)
        }).pipe(Effect.provide(context))
      }).pipe(Effect.scoped),
  )

  it.live("lets a delivery that is under way end when it stops", () =>
    Effect.gen(function* () {
      const { context, dispatcher } = yield* world
      yield* Effect.gen(function* () {
        const slow = yield* receiver
        slow.answers({ afterMs: 300 })
        const channel = yield* makeWebhook(slow.port)
        yield* tell(channel)
        yield* Effect.scoped(
          Effect.gen(function* () {
            const { dispatch } = yield* dispatcher
            yield* Effect.forkScoped(dispatch)
            yield* slow.awaitReceived(1)
          }),
        )
        assert.strictEqual((yield* messagesOf(channel))[0]?.state, "sent")
      }).pipe(Effect.provide(context))
    }).pipe(Effect.scoped),
  )

  it.live("killed between sending and marking, it sends again with the same key", () =>
    Effect.gen(function* () {
      const { context, dispatcher, url } = yield* world
      yield* Effect.gen(function* () {
        const { awaitReceived, port, received } = yield* receiver
        const channel = yield* makeWebhook(port)
        yield* tell(channel)
        const bundle = yield* bundled(new URL("./dyingDispatcher.ts", import.meta.url))
        const app = yield* startApp(bundle, { DATABASE_URL: url, LOG_FORMAT: "json" })
        yield* awaitReceived(1)
        assert.deepStrictEqual(yield* app.ended, Option.none())
        const { dispatch } = yield* dispatcher
        assert.strictEqual(yield* dispatch, 0)
        yield* letTimePass
        assert.strictEqual(yield* dispatch, 1)
        const keys = received().map(({ headers }) => headers["webhook-id"])
        assert.strictEqual(keys.length, 2)
        assert.strictEqual(new Set(keys).size, 1)
        assert.strictEqual((yield* messagesOf(channel))[0]?.state, "sent")
      }).pipe(Effect.provide(context))
    }).pipe(Effect.scoped),
  )

  it.live("sends each message once, however many dispatchers there are", () =>
    Effect.gen(function* () {
      const { context, dispatcher } = yield* world
      yield* Effect.gen(function* () {
        const sql = yield* SqlClient
        const { port, received } = yield* receiver
        for (let i = 0; i < 10; i++) {
          const channel = yield* makeWebhook(port)
          for (let n = 0; n < 6; n++) yield* tell(channel, ["opened", "resolved"])
        }
        const dispatchers = yield* Effect.all([dispatcher, dispatcher])
        const left = sql<{ readonly n: number }>`SELECT count(*)::int AS n FROM alert_outbox WHERE state <> 'sent'`
        yield* Effect.raceFirst(
          eventually(left, ([row]) => row?.n === 0, "15 seconds"),
          Effect.all(
            dispatchers.map(({ dispatch }) => Effect.forever(dispatch)),
            { concurrency: "unbounded" },
          ),
        )
        const keys = received().map(({ headers }) => headers["webhook-id"])
        assert.strictEqual(keys.length, 120)
        assert.strictEqual(new Set(keys).size, 120)
      }).pipe(Effect.provide(context))
    }).pipe(Effect.scoped),
  )
})
