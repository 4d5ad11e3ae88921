import { randomUUID } from "node:crypto"
import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, layer } from "@effect/vitest"
import { type ChannelId, IncidentId, type UserId } from "@uptime/domain/Ids"
import { Duration, Effect, Layer } from "effect"
import { Judgements } from "../src/Judgements.ts"
import { Outbox } from "../src/Outbox.ts"
import { ResultStore } from "../src/ResultStore.ts"
import { backends } from "./Backends.ts"
import { databaseNow, makeMonitor, makeUser, result, services } from "./Fixtures.ts"
import { judgeAll, letTimePass, makeChannel } from "./IncidentFixtures.ts"

/** An incident of an owner, out of nothing. */
const makeIncident = (userId: UserId) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    const id = IncidentId.make(randomUUID())
    yield* sql`
      INSERT INTO incidents (id, user_id, key, title, severity, started_at, noticed_at, tell_at, updated_at)
      VALUES (${id}, ${userId}, 'k', 'it is down', 'Down', now(), now(), now(), now())`
    return id
  })

/** Messages of an incident to a channel, due since a second ago, the first of them longest. */
const tell = (incidentId: IncidentId, channelId: ChannelId, changes: ReadonlyArray<string>) =>
  Effect.flatMap(
    SqlClient,
    (sql) => sql`
      INSERT INTO alert_outbox (incident_id, change, channel_id, at, due_at, next_attempt_at)
      SELECT ${incidentId}, change, ${channelId}, at, at, at
      FROM unnest(${changes}::text[]) WITH ORDINALITY AS told (change, ord), LATERAL (SELECT now() - interval '1 second' AS at) AS t
      ORDER BY ord`,
  )

const stateOf = (id: number) =>
  Effect.flatMap(SqlClient, (sql) =>
    Effect.map(
      sql<{ readonly state: string; readonly attempts: number; readonly error: string | null; readonly inMs: number }>`
        SELECT state, attempts, last_error AS error,
          round(date_part('epoch', next_attempt_at - now()) * 1000)::float8 AS "inMs"
        FROM alert_outbox WHERE id = ${id}`,
      ([row]) => row,
    ),
  )

/** Takes everything that is due out of the way of the next test. */
const clear = Effect.flatMap(SqlClient, (sql) => sql`DELETE FROM alert_outbox`)

