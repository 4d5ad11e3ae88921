import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, layer } from "@effect/vitest"
import type { MonitorId } from "@uptime/domain/Ids"
import { DateTime, Effect, Layer } from "effect"
import type { MaintenanceSettings } from "../src/Maintenance.ts"
import { Maintenances } from "../src/Maintenances.ts"
import { ResultStore } from "../src/ResultStore.ts"
import { backends } from "./Backends.ts"
import { databaseNow, intervalsOf, makeMonitor, makeUser, result, services, unknownMonitorId } from "./Fixtures.ts"

const minute = 60_000
const day = 24 * 60 * minute

const overlayOf = (id: MonitorId) =>
  Effect.flatMap(SqlClient, (sql) =>
    Effect.map(
      sql<{ readonly overlay: string | null }>`
        SELECT overlay FROM monitor_status WHERE monitor_id = ${id} AND location = '*'`,
      ([row]) => row?.overlay ?? null,
    ),
  )

const planned = (given: Partial<MaintenanceSettings>): MaintenanceSettings => ({
  title: "Moving house",
  description: "",
  plan: { kind: "manual", from: DateTime.unsafeMake(0), endedAt: null },
  monitorIds: [],
  tags: [],
  groups: [],
  isPublic: false,
  ...given,
})

/** An owner with a monitor that has been up for an hour, and one more. */
const world = Effect.gen(function* () {
  const user = yield* makeUser
  const monitor = yield* makeMonitor(user.id, { tags: ["prod"], intervalSeconds: 3600 })
  const other = yield* makeMonitor(user.id, { intervalSeconds: 3600 })
  const began = (yield* databaseNow) - 60 * minute
  yield* (yield* ResultStore).insert([result(monitor.id, began), result(other.id, began)])
  return { user: user.id, id: monitor.id, other: other.id, began }
})

