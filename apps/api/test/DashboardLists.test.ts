import * as SqlClient from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { MonitorSummaries, RecentList } from "@uptime/contract/MonitorsApi"
import type { CheckStatus } from "@uptime/domain/CheckStatus"
import { MonitorId } from "@uptime/domain/Ids"
import { Region } from "@uptime/domain/Region"
import { type NewResult, noPhases } from "@uptime/domain/Result"
import { ResultStore } from "@uptime/persistence/ResultStore"
import * as MemoryStream from "@uptime/stream/MemoryStream"
import { Clock, Context, Effect, Layer, Schema } from "effect"
import { signUp } from "./Person.ts"
import { freshStores } from "./Stores.ts"
import { call, serveApi } from "./World.ts"

const usa = Region.make("USA")
const india = Region.make("India")
const minute = 60_000

const world = Effect.gen(function* () {
  const context = yield* Layer.build(yield* freshStores)
  const base = yield* serveApi({ stores: Layer.succeedContext(context), stream: MemoryStream.layer() })
  const { token } = yield* signUp(base)
  const { token: stranger } = yield* signUp(base)
  const send = (route: string, json?: unknown, as = token) =>
    Effect.map(call(base, route, { token: as, json }), ({ status, text }) => ({ status, body: JSON.parse(text) }))
  const create = (json: object) =>
    Effect.map(send("POST /api/monitor", { confirmation: { failures: 1, successes: 1 }, ...json }), ({ body }) =>
      MonitorId.make(body.id),
    )
  const put = (results: ReadonlyArray<NewResult>) => Context.get(context, ResultStore).insert(results)
  return { base, token, stranger, send, create, put, sql: Context.get(context, SqlClient.SqlClient) }
})

const found = (
  monitorId: MonitorId,
  region: Region,
  slot: number,
  status: CheckStatus,
  ms: number | null,
): NewResult => ({
  monitorId,
  region,
  slot,
  checkedAt: slot + 150,
  outcome: {
    status,
    responseTimeMs: ms,
    phases: noPhases,
    httpStatus: null,
    errorKind: status === "Down" ? "connect" : null,
    errorMessage: status === "Down" ? "refused" : null,
    certificateExpiresAt: null,
    attempts: 1,
    evidence: null,
  },
})

