import { assert, describe, it } from "@effect/vitest"
import { MonitorId } from "@uptime/domain/Ids"
import { Region } from "@uptime/domain/Region"
import { type NewResult, noPhases } from "@uptime/domain/Result"
import { ResultStore } from "@uptime/persistence/ResultStore"
import { Clock, Effect } from "effect"
import { loggedIn } from "./LoggedIn.ts"

const minute = 60_000

const result = (monitorId: MonitorId, slot: number, status: "Up" | "Down"): NewResult => ({
  monitorId,
  region: Region.make("USA"),
  slot,
  checkedAt: slot,
  outcome: {
    status,
    responseTimeMs: 10,
    phases: noPhases,
    httpStatus: status === "Up" ? 200 : 503,
    errorKind: status === "Up" ? null : "status",
    errorMessage: status === "Up" ? null : "the answer was 503",
    certificateExpiresAt: null,
    attempts: 1,
    evidence: null,
  },
})

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
      const now = yield* Clock.currentTimeMillis
      const first = now - (now % minute) - 10 * minute
      const results = Array.from({ length: 10 }, (_, n) => [
        result(down, first + n * minute, n < 5 ? "Up" : "Down"),
        result(up, first + n * minute, "Up"),
      ]).flat()
      yield* Effect.provide(
        Effect.flatMap(ResultStore, (store) => store.insert(results)),
        stores,
      )

      const byMonitor = yield* send("GET /api/reports/uptime?window=24h")
      assert.strictEqual(byMonitor.status, 200, byMonitor.text)
      const rows: ReadonlyArray<{ readonly key: string; readonly uptime: number; readonly outages: number }> =
        byMonitor.body.items
      assert.deepStrictEqual(
        rows.map(({ outages }) => outages),
        [1, 0],
      )
      assert.isBelow(rows[0]?.uptime ?? 100, 60)
      assert.strictEqual(rows[1]?.uptime, 100)
      const byTag = yield* send("GET /api/reports/uptime?window=24h&by=tag")
      assert.deepStrictEqual(byTag.body.items.map((row: { readonly key: string }) => row.key).toSorted(), [
        "eu",
        "us",
        "web",
      ])
      assert.deepInclude((yield* send("GET /api/reports/uptime")).body, { window: "30d" })

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
        ],
        nextCursor: null,
      })
      for (const query of ["group=us", "tag=us", `monitorId=${up}`, "to=2026-01-01"]) {
        assert.deepStrictEqual((yield* send(`GET /api/reports/outages?${query}`)).body.items, [], query)
      }
      const count = { up: 0, degraded: 0, partial: 0, down: 0, unknown: 0 }
      assert.deepStrictEqual((yield* send("GET /api/groups")).body, {
        items: [
          { name: "eu", monitorCount: 1, ...count, down: 1 },
          { name: "us", monitorCount: 1, ...count, up: 1 },
        ],
      })
      assert.deepInclude((yield* send("GET /api/tags")).body.items[2], { name: "web", monitorCount: 2, up: 1, down: 1 })
    }),
  )
})
