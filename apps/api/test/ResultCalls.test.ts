import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { MonitorId } from "@uptime/domain/Ids"
import { Region } from "@uptime/domain/Region"
import { type NewResult, noPhases, unmeasured } from "@uptime/domain/Result"
import { Maintenances } from "@uptime/persistence/Maintenances"
import { ResultStore } from "@uptime/persistence/ResultStore"
import * as MemoryStream from "@uptime/stream/MemoryStream"
import { Clock, Context, Effect, Layer } from "effect"
import { loggedIn } from "./LoggedIn.ts"
import { newResult } from "./NewResults.ts"
import { signUp } from "./Person.ts"
import { freshStores } from "./Stores.ts"
import { call, serveApi } from "./World.ts"

const usa = Region.make("USA")
const india = Region.make("India")

/** A monitor with 30 slots of a minute in two regions: Up in both, but for slot 3, which is Down, and 4, Unknown, in India. */
const world = Effect.gen(function* () {
  const context = yield* Layer.build(yield* freshStores)
  const base = yield* serveApi({ stores: Layer.succeedContext(context), stream: MemoryStream.layer() })
  const { token } = yield* signUp(base)
  const send = (route: string) =>
    Effect.map(call(base, route, { token }), ({ status, text }) => ({
      status,
      body: text === "" ? null : JSON.parse(text),
    }))
  const created = yield* call(base, "POST /api/monitor", { token, json: { url: "https://example.com/" } })
  const monitorId = MonitorId.make(JSON.parse(created.text).id)
  const now = yield* Clock.currentTimeMillis
  const first = now - (now % 60_000) - 29 * 60_000
  const results = Array.from({ length: 30 }, (_, n) =>
    [usa, india].map((region): NewResult => {
      const slot = first + n * 60_000
      const common = { monitorId, region, slot, checkedAt: slot + 200 }
      if (region === india && n === 4) return { ...common, outcome: unmeasured("internal", "no file handles") }
      const down = region === india && n === 3
      return {
        ...common,
        outcome: {
          status: down ? "Down" : "Up",
          responseTimeMs: 100 + n,
          phases: { ...noPhases, dns: 1.5, connect: 2.5 },
          httpStatus: down ? 503 : 200,
          errorKind: down ? "status" : null,
          errorMessage: down ? "the answer was 503" : null,
          certificateExpiresAt: null,
          attempts: 1,
          evidence: null,
        },
      }
    }),
  ).flat()
  // The results are older than the database, which takes what was before it as rolled up.
  yield* Context.get(context, SqlClient)`UPDATE rollup_watermarks SET up_to = up_to - interval '1 day'`
  const report = yield* Context.get(context, ResultStore).insert(results)
  assert.strictEqual(report.inserted, 60)
  return { send, monitorId, first }
})

