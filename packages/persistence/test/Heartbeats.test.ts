import { randomUUID } from "node:crypto"
import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, layer } from "@effect/vitest"
import { pushRegion } from "@uptime/domain/Heartbeat"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import type { Ping } from "@uptime/incidents/HeartbeatPing"
import type { HeartbeatOptions } from "@uptime/incidents/HeartbeatSchedule"
import { Effect, Layer } from "effect"
import { Heartbeats } from "../src/Heartbeats.ts"
import { Monitors } from "../src/Monitors.ts"
import { Results } from "../src/Results.ts"
import { backends } from "./Backends.ts"
import { databaseNow, makeMonitor, makeUser, services, statusOf } from "./Fixtures.ts"

const ping = (event: Ping["event"], given: Partial<Ping> = {}): Ping => ({
  event,
  exitCode: null,
  runMs: null,
  body: null,
  ...given,
})

/** A heartbeat with the addresses it was given, while pings are taken. */
const makeHeartbeatOf = (heartbeat: HeartbeatOptions) =>
  Effect.gen(function* () {
    const user = yield* makeUser
    const { id } = yield* makeMonitor(user.id)
    const sql = yield* SqlClient
    yield* sql`
      UPDATE monitors SET kind = 'heartbeat', url = 'heartbeat://', spec = ${JSON.stringify({ heartbeat })}::jsonb
      WHERE id = ${id}`
    const { attend, plan } = yield* Heartbeats
    yield* attend
    yield* plan
    return { user: user.id, id }
  })

/** A heartbeat that is expected every hour. */
const makeHeartbeat = makeHeartbeatOf({ periodSeconds: 3600, graceSeconds: 60 })

/** Puts the deadline so many seconds from now. */
const setDeadline = (id: MonitorId, seconds: number) =>
  Effect.flatMap(
    SqlClient,
    (sql) => sql`
      UPDATE heartbeats SET deadline_at = now() + make_interval(secs => ${seconds}::float8) WHERE monitor_id = ${id}`,
  )

/** Nobody has taken pings for so many seconds. */
const silentFor = (seconds: number) =>
  Effect.flatMap(
    SqlClient,
    (sql) => sql`UPDATE ping_intake SET seen_at = now() - make_interval(secs => ${seconds}::float8)`,
  )

const heartbeatOf = (user: UserId, id: MonitorId) => Effect.flatMap(Heartbeats, ({ get }) => get(user, id))

/** Lets the deadline pass, by moving it to right after the last ping. */
const passDeadline = (id: MonitorId) =>
  Effect.flatMap(
    SqlClient,
    (sql) => sql`
      UPDATE heartbeats SET deadline_at = last_ping_at + interval '1 millisecond' WHERE monitor_id = ${id}`,
  )

const resultsOf = (user: UserId, id: MonitorId) =>
  Effect.flatMap(Results, (results) =>
    Effect.map(results.list(user, id, {}, 10, null), (rows) =>
      rows.map(({ error, location, responseTimeMs, status }) => ({ location, status, responseTimeMs, error })),
    ),
  )

