import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, layer } from "@effect/vitest"
import type { MonitorId } from "@uptime/domain/Ids"
import { defaultConfirmation } from "@uptime/domain/MonitorDefaults"
import { MonitorUrl } from "@uptime/domain/MonitorUrl"
import type { Evidence } from "@uptime/domain/Result"
import { Effect } from "effect"
import { Housekeeping } from "../src/Housekeeping.ts"
import { Monitors } from "../src/Monitors.ts"
import { clearOverlay, setOverlay } from "../src/Overlays.ts"
import { ResultStore } from "../src/ResultStore.ts"
import { backends } from "./Backends.ts"
import { databaseNow, india, intervalsOf, makeMonitor, makeUser, result, services, statusOf } from "./Fixtures.ts"

const minute = 60_000

const changesOf = (monitorId: MonitorId) =>
  Effect.flatMap(
    SqlClient,
    (sql) => sql<{
      readonly from: string | null
      readonly to: string
      readonly at: number
      readonly seen: { readonly slot: number; readonly evidence: Evidence | null } | null
    }>`
      SELECT from_status AS "from", to_status AS "to", round(date_part('epoch', at) * 1000) AS at, evidence AS seen
      FROM status_changes WHERE monitor_id = ${monitorId} ORDER BY id`,
  )

const steps = (changes: ReadonlyArray<{ readonly from: string | null; readonly to: string }>) =>
  changes.map(({ from, to }) => `${from ?? ""} → ${to}`)

const dueIn = (monitorId: MonitorId) =>
  Effect.flatMap(SqlClient, (sql) =>
    Effect.map(
      sql<{ readonly s: number }>`
        SELECT date_part('epoch', next_check_at - now()) AS s FROM monitors WHERE id = ${monitorId}`,
      ([row]) => row?.s ?? Number.NaN,
    ),
  )

/** A new monitor of a new owner that believes what two results in a row say. */
const makeDoubtful = Effect.gen(function* () {
  const user = yield* makeUser
  const monitor = yield* makeMonitor(user.id, { intervalSeconds: 3600 })
  const sql = yield* SqlClient
  yield* sql`
    UPDATE monitors SET confirm_failures = 2, confirm_successes = 2, next_check_at = now() + interval '50 minutes'
    WHERE id = ${monitor.id}`
  return { user, id: monitor.id }
})