for (const [name, database] of backends) {
  describe.sequential(name, () => {
    layer(Layer.provideMerge(Maintenances.layer, services(database)), {
      excludeTestServices: true,
      timeout: "60 seconds",
    })("maintenances", (it) => {
      it.effect("lie over the monitors that they name while a window is open, and over no other", () =>
        Effect.gen(function* () {
          const { began, id, other, user } = yield* world
          const maintenances = yield* Maintenances
          const from = began + 30 * minute
          const { id: maintenance } = yield* maintenances.create(
            user,
            planned({ monitorIds: [id], plan: { kind: "manual", from: DateTime.unsafeMake(from), endedAt: null } }),
          )
          yield* maintenances.apply
          assert.strictEqual(yield* overlayOf(id), "Maintenance")
          assert.isNull(yield* overlayOf(other))
          assert.deepStrictEqual(
            (yield* intervalsOf(id, "*")).map(({ startedAt, state }) => [state, (startedAt - began) / minute]),
            [
              ["Up", 0],
              ["Maintenance", 30],
            ],
          )
          yield* maintenances.end(user, maintenance)
          yield* maintenances.apply
          assert.isNull(yield* overlayOf(id))
          assert.strictEqual((yield* intervalsOf(id, "*")).at(-1)?.state, "Unknown")
          assert.strictEqual((yield* Effect.flip(maintenances.end(user, maintenance)))._tag, "NoOpenWindow")
        }),
      )

      it.effect("lie over what has their tag or group, and go when they are forgotten", () =>
        Effect.gen(function* () {
          const { id, other, user } = yield* world
          const maintenances = yield* Maintenances
          const sql = yield* SqlClient
          yield* sql`UPDATE monitors SET group_name = 'shop' WHERE id = ${other}`
          const byTag = yield* maintenances.create(user, planned({ tags: ["prod"] }))
          const byGroup = yield* maintenances.create(user, planned({ groups: ["shop"] }))
          yield* maintenances.apply
          assert.deepStrictEqual([yield* overlayOf(id), yield* overlayOf(other)], ["Maintenance", "Maintenance"])
          yield* maintenances.remove(user, byTag.id)
          yield* maintenances.apply
          assert.deepStrictEqual([yield* overlayOf(id), yield* overlayOf(other)], [null, "Maintenance"])
          yield* maintenances.update(user, byGroup.id, { groups: [], tags: ["prod"] })
          yield* maintenances.apply
          assert.deepStrictEqual([yield* overlayOf(id), yield* overlayOf(other)], ["Maintenance", null])
        }),
      )

      it.effect("wait for their window, and are over after it", () =>
        Effect.gen(function* () {
          const { id, user } = yield* world
          const maintenances = yield* Maintenances
          const now = yield* databaseNow
          const single = (from: number, to: number) =>
            ({ kind: "single", from: DateTime.unsafeMake(from), to: DateTime.unsafeMake(to) }) as const
          const made = yield* maintenances.create(
            user,
            planned({ monitorIds: [id], plan: single(now + 10 * minute, now + 20 * minute) }),
          )
          yield* maintenances.apply
          assert.isNull(yield* overlayOf(id))
          yield* maintenances.update(user, made.id, { plan: single(now - 10 * minute, now + 20 * minute) })
          yield* maintenances.apply
          assert.strictEqual(yield* overlayOf(id), "Maintenance")
          yield* maintenances.update(user, made.id, { plan: single(now - 10 * minute, now - minute) })
          yield* maintenances.apply
          assert.isNull(yield* overlayOf(id))
          assert.deepStrictEqual((yield* maintenances.get(user, made.id)).plan, single(now - 10 * minute, now - minute))
        }),
      )

      it.effect("that recur wait for their next window after each", () =>
        Effect.gen(function* () {
          const { id, user } = yield* world
          const maintenances = yield* Maintenances
          const sql = yield* SqlClient
          const start = new Date((yield* databaseNow) - day - 10 * minute).toISOString().slice(0, 16)
          const plan = { kind: "recurring", rule: "FREQ=DAILY", start, timeZone: "UTC", durationMinutes: 30 } as const
          const made = yield* maintenances.create(user, planned({ monitorIds: [id], plan }))
          const window = Effect.map(
            sql<{ readonly startsAt: number; readonly endsAt: number }>`
              SELECT date_part('epoch', window_starts_at) * 1000 AS "startsAt",
                date_part('epoch', window_ends_at) * 1000 AS "endsAt" FROM maintenances WHERE id = ${made.id}`,
            ([row]) => row,
          )
          const startsAt = Date.parse(`${start}Z`) + day
          yield* maintenances.apply
          assert.strictEqual(yield* overlayOf(id), "Maintenance")
          assert.deepStrictEqual(yield* window, { startsAt, endsAt: startsAt + 30 * minute })
          // As if it lasted five minutes, it has been over for as long.
          yield* sql`
            UPDATE maintenances SET plan = plan || '{"durationMinutes":5}', window_ends_at = window_starts_at + interval '5 minutes'
            WHERE id = ${made.id}`
          yield* maintenances.apply
          assert.isNull(yield* overlayOf(id))
          assert.deepStrictEqual(yield* window, { startsAt: startsAt + day, endsAt: startsAt + day + 5 * minute })
          // A day and ten minutes later, as far as the window can tell.
          yield* sql`
            UPDATE maintenances SET window_starts_at = now() - interval '10 minutes', window_ends_at = now() + interval '20 minutes'
            WHERE id = ${made.id}`
          yield* maintenances.apply
          assert.strictEqual(yield* overlayOf(id), "Maintenance")
        }),
      )

      it.effect("are their owner's alone, newest first, page by page", () =>
        Effect.gen(function* () {
          const { id, user } = yield* world
          const maintenances = yield* Maintenances
          const stranger = yield* makeUser
          const first = yield* maintenances.create(user, planned({ title: "first" }))
          const second = yield* maintenances.create(user, planned({ title: "second" }))
          const [newest] = yield* maintenances.list(user, 1, null)
          assert.strictEqual(newest?.id, second.id)
          const rest = yield* maintenances.list(user, 10, { createdAt: second.createdAt, id: second.id })
          assert.deepStrictEqual(
            rest.map(({ title }) => title),
            ["first"],
          )
          assert.lengthOf(yield* maintenances.list(stranger.id, 10, null), 0)
          for (const call of [
            Effect.flip(maintenances.get(stranger.id, first.id)),
            Effect.flip(maintenances.update(stranger.id, first.id, { title: "mine" })),
            Effect.flip(maintenances.end(stranger.id, first.id)),
            Effect.flip(maintenances.remove(stranger.id, first.id)),
          ]) {
            assert.strictEqual((yield* call)._tag, "MaintenanceNotFound")
          }
          const foreign = yield* Effect.flip(maintenances.create(stranger.id, planned({ monitorIds: [id] })))
          assert.strictEqual(foreign._tag, "MonitorNotFound")
          const unknown = yield* Effect.flip(
            maintenances.update(user, first.id, { monitorIds: [id, yield* unknownMonitorId] }),
          )
          assert.strictEqual(unknown._tag, "MonitorNotFound")
        }),
      )
    })
  })
}