describe("results", () => {
  it.scopedLive("are listed newest first, page by page, each once, also those of one slot", () =>
    Effect.gen(function* () {
      const { first, monitorId, send } = yield* world
      const seen: Array<{ readonly location: string; readonly scheduledAt: string }> = []
      let cursor: string | null = null
      let pages = 0
      do {
        // An odd page size cuts between the two regions of one slot.
        const { body }: { body: { items: typeof seen; nextCursor: string | null } } = yield* send(
          `GET /api/results/${monitorId}/checks?limit=7${cursor === null ? "" : `&cursor=${cursor}`}`,
        )
        seen.push(...body.items)
        cursor = body.nextCursor
        pages++
      } while (cursor !== null && pages < 50)
      assert.strictEqual(pages, 9)
      const expected = Array.from({ length: 30 }, (_, n) => new Date(first + (29 - n) * 60_000).toISOString())
      assert.deepStrictEqual(
        seen.map(({ location, scheduledAt }) => `${scheduledAt} ${location}`),
        expected.flatMap((at) => [`${at} India`, `${at} USA`]),
      )
    }),
  )

  it.scopedLive("show all that was found, and are chosen by place, status and time", () =>
    Effect.gen(function* () {
      const { first, monitorId, send } = yield* world
      const list = (query: string) =>
        Effect.map(send(`GET /api/results/${monitorId}/checks?limit=1000&${query}`), ({ body }) => body.items)
      const [down, ...others] = yield* list("status=Down")
      assert.deepStrictEqual(others, [])
      assert.deepStrictEqual(
        { ...down, id: "" },
        {
          id: "",
          monitorId,
          location: "India",
          status: "Down",
          responseTimeMs: 103,
          checkedAt: new Date(first + 180_200).toISOString(),
          scheduledAt: new Date(first + 180_000).toISOString(),
          phases: { dns: 1.5, connect: 2.5, tls: null, firstByte: null, transfer: null },
          httpStatus: 503,
          error: { kind: "status", message: "the answer was 503" },
          certificateExpiresAt: null,
          attempts: 1,
          maintenance: false,
          evidence: null,
        },
      )
      assert.lengthOf(yield* list("location=USA"), 30)
      assert.lengthOf(yield* list("location=Mars"), 0)
      const from = new Date(first + 60_000).toISOString()
      const to = new Date(first + 180_000).toISOString()
      assert.lengthOf(yield* list(`from=${from}&to=${to}`), 4)
      assert.lengthOf(yield* list(`from=${from}&to=${to}&location=India&status=Up`), 2)
      const { status } = yield* send(`GET /api/results/${monitorId}/checks?from=${to}&to=${from}`)
      assert.strictEqual(status, 400)
    }),
  )

  it.scopedLive("say of each whether it was taken during a maintenance", () =>
    Effect.gen(function* () {
      const { send, stores } = yield* loggedIn()
      const id = MonitorId.make((yield* send("POST /api/monitor", { url: "https://example.com/" })).body.id)
      const now = yield* Clock.currentTimeMillis
      const minutesAgo = (minutes: number) => now - minutes * 60_000
      const store = (minutes: number, status: "Up" | "Down") =>
        Effect.provide(
          Effect.flatMap(ResultStore, ({ insert }) => insert([newResult(id, minutesAgo(minutes), status)])),
          stores,
        )
      yield* store(20, "Up")
      const plan = { kind: "manual", from: new Date(minutesAgo(10)).toISOString(), endedAt: null }
      const planned = yield* send("POST /api/maintenances", { title: "Move", plan, monitorIds: [id] })
      assert.strictEqual(planned.status, 201, planned.text)
      yield* Effect.provide(
        Effect.flatMap(Maintenances, ({ apply }) => apply),
        stores,
      )
      yield* store(5, "Down")
      const { body } = yield* send(`GET /api/results/${id}/checks`)
      assert.deepStrictEqual(
        body.items.map((item: Record<string, unknown>) => [item["scheduledAt"], item["status"], item["maintenance"]]),
        [
          [new Date(minutesAgo(5)).toISOString(), "Down", true],
          [new Date(minutesAgo(20)).toISOString(), "Up", false],
        ],
      )
    }),
  )

  it.scopedLive("are charted by region over any stretch, with phases", () =>
    Effect.gen(function* () {
      const { first, monitorId, send } = yield* world
      const from = new Date(first).toISOString()
      const to = new Date(first + 30 * 60_000).toISOString()
      const { body } = yield* send(`GET /api/results/${monitorId}/series?from=${from}&to=${to}`)
      assert.strictEqual(body.bucketSeconds, 60)
      const [inIndia, inUsa, ...others] = body.locations
      assert.deepStrictEqual(
        [inIndia.location, inUsa.location, inIndia.points.length, inUsa.points.length, others],
        ["India", "USA", 30, 30, []],
      )
      const { p50, p95, p99, ...point } = inUsa.points[0]
      assert.deepStrictEqual(point, {
        at: from,
        count: 1,
        avg: 100,
        ...{ up: 1, down: 0, unknown: 0 },
        phases: { dns: 1.5, connect: 2.5, tls: null, firstByte: null, transfer: null },
      })
      for (const percentile of [p50, p95, p99]) assert.closeTo(percentile, 100, 2.01)
      assert.deepInclude(inIndia.points[3], { count: 1, avg: null, p50: null, up: 0, down: 1, unknown: 0 })
      assert.deepInclude(inIndia.points[4], { count: 1, avg: null, up: 0, down: 0, unknown: 1 })

      const { body: month } = yield* send(
        `GET /api/results/${monitorId}/series?from=${new Date(first - 29 * 86_400_000).toISOString()}&location=USA`,
      )
      assert.deepStrictEqual(
        month.locations.map(({ location }: { location: string }) => location),
        ["USA"],
      )
      assert.strictEqual(month.bucketSeconds, 10_800)
      const { body: days } = yield* send(`GET /api/results/${monitorId}/days?days=30`)
      assert.lengthOf(days.items, 30)
      assert.deepInclude(days.items[0], { uptime: null, downSeconds: 0, coverage: 0, checks: 0 })
      assert.strictEqual(
        days.items.reduce((sum: number, { checks }: { checks: number }) => sum + checks, 0),
        60,
      )
      const { body: defaults } = yield* send(`GET /api/results/${monitorId}/days`)
      assert.lengthOf(defaults.items, 365)
      for (const query of [`series?from=${to}&to=${from}`, "days?days=0", "days?days=367"]) {
        assert.strictEqual((yield* send(`GET /api/results/${monitorId}/${query}`)).status, 400)
      }
      assert.strictEqual((yield* send(`GET /api/results/${monitorId}/stats?window=1y`)).body.series.length, 366)
    }),
  )

  it.scopedLive("are summed up, and the latest is told by place and overall", () =>
    Effect.gen(function* () {
      const { first, monitorId, send } = yield* world
      const newest = new Date(first + 29 * 60_000).toISOString()
      const { body: latest } = yield* send(`GET /api/results/${monitorId}/latest`)
      assert.deepInclude(latest, { monitorId, status: "Up" })
      assert.deepStrictEqual(
        latest.locations.map((place: { location: string; status: string; latest: { scheduledAt: string } }) => [
          place.location,
          place.status,
          place.latest.scheduledAt,
        ]),
        [
          ["India", "Up", newest],
          ["USA", "Up", newest],
        ],
      )
      assert.strictEqual(latest.latest.scheduledAt, newest)

      const { body: list } = yield* send("GET /api/monitor?status=Up")
      assert.strictEqual(list.items[0].status, "Up")
      assert.deepStrictEqual(list.items[0].locations, latest.locations)

      const { body: stats, status } = yield* send(`GET /api/results/${monitorId}/stats`)
      assert.strictEqual(status, 200)
      assert.deepInclude(stats, { monitorId, window: "24h" })
      assert.strictEqual(Date.parse(stats.to) - Date.parse(stats.from), 86_400_000)
      assert.strictEqual((yield* send(`GET /api/results/${monitorId}/stats?window=90d`)).body.window, "90d")
    }),
  )

  it.scopedLive("are deleted when they are old enough, and counted", () =>
    Effect.gen(function* () {
      const { monitorId, send } = yield* world
      assert.deepStrictEqual(yield* send(`DELETE /api/results/${monitorId}/cleanup?days=90`), {
        status: 200,
        body: { deleted: 0 },
      })
      assert.deepStrictEqual((yield* send(`DELETE /api/results/${monitorId}/cleanup`)).body, { deleted: 0 })
      assert.lengthOf((yield* send(`GET /api/results/${monitorId}/checks?limit=1000`)).body.items, 60)
    }),
  )
})
