import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { MonitorId } from "@uptime/domain/Ids"
import { setOverlay } from "@uptime/persistence/Overlays"
import { ResultStore } from "@uptime/persistence/ResultStore"
import { Clock, Effect } from "effect"
import { loggedIn, walk } from "./LoggedIn.ts"
import { newResult } from "./NewResults.ts"

const minute = 60_000

describe("reports", () => {
  it.scopedLive("say how monitors, groups and tags did, what was out, and what is in use", () =>
    Effect.gen(function* () {
      const { send, stores } = yield* loggedIn()
      const make = (name: string, group: string) =>
        Effect.map(
          send("POST /api/monitor", {
            url: "https://example.com/",
            name,
            group,
            tags: ["web", group],
            intervalSeconds: 60,
            confirmation: { failures: 1, successes: 1 },
          }),
          ({ body }) => MonitorId.make(body.id),
        )
      const down = yield* make("down", "eu")
      const up = yield* make("up", "us")
      const mended = yield* make("mended", "us")
      const now = yield* Clock.currentTimeMillis
      const first = now - (now % minute) - 10 * minute
      const results = Array.from({ length: 10 }, (_, n) => [
        newResult(down, first + n * minute, n < 5 ? "Up" : "Down"),
        newResult(up, first + n * minute, "Up"),
        newResult(mended, first + n * minute, n < 2 || n > 4 ? "Up" : "Down"),
      ]).flat()
      const noticed = Effect.gen(function* () {
        yield* (yield* ResultStore).insert(results)
        const sql = yield* SqlClient
        // What is reported may be older than the database.
        yield* sql`UPDATE rollup_watermarks SET up_to = up_to - interval '1 day'`
        yield* sql`UPDATE status_changes SET noticed_at = at + interval '90 seconds' WHERE monitor_id = ${down}`
        yield* sql`UPDATE status_changes SET noticed_at = at + interval '30 seconds' WHERE monitor_id = ${mended}`
      })
      yield* Effect.provide(noticed, stores)

      const byMonitor = yield* send("GET /api/reports/uptime?window=24h")
      assert.strictEqual(byMonitor.status, 200, byMonitor.text)
      const rows: ReadonlyArray<{ readonly uptime: number }> = byMonitor.body.items
      const timesOf = (items: ReadonlyArray<Record<string, unknown>>) =>
        items.map(({ key, meanTimeToDetectMs, meanTimeToRecoverMs, outages }) => [
          key,
          outages,
          meanTimeToDetectMs,
          meanTimeToRecoverMs,
        ])
      assert.deepStrictEqual(timesOf(byMonitor.body.items), [
        ["down", 1, 90_000, null],
        ["mended", 1, 30_000, 3 * minute],
        ["up", 0, null, null],
      ])
      assert.isBelow(rows[0]?.uptime ?? 100, 60)
      assert.strictEqual(rows[2]?.uptime, 100)
      const byTag = yield* send("GET /api/reports/uptime?window=24h&by=tag")
      assert.deepStrictEqual(timesOf(byTag.body.items), [
        ["eu", 1, 90_000, null],
        ["web", 2, 60_000, 3 * minute],
        ["us", 1, 30_000, 3 * minute],
      ])
      const byGroup = yield* send("GET /api/reports/uptime?window=24h&by=group")
      assert.deepStrictEqual(timesOf(byGroup.body.items), [
        ["eu", 1, 90_000, null],
        ["us", 1, 30_000, 3 * minute],
      ])
      const usual = yield* send("GET /api/reports/uptime")
      assert.deepInclude(usual.body, { window: "30d", nextCursor: null })
      assert.isAbove(Date.parse(usual.body.dataFrom), Date.parse(usual.body.from))
      assert.isAtMost(Date.parse(usual.body.dataFrom), first)
      const paged = yield* walk(send, "GET /api/reports/uptime", 1)
      assert.strictEqual(paged.pages, 3)
      assert.deepStrictEqual(
        paged.items.map((item) => Object(item).key),
        ["down", "mended", "up"],
      )
      const one = yield* send(`GET /api/reports/uptime?window=24h&monitorId=${mended}`)
      assert.deepStrictEqual(timesOf(one.body.items), [["mended", 1, 30_000, 3 * minute]])
      assert.strictEqual((yield* send("GET /api/reports/uptime?limit=1001")).status, 400)

      const outages = yield* send("GET /api/reports/outages")
      assert.deepStrictEqual(outages.body, {
        items: [
          {
            monitorId: down,
            name: "down",
            startedAt: new Date(first + 5 * minute).toISOString(),
            endedAt: null,
            incidentId: null,
          },
          {
            monitorId: mended,
            name: "mended",
            startedAt: new Date(first + 2 * minute).toISOString(),
            endedAt: new Date(first + 5 * minute).toISOString(),
            incidentId: null,
          },
        ],
        nextCursor: null,
      })
      for (const query of ["group=none", "tag=none", `monitorId=${up}`, "to=2026-01-01"]) {
        assert.deepStrictEqual((yield* send(`GET /api/reports/outages?${query}`)).body.items, [], query)
      }
      const count = { up: 0, degraded: 0, partial: 0, down: 0, unknown: 0, maintenance: 0, unreachable: 0 }
      assert.deepStrictEqual((yield* send("GET /api/groups")).body, {
        items: [
          { name: "eu", monitorCount: 1, ...count, down: 1 },
          { name: "us", monitorCount: 2, ...count, up: 2 },
        ],
      })
      assert.deepInclude((yield* send("GET /api/tags")).body.items[2], { name: "web", monitorCount: 3, up: 2, down: 1 })
      const maintained = Effect.flatMap(SqlClient, (sql) =>
        sql.withTransaction(setOverlay(sql, "Maintenance", [{ monitorId: down, at: now }])),
      )
      yield* Effect.provide(maintained, stores)
      assert.deepInclude((yield* send("GET /api/tags")).body.items[2], { name: "web", up: 2, down: 0, maintenance: 1 })
    }),
  )
})
