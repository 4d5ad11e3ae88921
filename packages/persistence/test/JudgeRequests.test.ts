import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, layer } from "@effect/vitest"
import type { AlertRules } from "@uptime/domain/AlertRules"
import type { ChannelId, MonitorId, UserId } from "@uptime/domain/Ids"
import { Effect, Layer } from "effect"
import { Channels } from "../src/Channels.ts"
import { Escalations } from "../src/Escalations.ts"
import { Judgements } from "../src/Judgements.ts"
import { Monitors } from "../src/Monitors.ts"
import { Outbox } from "../src/Outbox.ts"
import { ResultStore } from "../src/ResultStore.ts"
import { backends } from "./Backends.ts"
import { databaseNow, intervalsOf, makeMonitor, makeUser, result, services, statusOf } from "./Fixtures.ts"
import { arrange, incidentsOf, judgeAll, letTimePass, makeChannel } from "./IncidentFixtures.ts"

const minute = 60_000

/** A new owner with a router that is down, and a host behind it. */
const makeDependants = (alerts: Partial<AlertRules>) =>
  Effect.gen(function* () {
    const user = yield* makeUser
    yield* makeChannel(user.id)
    const router = yield* makeMonitor(user.id, { name: "router" })
    const host = yield* makeMonitor(user.id, { name: "host", parents: [router.id] })
    yield* arrange([router.id], alerts)
    const store = yield* ResultStore
    const base = (yield* databaseNow) - 10 * minute
    yield* store.insert([router.id, host.id].map((id) => result(id, base)))
    yield* store.insert([router.id, host.id].map((id) => result(id, base + minute, "Down")))
    yield* judgeAll
    assert.strictEqual(yield* stateOf(host.id), "Unreachable")
    return { user, router, host }
  })

/** What the open interval of a monitor says. */
const stateOf = (id: MonitorId) => Effect.map(intervalsOf(id, "*"), (intervals) => intervals.at(-1)?.state)

/** A new owner with a monitor that went down half an hour ago, which a channel was told. */
const makeOutage = Effect.gen(function* () {
  const user = yield* makeUser
  const channel = yield* makeChannel(user.id)
  const monitor = yield* makeMonitor(user.id, { name: "web" })
  yield* (yield* ResultStore).insert([result(monitor.id, (yield* databaseNow) - 10 * minute, "Down")])
  yield* judgeAll
  yield* letTimePass(user.id, 5_000)
  yield* judgeAll
  yield* sendAll
  yield* letTimePass(user.id, 30 * minute)
  yield* judgeAll
  return { user, channel, monitor }
})

const sendAll = Effect.gen(function* () {
  const outbox = yield* Outbox
  for (const { id } of yield* outbox.lease(16)) yield* outbox.sent(id)
})

/** What was told of an owner's incidents, and to whom. */
const toldBy = (userId: UserId) =>
  Effect.flatMap(SqlClient, (sql) =>
    Effect.map(
      sql<{ readonly change: string; readonly channel: ChannelId }>`
        SELECT change, channel_id AS channel FROM alert_outbox JOIN incidents ON incidents.id = incident_id
        WHERE user_id = ${userId} ORDER BY alert_outbox.id`,
      (rows) => rows.map(({ change, channel }) => [change, channel]),
    ),
  )