for (const [name, database] of backends) {
  describe.sequential(name, () => {
    layer(Layer.provideMerge(Heartbeats.layer, services(database)), {
      excludeTestServices: true,
      timeout: "60 seconds",
    })("heartbeats", (it) => {
      it.effect("are expected from their making on, and are Up by a ping", () =>
        Effect.gen(function* () {
          const { id, user } = yield* makeHeartbeat
          const heartbeats = yield* Heartbeats
          const before = yield* heartbeatOf(user, id)
          assert.match(before.token, /^[\w-]{32}$/)
          assert.closeTo((before.deadlineAt?.epochMillis ?? 0) - (yield* databaseNow), 3_660_000, 60_000)
          assert.isTrue(yield* heartbeats.record({ token: before.token }, ping("success", { body: "done", runMs: 12 })))
          assert.strictEqual((yield* statusOf(id, "*"))?.status, "Up")
          assert.deepStrictEqual(yield* resultsOf(user, id), [
            { location: pushRegion, status: "Up", responseTimeMs: 12, error: null },
          ])
          const after = yield* heartbeatOf(user, id)
          assert.deepInclude(after.pings[0] ?? {}, { event: "success", body: "done", runMs: 12 })
          assert.isNotNull(after.lastPingAt)
        }),
      )

      it.effect("are Down once when they do not come in time, and Up again by the next", () =>
        Effect.gen(function* () {
          const { id, user } = yield* makeHeartbeat
          const heartbeats = yield* Heartbeats
          const { pingId } = yield* heartbeatOf(user, id)
          yield* heartbeats.record({ pingId }, ping("success"))
          assert.strictEqual(yield* heartbeats.missed, 0)
          yield* passDeadline(id)
          assert.strictEqual(yield* heartbeats.missed, 1)
          assert.strictEqual(yield* heartbeats.missed, 0)
          assert.strictEqual((yield* statusOf(id, "*"))?.status, "Down")
          const [late] = yield* resultsOf(user, id)
          assert.strictEqual(late?.error?.kind, "heartbeat")
          assert.match(late?.error?.message ?? "", /^no heartbeat came after 20/)
          yield* heartbeats.record({ pingId }, ping("success"))
          assert.strictEqual((yield* statusOf(id, "*"))?.status, "Up")
        }),
      )

      it.effect("are Down by a failure, with the code and what the job had to say; a log moves nothing", () =>
        Effect.gen(function* () {
          const { id, user } = yield* makeHeartbeat
          const heartbeats = yield* Heartbeats
          const { deadlineAt, pingId } = yield* heartbeatOf(user, id)
          yield* heartbeats.record({ pingId }, ping("log", { body: "still here" }))
          assert.isNull(yield* statusOf(id, "*"))
          assert.deepStrictEqual((yield* heartbeatOf(user, id)).deadlineAt, deadlineAt)
          yield* heartbeats.record({ pingId }, ping("start"))
          assert.isNull(yield* statusOf(id, "*"))
          yield* heartbeats.record({ pingId }, ping("fail", { exitCode: 3, body: "disk full" }))
          assert.strictEqual((yield* statusOf(id, "*"))?.status, "Down")
          const [found] = yield* (yield* Results).list(user, id, {}, 1, null)
          assert.deepStrictEqual(found?.error, { kind: "heartbeat", message: "the job ended with exit code 3" })
          assert.strictEqual(found?.evidence?.body, "disk full")
          assert.isNotNull(found?.responseTimeMs)
          assert.deepStrictEqual(
            (yield* heartbeatOf(user, id)).pings.map(({ event }) => event),
            ["fail", "start", "log"],
          )
        }),
      )

      it.effect("tell by a ping that another has overtaken of itself alone", () =>
        Effect.gen(function* () {
          const { id, user } = yield* makeHeartbeat
          const heartbeats = yield* Heartbeats
          const { pingId } = yield* heartbeatOf(user, id)
          const sql = yield* SqlClient
          yield* heartbeats.record({ pingId }, ping("success", { runMs: 7 }))
          yield* sql`
            UPDATE heartbeats SET last_ping_at = last_ping_at + interval '1 minute',
              state = state || jsonb_build_object('lastSignAt', (state->>'lastSignAt')::float8 + 60000)
            WHERE monitor_id = ${id}`
          const before = yield* heartbeatOf(user, id)
          yield* heartbeats.record({ pingId }, ping("fail", { exitCode: 3 }))
          const after = yield* heartbeatOf(user, id)
          assert.deepStrictEqual(after.lastPingAt, before.lastPingAt)
          const [found] = yield* (yield* Results).list(user, id, {}, 1, null)
          assert.deepStrictEqual(found?.error, { kind: "heartbeat", message: "the job ended with exit code 3" })
          assert.isNull(found?.responseTimeMs)
        }),
      )

      it.effect("keep their newest hundred pings", () =>
        Effect.gen(function* () {
          const { id, user } = yield* makeHeartbeat
          const heartbeats = yield* Heartbeats
          const { pingId } = yield* heartbeatOf(user, id)
          for (let i = 0; i < 104; i++) yield* heartbeats.record({ pingId }, ping("log", { body: String(i) }))
          const { pings } = yield* heartbeatOf(user, id)
          assert.lengthOf(pings, 100)
          assert.strictEqual(pings.at(-1)?.body, "4")
        }),
      )

      it.effect("expect nothing while they are off, and begin anew when they are on", () =>
        Effect.gen(function* () {
          const { id, user } = yield* makeHeartbeat
          const heartbeats = yield* Heartbeats
          const monitors = yield* Monitors
          const { pingId } = yield* heartbeatOf(user, id)
          yield* monitors.update(user, [{ id, settings: { enabled: false } }])
          yield* heartbeats.plan
          assert.isNull((yield* heartbeatOf(user, id)).deadlineAt)
          yield* heartbeats.record({ pingId }, ping("fail"))
          assert.lengthOf(yield* resultsOf(user, id), 0)
          assert.isNull((yield* heartbeatOf(user, id)).deadlineAt)
          yield* monitors.update(user, [{ id, settings: { enabled: true } }])
          yield* heartbeats.plan
          const { deadlineAt } = yield* heartbeatOf(user, id)
          assert.closeTo((deadlineAt?.epochMillis ?? 0) - (yield* databaseNow), 3_660_000, 60_000)
        }),
      )

      it.effect("are missed by their cron expression, and expected by it again", () =>
        Effect.gen(function* () {
          const { id, user } = yield* makeHeartbeatOf({ cron: "0 3 * * *", timeZone: "UTC", graceSeconds: 60 })
          const heartbeats = yield* Heartbeats
          const next = (instant: number) =>
            Math.floor((instant - 10_800_000) / 86_400_000 + 1) * 86_400_000 + 10_860_000
          const { deadlineAt, pingId } = yield* heartbeatOf(user, id)
          assert.strictEqual(deadlineAt?.epochMillis, next(yield* databaseNow))
          yield* setDeadline(id, -1)
          assert.strictEqual(yield* heartbeats.missed, 1)
          assert.strictEqual((yield* statusOf(id, "*"))?.status, "Down")
          const [missed] = yield* resultsOf(user, id)
          assert.deepStrictEqual(missed?.error, { kind: "heartbeat", message: "no heartbeat has come yet" })
          assert.isNull((yield* heartbeatOf(user, id)).deadlineAt)
          yield* heartbeats.record({ pingId }, ping("success"))
          const after = yield* heartbeatOf(user, id)
          assert.strictEqual(after.deadlineAt?.epochMillis, next(after.lastPingAt?.epochMillis ?? 0))
          assert.strictEqual((yield* statusOf(id, "*"))?.status, "Up")
        }),
      )

      it.effect("that were turned on are expected from then on, also when they are edited before they come", () =>
        Effect.gen(function* () {
          const { id, user } = yield* makeHeartbeat
          const heartbeats = yield* Heartbeats
          const monitors = yield* Monitors
          const sql = yield* SqlClient
          yield* sql`UPDATE monitors SET created_at = now() - interval '2 days' WHERE id = ${id}`
          for (const enabled of [false, true]) {
            yield* monitors.update(user, [{ id, settings: { enabled } }])
            yield* heartbeats.plan
          }
          yield* sql`UPDATE monitors SET config_version = config_version + 1 WHERE id = ${id}`
          yield* heartbeats.plan
          const { deadlineAt } = yield* heartbeatOf(user, id)
          assert.closeTo((deadlineAt?.epochMillis ?? 0) - (yield* databaseNow), 3_660_000, 60_000)
          assert.strictEqual(yield* heartbeats.missed, 0)
        }),
      )

      it.effect("are not missed while nobody takes pings, and expected anew where theirs may have been lost", () =>
        Effect.gen(function* () {
          const heartbeats = yield* Heartbeats
          // Their deadlines, in seconds from now; each may come a minute after it is expected.
          const before = yield* makeHeartbeat
          const within = yield* makeHeartbeat
          const awaited = yield* makeHeartbeat
          const later = yield* makeHeartbeat
          yield* setDeadline(before.id, -700)
          yield* setDeadline(within.id, -300)
          yield* setDeadline(awaited.id, 30)
          yield* setDeadline(later.id, 90)
          // It was late before, and has half an hour left.
          const late = yield* makeHeartbeatOf({ periodSeconds: 3600, graceSeconds: 3600 })
          yield* setDeadline(late.id, 1_800)
          const deadlines = Effect.forEach([later, late], ({ id, user }) =>
            Effect.map(heartbeatOf(user, id), ({ deadlineAt }) => deadlineAt),
          )
          const untouched = yield* deadlines
          yield* silentFor(600)
          assert.strictEqual(yield* heartbeats.missed, 0)
          assert.strictEqual(yield* heartbeats.attend, 2)
          assert.strictEqual(yield* heartbeats.missed, 1)
          assert.strictEqual((yield* statusOf(before.id, "*"))?.status, "Down")
          yield* heartbeats.plan
          for (const { id, user } of [within, awaited]) {
            assert.isNull(yield* statusOf(id, "*"))
            const { deadlineAt } = yield* heartbeatOf(user, id)
            assert.closeTo((deadlineAt?.epochMillis ?? 0) - (yield* databaseNow), 3_660_000, 60_000)
          }
          assert.deepStrictEqual(yield* deadlines, untouched)
          assert.strictEqual(yield* heartbeats.attend, 0)
        }),
      )

      it.effect("are missed after a moment in which nobody took pings", () =>
        Effect.gen(function* () {
          const { id } = yield* makeHeartbeat
          const heartbeats = yield* Heartbeats
          yield* setDeadline(id, -5)
          yield* silentFor(10)
          assert.strictEqual(yield* heartbeats.attend, 0)
          assert.strictEqual(yield* heartbeats.missed, 1)
          assert.strictEqual((yield* statusOf(id, "*"))?.status, "Down")
        }),
      )

      it.effect("know no other address than their own, and no other owner", () =>
        Effect.gen(function* () {
          const { id, user } = yield* makeHeartbeat
          const heartbeats = yield* Heartbeats
          const before = yield* heartbeatOf(user, id)
          yield* heartbeats.rotate(user, id)
          assert.isFalse(yield* heartbeats.record({ token: before.token }, ping("success")))
          assert.isFalse(yield* heartbeats.record({ pingId: before.pingId }, ping("success")))
          assert.isFalse(yield* heartbeats.record({ pingId: randomUUID() }, ping("success")))
          const { pingId } = yield* heartbeatOf(user, id)
          assert.isTrue(yield* heartbeats.record({ pingId }, ping("success")))
          const stranger = yield* makeUser
          assert.strictEqual((yield* Effect.flip(heartbeatOf(stranger.id, id)))._tag, "MonitorNotFound")
          assert.strictEqual((yield* Effect.flip(heartbeats.rotate(stranger.id, id)))._tag, "MonitorNotFound")
        }),
      )
    })
  })
}