describe("the lists of the dashboard", () => {
  it.scopedLive("sum every monitor up as its own page does, and nobody else's", () =>
    Effect.gen(function* () {
      const { create, put, send, sql, stranger } = yield* world
      const quiet = yield* create({ url: "https://example.com/<b>" })
      const busy = yield* create({
        url: 'https://example.org/?a="b"',
        name: 'Ünïcode "quoted" \\ </script>',
        tags: ["a", "b"],
        group: "G",
      })
      const off = yield* create({ url: "tcp://example.net:5432", enabled: false })
      const now = yield* Clock.currentTimeMillis
      const at = (n: number) => now - n * minute
      // What is told of a monitor begins with it: here a while ago.
      yield* sql`UPDATE monitors SET created_at = created_at - interval '1 hour'`
      // Nor is the hour before this one summed up, in which some of it lies for ten minutes of every hour.
      yield* sql`UPDATE rollup_watermarks SET up_to = up_to - interval '1 hour' WHERE name = 'hourly'`
      yield* put([10, 9, 8].map((n) => found(busy, usa, at(n), "Up", 10 + n)))
      yield* put([found(busy, india, at(10), "Up", 12.345), found(busy, india, at(8.5), "Down", null)])
      yield* put([found(quiet, usa, at(8), "Down", null), found(quiet, usa, at(4), "Up", 5)])

      const { body } = yield* send("GET /api/monitor/summaries")
      const { items } = yield* Schema.decodeUnknown(MonitorSummaries, { onExcessProperty: "error" })(body)
      assert.deepStrictEqual(yield* Schema.encode(MonitorSummaries)({ items }), body)
      assert.sameMembers(
        items.map(({ id }) => id),
        [quiet, busy, off],
      )
      const { body: page } = yield* send("GET /api/monitor")
      for (const [i, overview] of page.items.entries()) {
        const { group, id, intervalSeconds, kind, latest, locations, name, overlay, since, status, tags, url } =
          overview
        const { body: stats } = yield* send(`GET /api/results/${id}/stats`)
        const { uptime24h, ...summary } = body.items[i]
        assert.deepStrictEqual(summary, {
          ...{ group, id, intervalSeconds, kind, name, overlay, since, status, tags, url, enabled: overview.enabled },
          regions: locations.map(({ location, status }: { location: string; status: string }) => ({
            location,
            status,
          })),
          responseTimeMs: latest?.responseTimeMs ?? null,
          checkedAt: latest?.checkedAt ?? null,
        })
        if (stats.uptime === null) assert.isNull(uptime24h)
        else assert.approximately(uptime24h, stats.uptime, 0.5)
      }
      assert.deepStrictEqual(body.items.find(({ id }: { id: string }) => id === busy).regions, [
        { location: "India", status: "Down" },
        { location: "USA", status: "Up" },
      ])
      assert.isBelow(body.items.find(({ id }: { id: string }) => id === quiet).uptime24h, 70)
      assert.deepStrictEqual((yield* send("GET /api/monitor/summaries", undefined, stranger)).body, { items: [] })
    }),
  )

  it.scopedLive("count the uptime of a day, of what has not changed in it as of what has", () =>
    Effect.gen(function* () {
      const { create, send, sql } = yield* world
      const steady = yield* create({ url: "https://example.com/steady" })
      const down = yield* create({ url: "https://example.com/down" })
      const changed = yield* create({ url: "https://example.com/changed" })
      const young = yield* create({ url: "https://example.com/young" })
      const unseen = yield* create({ url: "https://example.com/unseen" })
      yield* sql`DELETE FROM state_intervals`
      yield* sql`UPDATE monitors SET created_at = created_at - interval '9 days' WHERE id <> ${young}`
      yield* sql`UPDATE monitors SET created_at = created_at - interval '2 hours' WHERE id = ${young}`
      const lasted = (id: MonitorId, state: string, from: string, to: string | null) => sql`
        INSERT INTO state_intervals (monitor_id, location, state, started_at, ended_at)
        VALUES (${id}, '*', ${state}, now() - ${from}::interval, now() - ${to}::interval)`
      yield* lasted(steady, "Down", "8 days", "3 days")
      yield* lasted(steady, "Degraded", "3 days", null)
      yield* lasted(down, "Down", "8 days", null)
      yield* lasted(changed, "Down", "8 days", "30 hours")
      yield* lasted(changed, "Up", "30 hours", "12 hours")
      yield* lasted(changed, "Unknown", "12 hours", "6 hours")
      yield* lasted(changed, "Down", "6 hours", null)
      yield* lasted(young, "Down", "2 hours", "1 hour")
      yield* lasted(young, "Up", "1 hour", null)
      const { body } = yield* send("GET /api/monitor/summaries")
      const uptimes = new Map<string, number | null>(
        body.items.map(({ id, uptime24h }: { id: string; uptime24h: number | null }) => [id, uptime24h]),
      )
      assert.strictEqual(uptimes.get(steady), 100)
      assert.strictEqual(uptimes.get(down), 0)
      assert.approximately(uptimes.get(changed) ?? Number.NaN, (100 * 12) / 18, 0.1)
      assert.approximately(uptimes.get(young) ?? Number.NaN, 50, 0.1)
      assert.isNull(uptimes.get(unseen))
    }),
  )

  it.scopedLive("show the newest 40 slots over all regions, oldest first, and leave out what is not the caller's", () =>
    Effect.gen(function* () {
      const { create, put, send, stranger } = yield* world
      const one = yield* create({ url: "https://example.com/" })
      const other = yield* create({ url: "https://example.org/" })
      const now = yield* Clock.currentTimeMillis
      const first = now - 50 * minute
      yield* put(
        Array.from({ length: 50 }, (_, n) => [
          found(one, usa, first + n * minute, "Up", 100),
          ...(n === 49
            ? []
            : [found(one, india, first + n * minute, n % 10 === 5 ? "Down" : "Up", n % 10 === 5 ? null : 201)]),
        ]).flat(),
      )
      const unknown = "0190a5f4-0000-7000-8000-00000000dead"
      const { body } = yield* send(`GET /api/monitor/recent?ids=${other},${unknown},${one.toUpperCase()}`)
      yield* Schema.decodeUnknown(RecentList, { onExcessProperty: "error" })(body)
      assert.deepStrictEqual(body.items[0], { monitorId: other, checks: [], uptime24h: null, uptime30d: null })
      assert.lengthOf(body.items, 2)
      const { checks, monitorId, uptime24h, uptime30d } = body.items[1]
      assert.strictEqual(monitorId, one)
      assert.deepStrictEqual(
        checks,
        Array.from({ length: 40 }, (_, i) => {
          const n = i + 10
          return {
            at: new Date(first + n * minute).toISOString(),
            status: n % 10 === 5 ? "Partial" : "Up",
            responseTimeMs: n === 49 || n % 10 === 5 ? 100 : 150.5,
          }
        }),
      )
      assert.strictEqual(uptime24h, 100)
      assert.strictEqual(uptime30d, 100)
      const { body: foreign } = yield* send(`GET /api/monitor/recent?ids=${one}`, undefined, stranger)
      assert.deepStrictEqual(foreign, { items: [] })
      for (const ids of ["", `${one},`, `${one},${one.toUpperCase()}`, Array(101).fill(one).join(","), "x"]) {
        assert.strictEqual((yield* send(`GET /api/monitor/recent?ids=${ids}`)).status, 400, ids)
      }
      assert.strictEqual((yield* send("GET /api/monitor/recent")).status, 400)
    }),
  )

  it.scopedLive("look further back for what is checked once a day", () =>
    Effect.gen(function* () {
      const { create, send, sql } = yield* world
      const id = yield* create({ url: "https://example.com/", intervalSeconds: 86_400 })
      yield* sql`UPDATE monitors SET created_at = created_at - interval '60 days'`
      yield* sql`
        INSERT INTO check_results (monitor_id, location, scheduled_at, checked_at, status, response_time_ms)
        SELECT ${id}, 'USA', at, at, 'Up', day FROM (
          SELECT day, date_trunc('milliseconds', now()) - day * interval '1 day' AS at FROM generate_series(0, 49) AS day
        ) AS slot`
      const { body } = yield* send(`GET /api/monitor/recent?ids=${id}`)
      const times: ReadonlyArray<number> = body.items[0].checks.map(
        ({ responseTimeMs }: { responseTimeMs: number }) => responseTimeMs,
      )
      assert.deepStrictEqual(
        times,
        Array.from({ length: 40 }, (_, i) => 39 - i),
      )
    }),
  )

  it.scopedLive("come compressed to whoever takes that, but not where a token is", () =>
    Effect.gen(function* () {
      const { base, create, token } = yield* world
      for (let i = 0; i < 6; i++) yield* create({ url: `https://example.com/${i}`, name: `Monitor ${i}` })
      const list = (accept: string, route = "GET /api/monitor/summaries") =>
        call(base, route, { token, headers: { "accept-encoding": accept } })
      const plain = yield* list("identity")
      assert.isNull(plain.headers.get("content-encoding"))
      assert.strictEqual(plain.headers.get("vary"), "Accept-Encoding")
      for (const [accept, encoding] of [
        ["gzip, deflate, br", "br"],
        ["gzip", "gzip"],
        ["br;q=0, gzip;q=0.5", "gzip"],
        ["*", "br"],
        ["deflate, zstd", null],
        ["br;q=0", null],
      ] as const) {
        const answer = yield* list(accept)
        assert.strictEqual(answer.headers.get("content-encoding"), encoding, accept)
        assert.strictEqual(answer.text, plain.text)
        if (encoding === null) continue
        assert.isBelow(Number(answer.headers.get("content-length")), plain.text.length / 2)
      }
      assert.isNull((yield* list("br", "GET /api/auth/me")).headers.get("content-encoding"))
      assert.strictEqual((yield* list("br", "GET /openapi.json")).headers.get("content-encoding"), "br")
    }),
  )
})
