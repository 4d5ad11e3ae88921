import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, layer } from "@effect/vitest"
import type { MonitorId } from "@uptime/domain/Ids"
import { Effect, Layer } from "effect"
import { Housekeeping } from "../src/Housekeeping.ts"
import { Reports } from "../src/Reports.ts"
import { ResultStore } from "../src/ResultStore.ts"
import { backends } from "./Backends.ts"
import { databaseNow, makeMonitor, makeUser, result, services } from "./Fixtures.ts"

const minute = 60_000

const putInto = (id: MonitorId, group: string | null) =>
  Effect.flatMap(SqlClient, (sql) => sql`UPDATE monitors SET group_name = ${group} WHERE id = ${id}`)

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
            const { rows } = yield* (yield* Reports).uptime(user.id, "24h", "monitor")
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
            const reports = yield* Reports
            const groups = (yield* reports.uptime(user.id, "30d", "group")).rows
            assert.deepStrictEqual(
              groups.map(({ key, monitorCount, outages }) => [key, monitorCount, outages]),
              [["shop", 2, 2]],
            )
            assert.closeTo(groups[0]?.uptime ?? 0, 75, 0.1)
            const tags = (yield* reports.uptime(user.id, "7d", "tag")).rows
            assert.deepStrictEqual(
              tags.map(({ key, monitorCount }) => [key, monitorCount]),
              [
                ["prod", 2],
                ["eu", 2],
              ],
            )
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
              { name: "eu", monitorCount: 2, up: 1, degraded: 0, partial: 0, down: 0, unknown: 1 },
              { name: "prod", monitorCount: 2, up: 1, degraded: 0, partial: 0, down: 1, unknown: 0 },
            ])
            assert.deepStrictEqual(yield* reports.groups(user.id), [
              { name: "shop", monitorCount: 2, up: 1, degraded: 0, partial: 0, down: 1, unknown: 0 },
            ])
          }),
        )

        it.effect("tell strangers nothing", () =>
          Effect.gen(function* () {
            const { web } = yield* world
            const stranger = yield* makeUser
            const reports = yield* Reports
            assert.lengthOf((yield* reports.uptime(stranger.id, "24h", "monitor")).rows, 0)
            assert.lengthOf(yield* reports.outages(stranger.id, { monitorId: web.id }, 10, null), 0)
            assert.lengthOf(yield* reports.tags(stranger.id), 0)
          }),
        )
      },
    )
  })
}
