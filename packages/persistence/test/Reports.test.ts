import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, layer } from "@effect/vitest"
import type { CheckStatus } from "@uptime/domain/CheckStatus"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import { Region } from "@uptime/domain/Region"
import type { ReportBy } from "@uptime/domain/Report"
import type { StatsWindow } from "@uptime/domain/Stats"
import { Effect, Layer } from "effect"
import { Housekeeping } from "../src/Housekeeping.ts"
import { Monitors } from "../src/Monitors.ts"
import { clearOverlay, setOverlay } from "../src/Overlays.ts"
import { type ReportCursor, Reports, type UptimeReport } from "../src/Reports.ts"
import { ResultStore } from "../src/ResultStore.ts"
import { backends } from "./Backends.ts"
import { databaseNow, india, makeMonitor, makeUser, result, services } from "./Fixtures.ts"

const minute = 60_000

/** No monitor of any status. */
const none = { up: 0, degraded: 0, partial: 0, down: 0, unknown: 0, maintenance: 0, unreachable: 0 }

const putInto = (id: MonitorId, group: string | null) =>
  Effect.flatMap(SqlClient, (sql) => sql`UPDATE monitors SET group_name = ${group} WHERE id = ${id}`)

/** A report with all its rows. */
const reportOf = (userId: UserId, window: StatsWindow, by: ReportBy) =>
  Effect.flatMap(Reports, (reports) => reports.uptime(userId, { window, by }, 1_000, null))

/** Lets every change of a monitor have been noticed so long after it began. */
const noticedAfter = (id: MonitorId, ms: number) =>
  Effect.flatMap(
    SqlClient,
    (sql) => sql`
      UPDATE status_changes SET noticed_at = at + ${ms}::float8 * interval '1 millisecond' WHERE monitor_id = ${id}`,
  )

/** What overlays do, each in a transaction of its own. */
const inTransaction = <A, E, R>(effect: (sql: SqlClient) => Effect.Effect<A, E, R>) =>
  Effect.flatMap(SqlClient, (sql) => sql.withTransaction(effect(sql)))

/** A monitor of somebody's with these results, so many minutes after `began`. */
const makeWith = (userId: UserId, began: number, results: ReadonlyArray<readonly [number, CheckStatus]>) =>
  Effect.gen(function* () {
    const { id } = yield* makeMonitor(userId, { intervalSeconds: 3600 })
    yield* (yield* ResultStore).insert(results.map(([at, status]) => result(id, began + at * minute, status)))
    return id
  })

/** An owner with three monitors: one down for 10 of 60 minutes, one down now for 20, and one that was never checked. */
const world = Effect.gen(function* () {
  const user = yield* makeUser
  const store = yield* ResultStore
  const web = yield* makeMonitor(user.id, { name: "web", tags: ["prod", "eu"], intervalSeconds: 3600 })
  const mail = yield* makeMonitor(user.id, { name: "mail", tags: ["prod"], intervalSeconds: 3600 })
  const idle = yield* makeMonitor(user.id, { name: "idle", tags: ["eu"], intervalSeconds: 3600 })
  yield* putInto(web.id, "shop")
  yield* putInto(mail.id, "shop")
  // What is charted is older than the database.
  yield* (yield* SqlClient)`UPDATE rollup_watermarks SET up_to = up_to - interval '1 day'`
  const began = (yield* databaseNow) - 60 * minute
  yield* store.insert([
    result(web.id, began),
    result(web.id, began + 20 * minute, "Down"),
    result(web.id, began + 30 * minute),
    result(mail.id, began),
    result(mail.id, began + 40 * minute, "Down"),
  ])
  yield* (yield* Housekeeping).rollUp
  return { user, web, mail, idle, began }
})

