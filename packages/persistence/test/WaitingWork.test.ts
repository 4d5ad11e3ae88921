import { randomUUID } from "node:crypto"
import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Heartbeats } from "../src/Heartbeats.ts"
import { Monitors } from "../src/Monitors.ts"
import { WaitingWork } from "../src/WaitingWork.ts"
import { backends } from "./Backends.ts"
import { makeMonitor, makeUser, services } from "./Fixtures.ts"
import { makeChannel } from "./IncidentFixtures.ts"

/** What waits, of nobody who asked before: an answer is kept for nearly a second. */
const looked = Effect.flatMap(WaitingWork, ({ look }) => look).pipe(Effect.provide(Layer.fresh(WaitingWork.layer)))

const nothing = { changes: false, messages: false, heartbeats: false, pages: false, notices: false }

for (const [name, database] of backends) {
  describe.sequential(name, () => {
    layer(Layer.mergeAll(Heartbeats.layer, WaitingWork.layer).pipe(Layer.provideMerge(services(database))), {
      excludeTestServices: true,
      timeout: "60 seconds",
    })("what waits", (it) => {
      it.effect(
        "is a change of a status until it was judged, what the judge was asked for, and an incident whose time has come",
        () =>
          Effect.gen(function* () {
            const sql = yield* SqlClient
            const user = yield* makeUser
            const monitor = yield* makeMonitor(user.id)
            assert.deepStrictEqual(yield* looked, nothing)
            yield* sql`
            INSERT INTO status_changes (monitor_id, from_status, to_status, at, noticed_at)
            VALUES (${monitor.id}, 'Unknown', 'Up', now(), now())`
            assert.deepStrictEqual(yield* looked, { ...nothing, changes: true })
            yield* sql`UPDATE status_changes SET judged = true`
            assert.deepStrictEqual(yield* looked, nothing)
            yield* (yield* Monitors).update(user.id, [{ id: monitor.id, settings: { alerts: { reminderMinutes: 5 } } }])
            assert.deepStrictEqual(yield* looked, { ...nothing, changes: true })
            yield* sql`DELETE FROM judge_requests`
            yield* sql`
            INSERT INTO incidents (id, user_id, key, title, severity, started_at, noticed_at, tell_at, look_at, updated_at)
            VALUES (${randomUUID()}, ${user.id}, 'k', 'it is down', 'Down', now(), now(), now(), now() + interval '1 hour', now())`
            assert.deepStrictEqual(yield* looked, nothing)
            yield* sql`UPDATE incidents SET look_at = now()`
            assert.deepStrictEqual(yield* looked, { ...nothing, changes: true })
            yield* sql`UPDATE incidents SET look_at = NULL`
          }),
      )

      it.effect("is a message to a channel until it is sent", () =>
        Effect.gen(function* () {
          const sql = yield* SqlClient
          const user = yield* makeUser
          const channel = yield* makeChannel(user.id)
          yield* sql`
            INSERT INTO alert_outbox (incident_id, change, channel_id, at, due_at, next_attempt_at)
            SELECT id, 'opened', ${channel}, now(), now(), now() FROM incidents LIMIT 1`
          assert.deepStrictEqual(yield* looked, { ...nothing, messages: true })
          yield* sql`UPDATE alert_outbox SET state = 'sent'`
          assert.deepStrictEqual(yield* looked, nothing)
        }),
      )

      it.effect("is a heartbeat to be planned, and one whose deadline has passed", () =>
        Effect.gen(function* () {
          const sql = yield* SqlClient
          const heartbeats = yield* Heartbeats
          yield* heartbeats.attend
          const user = yield* makeUser
          const { id } = yield* makeMonitor(user.id)
          yield* sql`
            UPDATE monitors SET kind = 'heartbeat', url = 'heartbeat://',
              spec = ${JSON.stringify({ heartbeat: { periodSeconds: 3600, graceSeconds: 60 } })}::jsonb
            WHERE id = ${id}`
          assert.deepStrictEqual(yield* looked, { ...nothing, heartbeats: true })
          yield* heartbeats.plan
          assert.deepStrictEqual(yield* looked, nothing)
          yield* sql`UPDATE heartbeats SET deadline_at = now()`
          assert.deepStrictEqual(yield* looked, { ...nothing, heartbeats: true })
          yield* heartbeats.missed
          yield* sql`UPDATE monitors SET config_version = config_version + 1 WHERE id = ${id}`
          assert.deepStrictEqual(yield* looked, { ...nothing, heartbeats: true, changes: true })
          yield* heartbeats.plan
          yield* sql`UPDATE status_changes SET judged = true`
          assert.deepStrictEqual(yield* looked, nothing)
        }),
      )

      it.effect("is asked of the database once by all who ask within a second", () =>
        Effect.gen(function* () {
          const sql = yield* SqlClient
          const { look } = yield* WaitingWork
          const before = yield* look
          yield* sql`UPDATE heartbeats SET deadline_at = now()`
          assert.deepStrictEqual(yield* look, before)
          yield* sql`UPDATE heartbeats SET deadline_at = NULL`
        }),
      )
    })
  })
}