for (const [name, database] of backends) {
  const all = Layer.mergeAll(Judgements.layer, Channels.layer, Escalations.layer, Outbox.layer).pipe(
    Layer.provideMerge(services(database)),
  )
  describe.sequential(name, () => {
    layer(all, { excludeTestServices: true, timeout: "60 seconds" })("the judge is asked to look", (it) => {
      const ways: ReadonlyArray<
        readonly [
          string,
          (userId: UserId, router: MonitorId, host: MonitorId) => Effect.Effect<unknown, unknown, Monitors>,
        ]
      > = [
        [
          "its parent is taken from it",
          (userId, _, id) =>
            Effect.flatMap(Monitors, (monitors) => monitors.update(userId, [{ id, settings: { parents: [] } }])),
        ],
        [
          "its parent is deleted",
          (userId, router) => Effect.flatMap(Monitors, (monitors) => monitors.remove(userId, [router])),
        ],
      ]
      for (const [what, free] of ways) {
        it.effect(
          `at a monitor that was unreachable when ${what}, though no incident is about it: it begins anew`,
          () =>
            Effect.gen(function* () {
              const store = yield* ResultStore
              const { host, router, user } = yield* makeDependants({ on: [] })
              assert.deepStrictEqual(yield* incidentsOf(user.id), [])
              yield* free(user.id, router.id, host.id)
              yield* judgeAll
              assert.strictEqual(yield* stateOf(host.id), "Unknown")
              yield* store.insert([result(host.id, (yield* databaseNow) + 1_000, "Down")])
              yield* judgeAll
              yield* letTimePass(user.id, 5_000)
              yield* judgeAll
              assert.strictEqual(yield* stateOf(host.id), "Down")
              assert.deepStrictEqual(
                (yield* incidentsOf(user.id)).map(({ title, told }) => [title, told]),
                [["host is down", ["opened"]]],
              )
              assert.isNull(yield* (yield* Judgements).judgeNext)
            }),
        )
      }

      it.effect("at a monitor that is put behind one that is down, though no incident is about either", () =>
        Effect.gen(function* () {
          const { router, user } = yield* makeDependants({ on: [] })
          const other = yield* makeMonitor(user.id, { name: "other" })
          yield* arrange([other.id], { on: [] })
          yield* (yield* ResultStore).insert([result(other.id, (yield* databaseNow) - minute, "Down")])
          yield* judgeAll
          yield* (yield* Monitors).update(user.id, [{ id: other.id, settings: { parents: [router.id] } }])
          yield* judgeAll
          assert.strictEqual(yield* stateOf(other.id), "Unreachable")
          assert.strictEqual((yield* statusOf(other.id, "*"))?.status, "Down")
        }),
      )

      it.effect("at open incidents when the alerts of a monitor are set anew", () =>
        Effect.gen(function* () {
          const monitors = yield* Monitors
          const { channel, monitor, user } = yield* makeOutage
          assert.deepStrictEqual(yield* toldBy(user.id), [["opened", channel]])
          yield* monitors.update(user.id, [{ id: monitor.id, settings: { name: "renamed" } }])
          assert.isNull(yield* (yield* Judgements).judgeNext)
          yield* monitors.update(user.id, [{ id: monitor.id, settings: { alerts: { reminderMinutes: 20 } } }])
          yield* judgeAll
          assert.deepStrictEqual(yield* toldBy(user.id), [
            ["opened", channel],
            ["reminder:1", channel],
          ])
          const other = yield* makeChannel(user.id, { isDefault: false })
          yield* monitors.update(user.id, [{ id: monitor.id, settings: { alerts: { channels: [other] } } }])
          yield* judgeAll
          assert.deepStrictEqual((yield* toldBy(user.id)).slice(2), [["opened", other]])
        }),
      )

      it.effect("at open incidents when an escalation policy is set anew", () =>
        Effect.gen(function* () {
          const escalations = yield* Escalations
          const { channel, monitor, user } = yield* makeOutage
          const other = yield* makeChannel(user.id, { isDefault: false })
          const policy = yield* escalations.create(user.id, {
            name: "late",
            steps: [{ afterMinutes: 60, channels: [other] }],
          })
          yield* (yield* Monitors).update(user.id, [
            { id: monitor.id, settings: { alerts: { escalationId: policy.id } } },
          ])
          yield* judgeAll
          assert.deepStrictEqual(yield* toldBy(user.id), [["opened", channel]])
          yield* escalations.update(user.id, policy.id, { steps: [{ afterMinutes: 5, channels: [other] }] })
          yield* judgeAll
          assert.deepStrictEqual((yield* toldBy(user.id)).slice(1), [["escalation:1", other]])
        }),
      )

      it.effect("at open incidents when a channel comes, or becomes a default one", () =>
        Effect.gen(function* () {
          const channels = yield* Channels
          const { user } = yield* makeOutage
          const settings = { name: "new", config: { kind: "webhook" as const }, enabled: true, quietHours: null }
          const first = yield* channels.create(user.id, { ...settings, isDefault: true })
          const second = yield* channels.create(user.id, { ...settings, isDefault: false })
          yield* judgeAll
          assert.deepStrictEqual((yield* toldBy(user.id)).slice(1), [["opened", first.id]])
          yield* channels.update(user.id, second.id, (before) => Effect.succeed({ ...before, isDefault: true }))
          yield* judgeAll
          assert.deepStrictEqual((yield* toldBy(user.id)).slice(2), [["opened", second.id]])
        }),
      )

      it.effect("and what waits for the end of quiet hours waits for the end that they have now", () =>
        Effect.gen(function* () {
          const sql = yield* SqlClient
          const channels = yield* Channels
          const outbox = yield* Outbox
          const user = yield* makeUser
          const channel = yield* makeChannel(user.id)
          const now = yield* databaseNow
          const clock = (hours: number) => new Date(now + hours * 60 * minute).toISOString().slice(11, 16)
          const setQuiet = (from: number, to: number) =>
            channels.update(user.id, channel, (before) =>
              Effect.succeed({ ...before, quietHours: { from: clock(from), to: clock(to), timeZone: "UTC" } }),
            )
          const dueIn = Effect.map(
            sql<{ readonly hours: number }>`
              SELECT round(date_part('epoch', due_at - now()) / 3600)::float8 AS hours FROM alert_outbox
              WHERE channel_id = ${channel} AND next_attempt_at = due_at`,
            (rows) => rows.map(({ hours }) => hours),
          )
          yield* setQuiet(-2, 4)
          const monitor = yield* makeMonitor(user.id)
          yield* (yield* ResultStore).insert([result(monitor.id, now - minute, "Down")])
          yield* judgeAll
          yield* letTimePass(user.id, 5_000)
          yield* judgeAll
          assert.deepStrictEqual(yield* dueIn, [4])
          yield* setQuiet(-2, 8)
          assert.deepStrictEqual(yield* dueIn, [8])
          yield* channels.update(user.id, channel, (before) => Effect.succeed({ ...before, quietHours: null }))
          assert.deepStrictEqual(
            (yield* outbox.lease(16)).flatMap(({ change, channelId }) => (channelId === channel ? [change] : [])),
            ["opened"],
          )
        }),
      )
    })
  })
}
