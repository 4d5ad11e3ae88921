import { randomUUID } from "node:crypto"
import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, layer } from "@effect/vitest"
import { pushRegion } from "@uptime/domain/Heartbeat"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import type { Ping } from "@uptime/incidents/HeartbeatPing"
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

/** A heartbeat that is expected every hour, with the addresses it was given. */
const makeHeartbeat = Effect.gen(function* () {
  const user = yield* makeUser
  const { id } = yield* makeMonitor(user.id)
  const sql = yield* SqlClient
  yield* sql`
    UPDATE monitors SET kind = 'heartbeat', url = 'heartbeat://',
      spec = ${JSON.stringify({ heartbeat: { periodSeconds: 3600, graceSeconds: 60 } })}::jsonb
    WHERE id = ${id}`
  yield* (yield* Heartbeats).plan
  return { user: user.id, id }
})

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
