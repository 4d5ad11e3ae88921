import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, layer } from "@effect/vitest"
import type { MonitorId } from "@uptime/domain/Ids"
import { decodeJob, encodeJob, type Job, jobDeadline } from "@uptime/domain/Job"
import { MonitorUrl } from "@uptime/domain/MonitorUrl"
import { slotAfter, slotAtOrBefore, slotGrid } from "@uptime/domain/Slot"
import { Data, Deferred, Effect, Either, Fiber, Schema } from "effect"
import { DueMonitors } from "../src/DueMonitors.ts"
import { Monitors } from "../src/Monitors.ts"
import { setOverlay } from "../src/Overlays.ts"
import { ResultStore } from "../src/ResultStore.ts"
import { backends } from "./Backends.ts"
import { createdOf, databaseNow, makeMonitor, makeUser, result, services, settings } from "./Fixtures.ts"

class PublishFailed extends Data.TaggedError("PublishFailed") {}

const nextCheckAt = (id: MonitorId) =>
  Effect.flatMap(SqlClient, (sql) =>
    Effect.map(
      sql<{ readonly at: number }>`
        SELECT round(date_part('epoch', next_check_at) * 1000) AS at FROM monitors WHERE id = ${id}`,
      ([row]) => row?.at ?? Number.NaN,
    ),
  )

const setNextCheckAt = (id: MonitorId, at: number) =>
  Effect.flatMap(
    SqlClient,
    (sql) => sql`UPDATE monitors SET next_check_at = to_timestamp(${at}::float8 / 1000) WHERE id = ${id}`,
  )

/** Leaves nothing that is, or will be, due. */
const drain = Effect.flatMap(SqlClient, (sql) => sql`UPDATE monitors SET enabled = false`)