for (const [name, database] of backends) {
  const all = Layer.mergeAll(Judgements.layer, Outbox.layer).pipe(Layer.provideMerge(services(database)))
  describe.sequential(name, () => {
    layer(all, { excludeTestServices: true, timeout: "60 seconds" })("the outbox", (it) => {
      it.effect("leases what is due once, with what it is about at that moment", () =>
        Effect.gen(function* () {
          yield* clear
          const user = yield* makeUser
          const channel = yield* makeChannel(user.id)
          const monitor = yield* makeMonitor(user.id, { name: "web", tags: ["shop"] })
          const store = yield* ResultStore
          const outbox = yield* Outbox
          const base = (yield* databaseNow) - 600_000
          yield* store.insert([result(monitor.id, base, "Down")])
          yield* judgeAll
          yield* letTimePass(user.id, 5_000)
          yield* judgeAll
          const [message, ...more] = yield* outbox.lease(10)
          assert.deepStrictEqual(more, [])
          assert.deepInclude(message ?? {}, { change: "opened", channelId: channel, attempts: 0, note: null })
          assert.deepStrictEqual(message?.config, { kind: "webhook", url: "http://127.0.0.1:1/" })
          assert.deepInclude(message?.incident ?? {}, {
            title: "web is down",
            severity: "Down",
            startedAt: base,
            resolvedAt: null,
            acknowledgedBy: null,
            monitorCount: 1,
          })
          const [part] = message?.incident.monitors ?? []
          assert.deepInclude(part ?? {}, {
            monitorId: monitor.id,
            name: "web",
            kind: "http",
            tags: ["shop"],
            startedAt: base,
            endedAt: null,
            locations: [{ location: "USA", status: "Down", error: "no answer" }],
          })
          assert.strictEqual(part?.seen?.slot, base)

          assert.deepStrictEqual(yield* outbox.lease(10), [])
          assert.strictEqual((yield* outbox.state).pending, 1)
          yield* outbox.sent(message?.id ?? 0)
          assert.deepStrictEqual(yield* outbox.state, { pending: 0, dead: 0, oldestAgeMs: 0 })
        }),
      )

      it.effect("gives out a message again whose lease has run out", () =>
        Effect.gen(function* () {
          yield* clear
          const user = yield* makeUser
          const outbox = yield* Outbox
          const incident = yield* makeIncident(user.id)
          yield* tell(incident, yield* makeChannel(user.id), ["opened"])
          const [first] = yield* outbox.lease(1)
          yield* letTimePass(user.id, 59_000)
          assert.deepStrictEqual(yield* outbox.lease(1), [])
          yield* letTimePass(user.id, 1_000)
          assert.strictEqual((yield* outbox.lease(1))[0]?.id, first?.id)
        }),
      )

      it.effect("gives out the messages of an incident to a channel one after the other", () =>
        Effect.gen(function* () {
          yield* clear
          const user = yield* makeUser
          const outbox = yield* Outbox
          const channel = yield* makeChannel(user.id)
          const incident = yield* makeIncident(user.id)
          yield* tell(incident, channel, ["opened", "updated:1", "resolved"])
          for (const change of ["opened", "updated:1", "resolved"]) {
            const leased = yield* outbox.lease(10)
            assert.deepStrictEqual(
              leased.map((message) => message.change),
              [change],
            )
            yield* outbox.failed(leased[0]?.id ?? 0, "not now", 0)
            assert.deepStrictEqual(
              (yield* outbox.lease(10)).map((message) => message.change),
              [change],
            )
            yield* outbox.sent(leased[0]?.id ?? 0)
          }
        }),
      )

      it.effect(
        "gives out at most four messages of a channel at once, and one while it fails; others are unaffected",
        () =>
          Effect.gen(function* () {
            yield* clear
            const user = yield* makeUser
            const outbox = yield* Outbox
            const [busy, calm] = [yield* makeChannel(user.id), yield* makeChannel(user.id)]
            for (let i = 0; i < 20; i++) yield* tell(yield* makeIncident(user.id), busy, ["opened"])
            yield* tell(yield* makeIncident(user.id), calm, ["opened"])
            const leased = yield* outbox.lease(16)
            const to = (channel: ChannelId) => leased.filter(({ channelId }) => channelId === channel)
            assert.strictEqual(to(busy).length, 4)
            assert.strictEqual(to(calm).length, 1)
            assert.deepStrictEqual(yield* outbox.lease(16), [])
            for (const { id } of to(busy)) yield* outbox.failed(id, "not now", 1_000)
            assert.strictEqual((yield* outbox.lease(16)).length, 1)
          }),
      )

      it.effect("tries again when it is told to, for a day, and never what cannot be delivered", () =>
        Effect.gen(function* () {
          yield* clear
          const user = yield* makeUser
          const outbox = yield* Outbox
          const channel = yield* makeChannel(user.id)
          yield* tell(yield* makeIncident(user.id), channel, ["opened"])
          yield* tell(yield* makeIncident(user.id), channel, ["opened"])
          const [one, other] = yield* outbox.lease(2)
          assert.strictEqual(yield* outbox.failed(one?.id ?? 0, "no answer", 5_000), "pending")
          const waiting = yield* stateOf(one?.id ?? 0)
          assert.deepInclude(waiting ?? {}, { state: "pending", attempts: 1, error: "no answer" })
          assert.closeTo(waiting?.inMs ?? 0, 5_000, 1_000)
          assert.strictEqual(yield* outbox.failed(other?.id ?? 0, "refused", null), "dead")
          assert.strictEqual((yield* outbox.state).dead, 1)

          yield* letTimePass(user.id, 24 * 3_600_000 - 60_000)
          const [again] = yield* outbox.lease(2)
          assert.strictEqual(again?.id, one?.id)
          assert.strictEqual(yield* outbox.failed(again?.id ?? 0, "no answer", 900_000), "dead")
          assert.deepStrictEqual(yield* outbox.lease(2), [])
        }),
      )

      it.effect("remembers whom an email did not reach, until it has reached all", () =>
        Effect.gen(function* () {
          yield* clear
          const sql = yield* SqlClient
          const user = yield* makeUser
          const outbox = yield* Outbox
          yield* tell(yield* makeIncident(user.id), yield* makeChannel(user.id), ["opened"])
          const next = Effect.map(outbox.lease(1), ([message]) => message)
          const first = yield* next
          const id = first?.id ?? 0
          assert.isNull(first?.recipientsLeft)
          const left = ["bob@example.com", 'a"b\\c{,}@example.com']
          yield* outbox.failed(id, "some refused", 0, left)
          assert.deepStrictEqual((yield* next)?.recipientsLeft, left)
          yield* outbox.failed(id, "no answer", 0)
          assert.deepStrictEqual((yield* next)?.recipientsLeft, left)
          yield* outbox.failed(id, "one refused", 0, left.slice(0, 1))
          assert.deepStrictEqual((yield* next)?.recipientsLeft, left.slice(0, 1))
          yield* outbox.sent(id)
          const [row] = yield* sql`SELECT recipients_left AS left FROM alert_outbox WHERE id = ${id}`
          assert.deepStrictEqual(row, { left: null })
        }),
      )

      it.effect("holds nobody up by an email that only some did not get, and keeps the order for those", () =>
        Effect.gen(function* () {
          yield* clear
          const user = yield* makeUser
          const outbox = yield* Outbox
          const changes = ["opened", "acknowledged", "resolved"]
          yield* tell(yield* makeIncident(user.id), yield* makeChannel(user.id), changes)
          const leased = outbox.lease(10)
          const bobRefused = (messages: Effect.Effect.Success<typeof leased>) =>
            Effect.forEach(messages, ({ id }) => outbox.failed(id, "bob refused", 0, ["bob@example.com"]))
          for (const due of [["opened"], ["acknowledged", "opened"], ["opened", "resolved"], ["opened"]]) {
            const messages = yield* leased
            assert.deepStrictEqual(messages.map(({ change }) => change).sort(), due)
            yield* bobRefused(messages)
          }
        }),
      )

      it.effect("tries at once what waits for a channel that has taken a message, one after the other", () =>
        Effect.gen(function* () {
          yield* clear
          const user = yield* makeUser
          const outbox = yield* Outbox
          const channel = yield* makeChannel(user.id)
          const another = yield* makeChannel(user.id)
          const ids: Array<number> = []
          for (const to of [channel, channel, another]) {
            yield* tell(yield* makeIncident(user.id), to, ["opened"])
            const [message] = yield* outbox.lease(1)
            const id = message?.id ?? 0
            yield* outbox.failed(id, "no answer", 600_000)
            ids.push(id)
          }
          assert.deepStrictEqual(yield* outbox.lease(10), [])
          yield* tell(yield* makeIncident(user.id), channel, ["opened"])
          for (const waiting of [...ids.slice(0, 2), null]) {
            const [message] = yield* outbox.lease(10)
            yield* outbox.sent(message?.id ?? 0)
            const due = yield* Effect.forEach(ids, stateOf)
            const isDue = due.map((state) => state?.state === "pending" && state.inMs <= 0)
            assert.deepStrictEqual(
              ids.filter((_, i) => isDue[i]),
              waiting === null ? [] : [waiting],
            )
          }
          assert.deepInclude((yield* stateOf(ids[2] ?? 0)) ?? {}, { state: "pending", attempts: 1 })
        }),
      )

      it.effect("leases as quickly where thousands wait for one channel", () =>
        Effect.gen(function* () {
          yield* clear
          const sql = yield* SqlClient
          const user = yield* makeUser
          const outbox = yield* Outbox
          const channel = yield* makeChannel(user.id)
          yield* sql`
            WITH made AS (
              INSERT INTO incidents (id, user_id, key, title, severity, started_at, noticed_at, tell_at, updated_at)
              SELECT gen_random_uuid(), ${user.id}, 'k', 'it is down', 'Down', now(), now(), now(), now()
              FROM generate_series(1, 5000) RETURNING id
            )
            INSERT INTO alert_outbox (incident_id, change, channel_id, at, due_at, next_attempt_at)
            SELECT id, 'opened', ${channel}, now(), now(), now() FROM made`
          const other = yield* makeChannel(user.id)
          yield* tell(yield* makeIncident(user.id), other, ["opened"])
          const [took, leased] = yield* Effect.timed(outbox.lease(16))
          assert.strictEqual(leased.length, 5)
          assert.isBelow(Duration.toMillis(took), 1_000)
          yield* clear
        }),
      )

      it.effect("gives no message to two who lease at once", () =>
        Effect.gen(function* () {
          yield* clear
          const user = yield* makeUser
          const outbox = yield* Outbox
          for (let i = 0; i < 12; i++)
            yield* tell(yield* makeIncident(user.id), yield* makeChannel(user.id), ["opened"])
          const leases = yield* Effect.all(
            Array.from({ length: 6 }, () => outbox.lease(4)),
            { concurrency: "unbounded" },
          )
          const ids = leases.flat().map(({ id }) => id)
          assert.strictEqual(new Set(ids).size, ids.length)
          assert.isAtLeast(ids.length, 4)
        }),
      )
    })
  })
}