for (const [name, database] of backends) {
  describe.sequential(name, () => {
    layer(services(database), { excludeTestServices: true, timeout: "60 seconds" })("changes of status", (it) => {
      it.effect("begin with the first failure of the row that confirms them, and hold what was seen then", () =>
        Effect.gen(function* () {
          const { id } = yield* makeDoubtful
          const store = yield* ResultStore
          const base = (yield* databaseNow) - 30 * minute
          const evidence: Evidence = {
            address: "192.0.2.1",
            headers: [["server", 'a "hostile" {one} \\ 🦆']],
            body: "first",
            certificate: null,
          }
          yield* store.insert([result(id, base)])
          yield* store.insert([result(id, base + minute, "Down", { outcome: { evidence } })])
          assert.deepStrictEqual(steps(yield* changesOf(id)), [" → Up"])
          assert.strictEqual((yield* statusOf(id, "USA"))?.status, "Up")
          yield* store.insert([
            result(id, base + 2 * minute, "Down", { outcome: { evidence: { ...evidence, body: "second" } } }),
          ])
          const [, down] = yield* changesOf(id)
          assert.deepInclude(down ?? {}, { from: "Up", to: "Down", at: base + minute })
          assert.deepInclude(down?.seen ?? {}, { slot: base + minute, evidence })
          assert.deepStrictEqual(
            (yield* intervalsOf(id, "*")).map(({ startedAt, state }) => [state, startedAt - base]),
            [
              ["Up", 0],
              ["Down", minute],
            ],
          )
          yield* store.insert([result(id, base + 3 * minute), result(id, base + 4 * minute)])
          assert.deepInclude((yield* changesOf(id)).at(-1) ?? {}, { from: "Down", to: "Up", at: base + 3 * minute })
        }),
      )

      it.effect("are Partial while one of two regions fails, and none else for however long", () =>
        Effect.gen(function* () {
          const { id } = yield* makeDoubtful
          const store = yield* ResultStore
          const base = (yield* databaseNow) - 40 * minute
          for (let i = 0; i < 30; i++) {
            yield* store.insert([
              result(id, base + i * minute),
              result(id, base + i * minute, "Down", { region: india }),
            ])
          }
          assert.deepStrictEqual(steps(yield* changesOf(id)), [" → Up", "Up → Partial"])
          assert.strictEqual((yield* statusOf(id, "*"))?.status, "Partial")
        }),
      )

      it.effect("are made by failures of several kinds, to the mildest of them, and hold what was seen first", () =>
        Effect.gen(function* () {
          const { id } = yield* makeDoubtful
          const store = yield* ResultStore
          const base = (yield* databaseNow) - 30 * minute
          yield* store.insert([result(id, base)])
          for (let i = 1; i <= 6; i++) yield* store.insert([result(id, base + i * minute, i % 2 ? "Down" : "Degraded")])
          const [, degraded, ...more] = yield* changesOf(id)
          assert.deepInclude(degraded ?? {}, { from: "Up", to: "Degraded", at: base + minute })
          assert.deepInclude(degraded?.seen ?? {}, { slot: base + minute, status: "Down" })
          assert.lengthOf(more, 0)
          yield* store.insert([result(id, base + 7 * minute, "Down"), result(id, base + 8 * minute, "Down")])
          const down = (yield* changesOf(id)).at(-1)
          assert.deepInclude(down ?? {}, { from: "Degraded", to: "Down", at: base + 7 * minute })
        }),
      )

      it.effect("hold what was seen at the first failure of each, also where one begins with the last of another", () =>
        Effect.gen(function* () {
          const { id } = yield* makeDoubtful
          const store = yield* ResultStore
          const base = (yield* databaseNow) - 30 * minute
          const statuses = ["Up", "Degraded", "Down", "Down"] as const
          const results = statuses.map((status, i) => result(id, base + i * minute, status))
          const batches = [results.slice(0, 2), results.slice(2)]
          for (const batch of batches) yield* store.insert(batch)
          assert.deepStrictEqual(
            (yield* changesOf(id)).slice(1).map(({ at, seen, to }) => [to, (at - base) / minute, seen?.slot]),
            [
              ["Degraded", 1, base + minute],
              ["Down", 2, base + 2 * minute],
            ],
          )
        }),
      )

      it.effect("say that nothing is known while fewer regions know than must, or one of them falls silent", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const { id } = yield* makeMonitor(user.id, { confirmation: { ...defaultConfirmation, minRegions: 2 } })
          const store = yield* ResultStore
          const overall = Effect.map(statusOf(id, "*"), (row) => row?.status)
          const now = yield* databaseNow
          yield* store.insert([result(id, now - 10 * minute)])
          assert.strictEqual(yield* overall, "Unknown")
          yield* store.insert([result(id, now - 10 * minute, "Up", { region: india })])
          assert.strictEqual(yield* overall, "Up")
          yield* store.insert([result(id, now - minute)])
          yield* (yield* Housekeeping).sweepNoData
          assert.strictEqual((yield* statusOf(id, "USA"))?.status, "Up")
          assert.strictEqual(yield* overall, "Unknown")
          yield* store.insert([result(id, now, "Down", { region: india })])
          assert.strictEqual(yield* overall, "Partial")
        }),
      )

      it.effect("are made at once where another number of regions must know", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const { id } = yield* makeMonitor(user.id, { intervalSeconds: 3600 })
          const monitors = yield* Monitors
          const needing = (minRegions: number, enabled = true) =>
            monitors.update(user.id, [{ id, settings: { enabled, confirmation: { minRegions } } }])
          const base = (yield* databaseNow) - 10 * minute
          yield* (yield* ResultStore).insert([result(id, base)])
          yield* needing(2)
          assert.strictEqual((yield* statusOf(id, "*"))?.status, "Unknown")
          assert.strictEqual((yield* statusOf(id, "USA"))?.status, "Up")
          yield* needing(2)
          yield* needing(1)
          assert.deepStrictEqual(
            (yield* intervalsOf(id, "*")).map(({ state }) => state),
            ["Up", "Unknown", "Up"],
          )
          yield* needing(2, false)
          assert.deepStrictEqual(steps(yield* changesOf(id)), [" → Up", "Up → Unknown", "Unknown → Up", "Up → Paused"])
        }),
      )

      it.effect("bring the next check forward while they are being confirmed, and only then", () =>
        Effect.gen(function* () {
          const { id } = yield* makeDoubtful
          const store = yield* ResultStore
          const sql = yield* SqlClient
          const base = (yield* databaseNow) - 30 * minute
          const toGrid = sql`UPDATE monitors SET next_check_at = now() + interval '50 minutes' WHERE id = ${id}`
          yield* store.insert([result(id, base)])
          assert.isAbove(yield* dueIn(id), 2900)
          yield* store.insert([result(id, base + minute, "Down")])
          assert.closeTo(yield* dueIn(id), 30, 5)
          yield* toGrid
          yield* store.insert([result(id, base + 2 * minute, "Down")])
          assert.isAbove(yield* dueIn(id), 2900)
          yield* store.insert([result(id, base + 3 * minute)])
          assert.closeTo(yield* dueIn(id), 30, 5)
          yield* toGrid
          yield* store.insert([result(id, base + 4 * minute)])
          assert.isAbove(yield* dueIn(id), 2900)
        }),
      )

      it.effect("bring forward the checks of all that is above what fails, at their own pace and never to later", () =>
        Effect.gen(function* () {
          const sql = yield* SqlClient
          const store = yield* ResultStore
          const { id: userId } = yield* makeUser
          const far = { intervalSeconds: 3600 }
          const top = (yield* makeMonitor(userId, far)).id
          const middle = (yield* makeMonitor(userId, { ...far, parents: [top] })).id
          const paused = (yield* makeMonitor(userId, { ...far, enabled: false })).id
          const beat = (yield* makeMonitor(userId, { url: MonitorUrl.to.make("heartbeat://") })).id
          const parents = [middle, paused, beat]
          const [child, other, third] = yield* Effect.all(
            Array.from({ length: 3 }, () => Effect.map(makeMonitor(userId, { ...far, parents }), ({ id }) => id)),
          )
          if (child === undefined || other === undefined || third === undefined) return assert.fail("no monitors")
          yield* sql`UPDATE monitors SET retry_seconds = 20, confirm_failures = 2 WHERE id = ${top}`
          yield* sql`UPDATE monitors SET confirm_failures = 2, confirm_successes = 2 WHERE id IN (${child}, ${other})`
          yield* sql`
            UPDATE monitors SET next_check_at = now() + interval '50 minutes' WHERE user_id = ${userId} AND id <> ${beat}`
          const due = Effect.flatMap(Effect.all([top, middle, paused].map(dueIn)), (times) =>
            Effect.succeed(times.map((s) => (s > 2900 ? "far" : Math.round(s / 10) * 10))),
          )
          const at = sql<{
            readonly at: string
          }>`SELECT next_check_at::text AS at FROM monitors WHERE id IN (${top}, ${middle}) ORDER BY id`
          const base = (yield* databaseNow) - 30 * minute
          yield* store.insert([child, other].map((id) => result(id, base)))
          yield* store.insert([result(child, base + minute, "Unknown")])
          assert.deepStrictEqual(yield* due, ["far", "far", "far"])
          yield* store.insert([result(child, base + 2 * minute, "Down")])
          assert.deepStrictEqual(yield* due, [20, 30, "far"])
          const asked = yield* at
          yield* store.insert([result(child, base + 3 * minute, "Down"), result(other, base + 3 * minute, "Down")])
          assert.deepStrictEqual(yield* at, asked)
          // As after their checks: who is up again is no reason to look, and one that is believed at once is.
          yield* sql`UPDATE monitors SET next_check_at = now() + interval '50 minutes' WHERE id IN (${top}, ${middle})`
          yield* store.insert([result(child, base + 4 * minute)])
          assert.deepStrictEqual(yield* due, ["far", "far", "far"])
          yield* store.insert([result(third, base, "Down")])
          assert.deepStrictEqual(yield* due, [20, 30, "far"])
        }),
      )

      it.effect("are noted when a monitor is turned off and on, and when nothing comes from it", () =>
        Effect.gen(function* () {
          const { id, user } = yield* makeDoubtful
          const store = yield* ResultStore
          const monitors = yield* Monitors
          yield* store.insert([result(id, (yield* databaseNow) - 10 * minute)])
          yield* monitors.update(user.id, [{ id, settings: { enabled: false } }])
          yield* monitors.update(user.id, [{ id, settings: { enabled: true } }])
          assert.deepStrictEqual(steps(yield* changesOf(id)), [" → Up", "Up → Paused", "Paused → Unknown"])
          const silent = yield* makeDoubtful
          yield* store.insert([result(silent.id, (yield* databaseNow) - 150 * minute)])
          yield* (yield* Housekeeping).sweepNoData
          assert.deepStrictEqual(steps(yield* changesOf(silent.id)), [" → Up", "Up → Unknown"])
        }),
      )
    })

    layer(services(database), { excludeTestServices: true, timeout: "60 seconds" })("what lies over a status", (it) => {
      it.effect("is what the intervals say while it does, and the monitor begins anew after it", () =>
        Effect.gen(function* () {
          const { id } = yield* makeDoubtful
          const store = yield* ResultStore
          const sql = yield* SqlClient
          const base = (yield* databaseNow) - 30 * minute
          const slot = (i: number) => base + i * minute
          yield* store.insert([result(id, base)])
          yield* setOverlay(sql, "Maintenance", [{ monitorId: id, at: slot(5) }]).pipe(sql.withTransaction)
          yield* store.insert([result(id, slot(6), "Down"), result(id, slot(7), "Down")])
          assert.strictEqual((yield* statusOf(id, "*"))?.status, "Down")
          yield* clearOverlay(sql, [{ monitorId: id, at: slot(10) }]).pipe(sql.withTransaction)
          assert.strictEqual((yield* statusOf(id, "*"))?.status, "Unknown")
          // Planned before the end of the overlay: too late to say anything about the time after it.
          yield* store.insert([result(id, slot(9), "Down")])
          yield* store.insert([result(id, slot(11), "Down"), result(id, slot(12), "Down")])
          for (const location of ["USA", "*"]) {
            assert.deepStrictEqual(
              (yield* intervalsOf(id, location)).map(({ startedAt, state }) => [state, (startedAt - base) / minute]),
              [
                ["Up", 0],
                ["Maintenance", 5],
                ["Unknown", 10],
                ["Down", 11],
              ],
            )
          }
          assert.deepStrictEqual(steps(yield* changesOf(id)), [
            " → Up",
            "Up → Down",
            "Maintenance → Unknown",
            "Unknown → Down",
          ])
        }),
      )

      it.effect("gives way to a pause, and leaves monitors that are turned off alone", () =>
        Effect.gen(function* () {
          const { id, user } = yield* makeDoubtful
          const sql = yield* SqlClient
          const now = yield* databaseNow
          yield* (yield* ResultStore).insert([result(id, now - 10 * minute)])
          yield* setOverlay(sql, "Unreachable", [{ monitorId: id, at: now - 5 * minute }]).pipe(sql.withTransaction)
          yield* (yield* Monitors).update(user.id, [{ id, settings: { enabled: false } }])
          yield* setOverlay(sql, "Maintenance", [{ monitorId: id, at: now }]).pipe(sql.withTransaction)
          yield* clearOverlay(sql, [{ monitorId: id, at: now }]).pipe(sql.withTransaction)
          assert.deepStrictEqual(
            (yield* intervalsOf(id, "*")).map(({ state }) => state),
            ["Up", "Unreachable", "Paused"],
          )
        }),
      )
    })
  })
}