for (const [name, database] of backends) {
  describe.sequential(name, () => {
    layer(services(database), { excludeTestServices: true, timeout: "60 seconds" })("DueMonitors", (it) => {
      it.effect("publishes a new monitor's first slot, the instant it was made, with all that a worker needs", () =>
        Effect.gen(function* () {
          yield* drain
          const user = yield* makeUser
          const monitor = yield* makeMonitor(user.id, { intervalSeconds: 3600 })
          const off = yield* makeMonitor(user.id, { enabled: false })
          yield* (yield* Monitors).leaveToProducer([createdOf(monitor), createdOf(off)])
          const published: Array<Job> = []
          const report = yield* (yield* DueMonitors).claim(10, (jobs) =>
            Effect.sync(() => void published.push(...jobs)),
          )
          const slot = monitor.createdAt.epochMillis
          assert.deepStrictEqual(published, [
            {
              v: 2,
              monitorId: monitor.id,
              slot,
              deadline: jobDeadline(slot, 3600),
              configVersion: 1,
              spec: { kind: "http", url: monitor.url, timeoutMs: monitor.timeoutMs },
            },
          ])
          assert.deepInclude(report, { claimed: 1, coalesced: 0 })
          assert.isAtMost(report.maxLatenessMs, 60_000)
          assert.strictEqual(yield* nextCheckAt(monitor.id), slotAfter(slotGrid(monitor.id, 3600), yield* databaseNow))
          const again = yield* (yield* DueMonitors).claim(10, () => Effect.dieMessage("nothing is due"))
          assert.deepStrictEqual(again, { claimed: 0, coalesced: 0, maxLatenessMs: 0 })
        }),
      )

      it.effect("leaves a new monitor to its api for five seconds, and then publishes its first slot", () =>
        Effect.gen(function* () {
          yield* drain
          const user = yield* makeUser
          const monitors = yield* Monitors
          const due = yield* DueMonitors
          const sql = yield* SqlClient
          const [published, abandoned] = yield* monitors.create(
            user.id,
            Array.from({ length: 2 }, () => settings({ intervalSeconds: 86_400 })),
          )
          if (published === undefined || abandoned === undefined)
            return yield* Effect.dieMessage("no monitors were made")
          const held = yield* due.claim(10, () => Effect.dieMessage("nothing is due"))
          assert.strictEqual(held.claimed, 0)
          yield* monitors.markPublished([published])
          // Five seconds later, as far as the two can tell.
          yield* sql`
            UPDATE monitors
            SET created_at = created_at - interval '5 seconds', next_check_at = next_check_at - interval '5 seconds'
            WHERE user_id = ${user.id}`
          const jobs: Array<Job> = []
          yield* due.claim(10, (taken) => Effect.sync(() => void jobs.push(...taken)))
          const { id } = abandoned.monitor
          assert.deepStrictEqual(
            jobs.map(({ monitorId, slot }) => ({ monitorId, slot })),
            [{ monitorId: id, slot: abandoned.firstSlot - 5000 }],
          )
          assert.strictEqual(yield* nextCheckAt(id), slotAfter(slotGrid(id, 86_400), yield* databaseNow))
        }),
      )

      it.effect("tells the workers all that a check is told, and never publishes a heartbeat", () =>
        Effect.gen(function* () {
          yield* drain
          const user = yield* makeUser
          const monitors = yield* Monitors
          const check = {
            conditions: [{ condition: "[BODY] contains PONG", severity: "Degraded" }],
            redis: { username: "ann", password: { sealed: "v1:AAAA" } },
          } as const
          const url = Schema.decodeSync(MonitorUrl)
          const made = yield* monitors.create(user.id, [
            settings({ url: url("redis://example.com"), check }),
            settings({ url: url("heartbeat://"), check: { heartbeat: { periodSeconds: 60 } } }),
          ])
          yield* monitors.leaveToProducer(made)
          const beat = made[1]?.monitor.id
          for (const change of [{ intervalSeconds: 30 }, { enabled: false }, { enabled: true }]) {
            if (beat !== undefined) yield* monitors.update(user.id, [{ id: beat, settings: change }])
          }
          const published: Array<Job> = []
          yield* (yield* DueMonitors).claim(10, (jobs) => Effect.sync(() => void published.push(...jobs)))
          assert.deepStrictEqual(
            published.map(({ spec }) => spec),
            [{ kind: "redis", url: "redis://example.com", timeoutMs: 10_000, ...check }],
          )
          assert.deepStrictEqual(made[0]?.spec, published[0]?.spec)
          for (const job of published) assert.deepStrictEqual(Either.getOrThrow(decodeJob(encodeJob(job))), job)
        }),
      )

      it.effect("goes on with monitors that are under maintenance, or behind one that is down", () =>
        Effect.gen(function* () {
          yield* drain
          const sql = yield* SqlClient
          const user = yield* makeUser
          const now = yield* databaseNow
          const ids = [(yield* makeMonitor(user.id)).id, (yield* makeMonitor(user.id)).id] as const
          yield* (yield* ResultStore).insert(ids.map((id) => result(id, now - 60_000)))
          for (const [i, overlay] of (["Maintenance", "Unreachable"] as const).entries()) {
            const changes = ids.slice(i, i + 1).map((monitorId) => ({ monitorId, at: now - 1_000 }))
            yield* sql.withTransaction(setOverlay(sql, overlay, changes))
          }
          const overlaid = yield* sql`
            SELECT FROM monitor_status WHERE monitor_id = ANY(${ids}::uuid[]) AND location = '*' AND overlay IS NOT NULL`
          assert.lengthOf(overlaid, 2)
          for (const id of ids) yield* setNextCheckAt(id, now - 1_000)
          const published: Array<MonitorId> = []
          yield* (yield* DueMonitors).claim(10, (jobs) =>
            Effect.sync(() => void published.push(...jobs.map(({ monitorId }) => monitorId))),
          )
          assert.deepStrictEqual(published.sort(), [...ids].sort())
        }),
      )

      it.effect("coalesces missed slots into the newest", () =>
        Effect.gen(function* () {
          yield* drain
          const user = yield* makeUser
          const monitor = yield* makeMonitor(user.id, { intervalSeconds: 600 })
          const grid = slotGrid(monitor.id, 600)
          const now = yield* databaseNow
          const newest = slotAtOrBefore(grid, now)
          yield* setNextCheckAt(monitor.id, newest - 5 * 600_000)
          const published: Array<Job> = []
          const report = yield* (yield* DueMonitors).claim(10, (jobs) =>
            Effect.sync(() => void published.push(...jobs)),
          )
          assert.deepStrictEqual(
            published.map(({ slot }) => slot),
            [newest],
          )
          assert.deepInclude(report, { claimed: 1, coalesced: 5 })
          assert.isAtLeast(report.maxLatenessMs, 5 * 600_000)
        }),
      )

      it.effect("takes the longest due first, up to the limit", () =>
        Effect.gen(function* () {
          yield* drain
          const user = yield* makeUser
          const now = yield* databaseNow
          const made = yield* (yield* Monitors).create(
            user.id,
            Array.from({ length: 5 }, () => settings()),
          )
          const ids = made.map(({ monitor }) => monitor.id)
          for (const [i, id] of ids.entries()) yield* setNextCheckAt(id, now - (i + 1) * 1000)
          const published: Array<MonitorId> = []
          yield* (yield* DueMonitors).claim(3, (jobs) =>
            Effect.sync(() => void published.push(...jobs.map(({ monitorId }) => monitorId))),
          )
          assert.deepStrictEqual(published, [...ids].reverse().slice(0, 3))
        }),
      )

      it.effect("tells what is due, for how long, and what falls due", () =>
        Effect.gen(function* () {
          yield* drain
          const { backlog } = yield* DueMonitors
          assert.deepStrictEqual(yield* backlog, { due: 0, oldestMs: 0, perSecond: 0 })
          const user = yield* makeUser
          const [late, soon] = [
            yield* makeMonitor(user.id, { intervalSeconds: 60 }),
            yield* makeMonitor(user.id, { intervalSeconds: 30 }),
          ]
          const now = yield* databaseNow
          yield* setNextCheckAt(late.id, now - 100_000)
          yield* setNextCheckAt(soon.id, now + 100_000)
          const { due, oldestMs, perSecond } = yield* backlog
          assert.strictEqual(due, 1)
          assert.isAtLeast(oldestMs, 100_000)
          assert.isBelow(oldestMs, 160_000)
          assert.closeTo(perSecond, 1 / 30, 1e-9)
        }),
      )

      it.effect("moves nothing when publishing fails or is interrupted", () =>
        Effect.gen(function* () {
          yield* drain
          const user = yield* makeUser
          const monitor = yield* makeMonitor(user.id)
          yield* (yield* Monitors).leaveToProducer([createdOf(monitor)])
          const due = yield* DueMonitors
          const before = yield* nextCheckAt(monitor.id)
          const failure = yield* Effect.flip(due.claim(10, () => new PublishFailed()))
          assert.strictEqual(failure._tag, "PublishFailed")
          assert.strictEqual(yield* nextCheckAt(monitor.id), before)
          const publishing = yield* Deferred.make<void>()
          const fiber = yield* Effect.fork(
            due.claim(10, () => Effect.zipRight(Deferred.succeed(publishing, undefined), Effect.never)),
          )
          yield* Deferred.await(publishing)
          yield* Fiber.interrupt(fiber)
          assert.strictEqual(yield* nextCheckAt(monitor.id), before)
          assert.strictEqual((yield* due.claim(10, () => Effect.void)).claimed, 1)
        }),
      )

      it.effect("shares what is due among producers that claim at once: none twice, none left", () =>
        Effect.gen(function* () {
          yield* drain
          const user = yield* makeUser
          const monitors = yield* Monitors
          const made = yield* monitors.create(
            user.id,
            // A day apart: with a short interval one of so many comes due again while it runs.
            Array.from({ length: 200 }, () => settings({ intervalSeconds: 86_400 })),
          )
          yield* monitors.leaveToProducer(made)
          const due = yield* DueMonitors
          const published: Array<MonitorId> = []
          const producer = Effect.gen(function* () {
            let claimed = 0
            while (true) {
              const report = yield* due.claim(17, (jobs) =>
                Effect.zipRight(
                  Effect.yieldNow(),
                  Effect.sync(() => void published.push(...jobs.map(({ monitorId }) => monitorId))),
                ),
              )
              if (report.claimed === 0) return claimed
              claimed += report.claimed
            }
          })
          const claimed = yield* Effect.all([producer, producer, producer, producer], { concurrency: "unbounded" })
          assert.strictEqual(
            claimed.reduce((sum, n) => sum + n, 0),
            200,
          )
          assert.deepStrictEqual([...published].sort(), made.map(({ monitor }) => monitor.id).sort())
        }),
      )
    })
  })
}