for (const [name, database] of backends) {
  describe.sequential(name, () => {
    layer(Layer.provideMerge(Reports.layer, services(database)), { excludeTestServices: true, timeout: "60 seconds" })(
      "reports",
      (it) => {
        it.effect("give uptime and outages per monitor, the worst first", () =>
          Effect.gen(function* () {
            const { idle, mail, user, web } = yield* world
            const { rows } = yield* reportOf(user.id, "24h", "monitor")
            assert.deepStrictEqual(
              rows.map(({ key, monitorId, outages }) => [key, monitorId, outages]),
              [
                ["mail", mail.id, 1],
                ["web", web.id, 1],
                ["idle", idle.id, 0],
              ],
            )
            assert.closeTo(rows[0]?.uptime ?? 0, 66.666, 0.1)
            assert.closeTo(rows[1]?.uptime ?? 0, 83.333, 0.1)
            assert.isNull(rows[2]?.uptime)
            assert.strictEqual(rows[1]?.meanTimeToRecoverMs, 10 * minute)
            assert.isNull(rows[0]?.meanTimeToRecoverMs)
            assert.closeTo(rows[0]?.meanTimeToDetectMs ?? 0, 20 * minute, minute)
          }),
        )

        it.effect("add up groups and tags", () =>
          Effect.gen(function* () {
            const { user } = yield* world
            const groups = (yield* reportOf(user.id, "30d", "group")).rows
            assert.deepStrictEqual(
              groups.map(({ key, monitorCount, outages }) => [key, monitorCount, outages]),
              [["shop", 2, 2]],
            )
            assert.closeTo(groups[0]?.uptime ?? 0, 75, 0.1)
            const tags = (yield* reportOf(user.id, "7d", "tag")).rows
            assert.deepStrictEqual(
              tags.map(({ key, monitorCount }) => [key, monitorCount]),
              [
                ["prod", 2],
                ["eu", 2],
              ],
            )
          }),
        )

        it.effect("say how long outages took to be noticed and to end, per group and per tag", () =>
          Effect.gen(function* () {
            const { mail, user, web } = yield* world
            yield* noticedAfter(web.id, minute)
            yield* noticedAfter(mail.id, 2 * minute)
            const timesBy = (by: ReportBy) =>
              Effect.map(reportOf(user.id, "24h", by), ({ rows }) =>
                rows.map(({ key, meanTimeToDetectMs, meanTimeToRecoverMs }) => [
                  key,
                  meanTimeToDetectMs,
                  meanTimeToRecoverMs,
                ]),
              )
            assert.deepStrictEqual(yield* timesBy("monitor"), [
              ["mail", 2 * minute, null],
              ["web", minute, 10 * minute],
              ["idle", null, null],
            ])
            assert.deepStrictEqual(yield* timesBy("group"), [["shop", 1.5 * minute, 10 * minute]])
            assert.deepStrictEqual(yield* timesBy("tag"), [
              ["prod", 1.5 * minute, 10 * minute],
              ["eu", minute, 10 * minute],
            ])
          }),
        )

        it.effect("count as noticed only what is an outage, and not what lies under an overlay", () =>
          Effect.gen(function* () {
            const user = yield* makeUser
            const began = (yield* databaseNow) - 60 * minute
            const overlaid = yield* makeWith(user.id, began, [[0, "Up"]])
            yield* inTransaction((sql) =>
              setOverlay(sql, "Maintenance", [{ monitorId: overlaid, at: began + 10 * minute }]),
            )
            yield* (yield* ResultStore).insert([result(overlaid, began + 20 * minute, "Down")])
            const behind = yield* makeWith(user.id, began, [
              [0, "Up"],
              [20, "Down"],
            ])
            yield* inTransaction((sql) =>
              setOverlay(sql, "Unreachable", [{ monitorId: behind, at: began + 20 * minute }]),
            )
            const { rows } = yield* reportOf(user.id, "24h", "monitor")
            assert.deepStrictEqual(
              rows.map(({ meanTimeToDetectMs, outages }) => [outages, meanTimeToDetectMs]),
              [
                [0, null],
                [0, null],
              ],
            )
          }),
        )

        it.effect("count as recovered what a good check ended, and not what a pause, an overlay or silence cut", () =>
          Effect.gen(function* () {
            const user = yield* makeUser
            const began = (yield* databaseNow) - 60 * minute
            const down = [
              [0, "Up"],
              [10, "Down"],
            ] as const
            const cases = {
              degraded: yield* makeWith(user.id, began, [...down, [30, "Degraded"]]),
              partial: yield* makeWith(user.id, began, down),
              unknown: yield* makeWith(user.id, began, [...down, [30, "Unknown"], [40, "Up"]]),
              paused: yield* makeWith(user.id, began, down),
              maintained: yield* makeWith(user.id, began, down),
            }
            const store = yield* ResultStore
            for (const region of [india, Region.make("Germany")]) {
              yield* store.insert([result(cases.partial, began + 30 * minute, "Up", { region })])
            }
            yield* (yield* Monitors).update(user.id, [{ id: cases.paused, settings: { enabled: false } }])
            const maintained = (at: number) => [{ monitorId: cases.maintained, at: began + at * minute }]
            yield* inTransaction((sql) => setOverlay(sql, "Maintenance", maintained(30)))
            yield* inTransaction((sql) => clearOverlay(sql, maintained(40)))
            yield* store.insert([result(cases.maintained, began + 50 * minute)])
            const { rows } = yield* reportOf(user.id, "24h", "monitor")
            const found = new Map(rows.map((row) => [row.monitorId, [row.outages, row.meanTimeToRecoverMs]]))
            assert.deepStrictEqual(
              Object.entries(cases).map(([name, id]) => [name, ...(found.get(id) ?? [])]),
              [
                ["degraded", 1, 20 * minute],
                ["partial", 1, 20 * minute],
                ["unknown", 1, null],
                ["paused", 1, null],
                ["maintained", 1, null],
              ],
            )
          }),
        )

        it.effect("are given page by page over one window, each row once, and of one monitor alone", () =>
          Effect.gen(function* () {
            const { user, web } = yield* world
            const reports = yield* Reports
            for (let i = 0; i < 3; i++) yield* makeMonitor(user.id, { name: "idle" })
            const whole = yield* reportOf(user.id, "24h", "monitor")
            assert.lengthOf(whole.rows, 6)
            const walked: Array<string | null> = []
            const filter = { window: "24h", by: "monitor" } as const
            let after: ReportCursor | null = null
            for (let n = 0; n < 6; n++) {
              const page: UptimeReport = yield* reports.uptime(user.id, filter, 1, after)
              if (after !== null) assert.strictEqual(page.to, after.to)
              const row = page.rows.at(0)
              if (row === undefined) return yield* Effect.dieMessage("a page is empty")
              walked.push(row.monitorId)
              after = { to: page.to, uptime: row.uptime, key: row.key, monitorId: row.monitorId }
            }
            assert.deepStrictEqual(
              walked,
              whole.rows.map(({ monitorId }) => monitorId),
            )
            assert.lengthOf((yield* reports.uptime(user.id, filter, 1, after)).rows, 0)
            const one = { ...filter, monitorId: web.id }
            assert.deepStrictEqual(
              (yield* reports.uptime(user.id, one, 10, null)).rows.map(({ key }) => key),
              ["web"],
            )
            assert.lengthOf((yield* reports.uptime((yield* makeUser).id, one, 10, null)).rows, 0)
          }),
        )

        it.effect("say the same over the window of an earlier page, after its hour was rolled up", () =>
          Effect.gen(function* () {
            const { began, user, web } = yield* world
            const reports = yield* Reports
            // Ten minutes into an hour that is rolled up as a whole by now.
            const to = began - (began % (60 * minute)) - 110 * minute
            const sql = yield* SqlClient
            yield* sql`
              UPDATE state_intervals SET started_at = started_at - interval '5 hours'
              WHERE monitor_id = ${web.id} AND started_at = to_timestamp(${began}::float8 / 1000)`
            yield* sql`UPDATE rollup_watermarks SET up_to = up_to - interval '1 day'`
            yield* (yield* Housekeeping).rollUp
            const after = { to, uptime: -1, key: "", monitorId: null }
            const filter = { window: "24h", by: "monitor", monitorId: web.id } as const
            const [row] = (yield* reports.uptime(user.id, filter, 1, after)).rows
            assert.strictEqual(row?.upMs, to - (began - 300 * minute))
          }),
        )

        it.effect("say from when there is data, which an interval alone that is older does not tell", () =>
          Effect.gen(function* () {
            const { began, user } = yield* world
            const sql = yield* SqlClient
            const day = yield* reportOf(user.id, "24h", "monitor")
            assert.isAtMost(day.knownFrom ?? 0, began)
            assert.isAbove(day.knownFrom ?? 0, began - 60 * minute)
            const idle = yield* makeUser
            yield* makeMonitor(idle.id)
            assert.isNull((yield* reportOf(idle.id, "1y", "monitor")).knownFrom)
            const old = yield* makeUser
            const id = yield* makeWith(old.id, began, [[0, "Up"]])
            yield* sql`UPDATE state_intervals SET started_at = now() - interval '400 days' WHERE monitor_id = ${id}`
            const year = yield* reportOf(old.id, "1y", "monitor")
            assert.isAbove(year.knownFrom ?? 0, year.to - 24 * 60 * minute)
            yield* sql`UPDATE rollup_watermarks SET up_to = up_to - interval '3 days'`
            yield* (yield* Housekeeping).rollUp
            const full = yield* reportOf(old.id, "24h", "monitor")
            assert.strictEqual(full.knownFrom, full.from)
          }),
        )

        it.effect("list outages, newest first, page by page, and count labels by status", () =>
          Effect.gen(function* () {
            const { began, mail, user, web } = yield* world
            const reports = yield* Reports
            const [newest, ...rest] = yield* reports.outages(user.id, {}, 1, null)
            assert.lengthOf(rest, 0)
            assert.deepInclude(newest ?? {}, { monitorId: mail.id, name: "mail", endedAt: null, incidentId: null })
            const next = yield* reports.outages(user.id, {}, 10, {
              startedAt: began + 40 * minute,
              monitorId: mail.id,
            })
            assert.deepStrictEqual(
              next.map(({ endedAt, monitorId, startedAt }) => [monitorId, startedAt.epochMillis, endedAt?.epochMillis]),
              [[web.id, began + 20 * minute, began + 30 * minute]],
            )
            assert.lengthOf(yield* reports.outages(user.id, { tag: "eu" }, 10, null), 1)
            assert.lengthOf(yield* reports.outages(user.id, { group: "shop", to: began + 30 * minute }, 10, null), 1)
            assert.lengthOf(
              yield* reports.outages(user.id, { monitorId: web.id, from: began + 21 * minute }, 10, null),
              0,
            )
            assert.deepStrictEqual(yield* reports.tags(user.id), [
              { name: "eu", monitorCount: 2, ...none, up: 1, unknown: 1 },
              { name: "prod", monitorCount: 2, ...none, up: 1, down: 1 },
            ])
            assert.deepStrictEqual(yield* reports.groups(user.id), [
              { name: "shop", monitorCount: 2, ...none, up: 1, down: 1 },
            ])
            yield* inTransaction((sql) => setOverlay(sql, "Maintenance", [{ monitorId: web.id, at: began }]))
            yield* inTransaction((sql) => setOverlay(sql, "Unreachable", [{ monitorId: mail.id, at: began }]))
            assert.deepStrictEqual(yield* reports.groups(user.id), [
              { name: "shop", monitorCount: 2, ...none, maintenance: 1, unreachable: 1 },
            ])
          }),
        )

        it.effect("tell strangers nothing", () =>
          Effect.gen(function* () {
            const { web } = yield* world
            const stranger = yield* makeUser
            const reports = yield* Reports
            assert.lengthOf((yield* reportOf(stranger.id, "24h", "monitor")).rows, 0)
            assert.lengthOf(yield* reports.outages(stranger.id, { monitorId: web.id }, 10, null), 0)
            assert.lengthOf(yield* reports.tags(stranger.id), 0)
          }),
        )
      },
    )
  })
}
