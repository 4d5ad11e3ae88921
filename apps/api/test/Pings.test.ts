import { randomUUID } from "node:crypto"
import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { RateLimits, type Try } from "@uptime/api/auth/RateLimits"
import { TooManyRequests } from "@uptime/contract/ApiErrors"
import { Heartbeats } from "@uptime/persistence/Heartbeats"
import { StoreError } from "@uptime/persistence/StoreError"
import * as MemoryStream from "@uptime/stream/MemoryStream"
import { eventually } from "@uptime/testing/Eventually"
import { Effect, Layer, Option } from "effect"
import { loggedIn } from "./LoggedIn.ts"
import { freshStores } from "./Stores.ts"
import { type Answer, call, type ServeOptions, serveApi } from "./World.ts"

/** An api with a heartbeat on it: its own id, and where it is pinged. */
const world = (settings: ServeOptions<never>["settings"] = {}) =>
  Effect.gen(function* () {
    const { base, send } = yield* loggedIn({ settings })
    const { body } = yield* send("POST /api/monitor", { url: "heartbeat://", heartbeat: { periodSeconds: 60 } })
    const shown = yield* send(`GET /api/monitor/${body.id}/heartbeat`)
    assert.strictEqual(shown.status, 200, shown.text)
    return { base, send, id: body.id, heartbeat: shown.body }
  })

const told = ({ status, text }: Answer) => [status, text]

describe("heartbeats", () => {
  it.scopedLive("tell where they are pinged as soon as they are there, and what was sent", () =>
    Effect.gen(function* () {
      const { base, heartbeat, id, send } = yield* world()
      assert.strictEqual(heartbeat.pushUrl, `${base}/api/push/${heartbeat.token}`)
      assert.strictEqual(heartbeat.pingUrl, `${base}/ping/${heartbeat.pingId}`)
      assert.deepStrictEqual(heartbeat.pings, [])
      assert.isNotNull(heartbeat.deadlineAt)

      const push = `/api/push/${heartbeat.token}`
      const ping = `/ping/${heartbeat.pingId}`
      assert.deepStrictEqual(told(yield* call(base, `GET ${push}?status=up&msg=OK&ping=12.5`)), [200, '{"ok":true}'])
      assert.deepStrictEqual(told(yield* call(base, `POST ${push}?status=down&msg=no%20space&msg=2`)), [
        200,
        '{"ok":true}',
      ])
      assert.deepStrictEqual(told(yield* call(base, `HEAD ${push}`)), [200, ""])
      assert.deepStrictEqual(told(yield* call(base, `GET ${ping}/start?rid=1&__proto__=1`)), [200, "OK"])
      assert.deepStrictEqual(told(yield* call(base, `POST ${ping}/3`, { body: "disk full" })), [200, "OK"])
      assert.deepStrictEqual(
        told(
          yield* call(base, `POST ${ping.toUpperCase().replace("PING", "ping")}/log`, {
            headers: { "content-type": "application/json" },
            body: "{",
          }),
        ),
        [200, "OK"],
      )
      assert.deepStrictEqual(told(yield* call(base, `HEAD ${ping}/fail`)), [200, ""])
      const json = { headers: { "content-type": "application/octet-stream" }, body: `${"x".repeat(300_000)}the end` }
      assert.deepStrictEqual(told(yield* call(base, `POST ${ping}`, json)), [200, "OK"])

      const { body } = yield* send(`GET /api/monitor/${id}/heartbeat`)
      const seen: ReadonlyArray<{ event: string; exitCode: number | null; runMs: number | null; body: string | null }> =
        body.pings
      assert.deepStrictEqual(
        seen.map(({ body, event, exitCode }) => [event, exitCode, body === null ? null : body.slice(-9)]),
        [
          ["success", null, "xxthe end"],
          ["fail", null, null],
          ["log", null, "{"],
          ["fail", 3, "disk full"],
          ["start", null, null],
          ["success", null, null],
          ["fail", null, "no space"],
          ["success", null, "OK"],
        ],
      )
      assert.strictEqual(seen[0]?.body?.length, 10_240)
      assert.strictEqual(seen.at(-1)?.runMs, 12.5)
      assert.deepInclude((yield* send(`GET /api/results/${id}/latest`)).body, { status: "Up" })
    }),
  )

  it.scopedLive("have new addresses when they are rotated, and the old ones are worthless", () =>
    Effect.gen(function* () {
      const { base, heartbeat, id, send } = yield* world({ publicUrl: Option.some("https://uptime.example.com") })
      assert.strictEqual(heartbeat.pushUrl, `https://uptime.example.com/api/push/${heartbeat.token}`)
      const { body } = yield* send(`POST /api/monitor/${id}/heartbeat/rotate`)
      assert.notStrictEqual(body.token, heartbeat.token)
      assert.notStrictEqual(body.pingId, heartbeat.pingId)
      assert.strictEqual((yield* call(base, `GET /api/push/${heartbeat.token}`)).status, 404)
      assert.strictEqual((yield* call(base, `GET /ping/${heartbeat.pingId}`)).status, 404)
      assert.strictEqual((yield* call(base, `GET /api/push/${body.token}`)).status, 200)
      assert.strictEqual((yield* call(base, `GET /ping/${body.pingId}`)).status, 200)
    }),
  )

  it.scopedLive("take the token and the id that a job knows from elsewhere, and nobody else's", () =>
    Effect.gen(function* () {
      const { base, heartbeat, id, send } = yield* world()
      const other = yield* send("POST /api/monitor", { url: "heartbeat://", heartbeat: { periodSeconds: 60 } })
      const pingId = randomUUID()
      const given = { token: "Ab3_-xyz90", pingId: pingId.toUpperCase() }
      const taken = yield* send(`PUT /api/monitor/${id}/heartbeat`, given)
      assert.strictEqual(taken.status, 200, taken.text)
      assert.deepInclude(taken.body, {
        token: given.token,
        pingId,
        pushUrl: `${base}/api/push/${given.token}`,
        pingUrl: `${base}/ping/${pingId}`,
      })
      assert.strictEqual((yield* call(base, `GET /api/push/${given.token}?status=up&msg=OK&ping=`)).status, 200)
      assert.strictEqual((yield* call(base, `GET /ping/${given.pingId}/start`)).status, 200)
      assert.strictEqual((yield* call(base, `GET /api/push/${heartbeat.token}`)).status, 404)
      assert.strictEqual((yield* call(base, `GET /ping/${heartbeat.pingId}`)).status, 404)
      // What is not named stays.
      const longer = "x".repeat(64)
      const second = yield* send(`PUT /api/monitor/${id}/heartbeat`, { token: longer })
      assert.deepInclude(second.body, { token: longer, pingId })

      const elsewhere = `PUT /api/monitor/${other.body.id}/heartbeat`
      for (const [addresses, field] of [
        [{ token: longer }, "token"],
        [{ pingId: given.pingId }, "pingId"],
        [{ token: "free-of-all-others", pingId }, "pingId"],
      ] as const) {
        const { body, status } = yield* send(elsewhere, addresses)
        assert.deepStrictEqual([status, body._tag, body.field], [409, "HeartbeatAddressTaken", field])
      }
      assert.strictEqual((yield* call(base, "GET /api/push/free-of-all-others")).status, 404)
      for (const wrong of [
        { token: "too-short" },
        { token: "x".repeat(65) },
        { token: "a/b/c/d/e/f" },
        { pingId: "7" },
      ]) {
        assert.strictEqual((yield* send(elsewhere, wrong)).status, 400, JSON.stringify(wrong))
      }
    }),
  )

  it.scopedLive("take no more addresses of an account than one has jobs: whose they are cannot be tried out", () =>
    Effect.gen(function* () {
      const tried: Array<Try> = []
      const limits = Layer.succeed(RateLimits, {
        consume: (tries) => {
          const asked = tries.filter(({ rule }) => rule.name === "heartbeat-addresses")
          tried.push(...asked)
          return asked.length > 0 ? TooManyRequests.after(60) : Effect.void
        },
        forget: () => Effect.void,
      })
      const { person, send } = yield* loggedIn({ limits })
      const { body } = yield* send("POST /api/monitor", { url: "heartbeat://", heartbeat: { periodSeconds: 60 } })
      const refused = yield* send(`PUT /api/monitor/${body.id}/heartbeat`, { token: "Ab3_-xyz90" })
      assert.strictEqual(refused.status, 429)
      assert.deepStrictEqual(
        tried.map(({ rule, subject }) => [rule.limit, subject]),
        [[1_000, person.id]],
      )
    }),
  )

  it.scopedLive("can be missed only while an api takes pings, which it says as long as it runs", () =>
    Effect.gen(function* () {
      const stores = Layer.succeedContext(yield* Layer.build(yield* freshStores))
      const sql = yield* Effect.provide(SqlClient, stores)
      yield* sql`UPDATE ping_intake SET seen_at = now() - interval '1 hour'`
      const isSilent = Effect.map(
        sql<{ readonly silent: boolean }>`SELECT seen_at < now() - interval '10 seconds' AS silent FROM ping_intake`,
        ([row]) => row?.silent,
      )
      assert.isTrue(yield* isSilent)
      yield* serveApi({ stores, stream: MemoryStream.layer() })
      yield* eventually(isSilent, (silent) => silent === false, "5 seconds")
    }),
  )

  it.scopedLive("are not what other monitors are", () =>
    Effect.gen(function* () {
      const { send } = yield* loggedIn()
      const { body } = yield* send("POST /api/monitor", { url: "https://example.com/" })
      for (const route of ["GET", "POST"]) {
        const answer = yield* send(`${route} /api/monitor/${body.id}/heartbeat${route === "POST" ? "/rotate" : ""}`)
        assert.deepStrictEqual([answer.status, answer.body._tag], [404, "NotFound"])
      }
    }),
  )
})

describe("pings", () => {
  it.scopedLive("are served where the hosted Healthchecks has them, right behind the host", () =>
    Effect.gen(function* () {
      const { base, heartbeat, id, send } = yield* world()
      for (const [route, answer] of [
        [`GET /${heartbeat.pingId}/start?rid=1`, [200, "OK"]],
        [`POST /${heartbeat.pingId}/3`, [200, "OK"]],
        [`HEAD /${heartbeat.pingId.toUpperCase()}`, [200, ""]],
        [`GET /${heartbeat.pingId}/nothing`, [404, "not found"]],
        [`GET /${randomUUID()}`, [404, "not found"]],
      ] as const) {
        assert.deepStrictEqual(
          told(yield* call(base, route, { headers: { "content-type": "text/plain" } })),
          [...answer],
          route,
        )
      }
      const { body } = yield* send(`GET /api/monitor/${id}/heartbeat`)
      assert.deepStrictEqual(
        body.pings.map(({ event }: { readonly event: string }) => event),
        ["success", "fail", "start"],
      )
    }),
  )

  it.scopedLive("of Uptime Kuma come by any method that a job uses", () =>
    Effect.gen(function* () {
      const { base, heartbeat } = yield* world()
      for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH"]) {
        assert.strictEqual((yield* call(base, `${method} /api/push/${heartbeat.token}?status=up`)).status, 200, method)
      }
      assert.strictEqual((yield* call(base, `DELETE /api/push/${heartbeat.token}`)).status, 405)
    }),
  )

  it.scopedLive("of nothing that is known are answered alike, in the words that their senders know", () =>
    Effect.gen(function* () {
      const { base, heartbeat } = yield* world()
      const tokens = ["A".repeat(32), "short", "x".repeat(400), "%00", "%ED%A0%80", "%", "'--", heartbeat.pingId, "a/b"]
      for (const token of tokens) {
        const answer = yield* call(base, `GET /api/push/${token}?status=up`)
        assert.deepStrictEqual(told(answer), [404, '{"ok":false,"msg":"Monitor not found or not active."}'], token)
      }
      const known = heartbeat.pingId
      const ids = [
        randomUUID(),
        "7",
        "x".repeat(400),
        "%00",
        "%",
        heartbeat.token,
        `${known}x`,
        `${known}/256`,
        `${known}/stop`,
        `${known}/fail/1`,
      ]
      for (const id of ids) {
        const answer = yield* call(base, `POST /ping/${id}`, { body: "log" })
        assert.deepStrictEqual(told(answer), [404, "not found"], id)
      }
      assert.strictEqual((yield* call(base, `DELETE /ping/${known}`)).status, 405)
    }),
  )

  it.scopedLive("come from anywhere, by anybody, and are nobody's session", () =>
    Effect.gen(function* () {
      const { base, heartbeat } = yield* world({ corsOrigins: ["https://app.example.com"] })
      const headers = { origin: "https://app.example.com", cookie: "token=garbage", authorization: "Bearer garbage" }
      const answer = yield* call(base, `POST /ping/${heartbeat.pingId}`, { headers, body: "a=b" })
      assert.deepStrictEqual(told(answer), [200, "OK"])
      assert.isNull(answer.headers.get("access-control-allow-credentials"))
      assert.isNull(answer.headers.get("access-control-allow-origin"))
      assert.strictEqual(answer.headers.get("cache-control"), "no-store")
    }),
  )

  it.scopedLive("too many of one token are told to wait, and others are not", () =>
    Effect.gen(function* () {
      const { base, heartbeat } = yield* world()
      const all = yield* Effect.forEach(
        Array.from({ length: 121 }),
        () => call(base, `GET /ping/${heartbeat.pingId}`),
        { concurrency: 4 },
      )
      assert.strictEqual(all.filter(({ status }) => status === 200).length, 120)
      const refused = all.find(({ status }) => status === 429)
      assert.isAbove(Number(refused?.headers.get("retry-after")), 0)
      assert.strictEqual((yield* call(base, `GET /api/push/${heartbeat.token}`)).status, 200)
    }),
  )

  it.scopedLive("are to be sent again while the database is away", () =>
    Effect.gen(function* () {
      const away = new StoreError({ reason: "unavailable", operation: "Heartbeats.record", cause: "away" })
      const heartbeats = Layer.mock(Heartbeats, { attend: Effect.succeed(0), record: () => Effect.fail(away) })
      const stores = Layer.merge(yield* freshStores, heartbeats)
      const base = yield* serveApi({ stores, stream: MemoryStream.layer() })
      for (const route of [`GET /api/push/${"A".repeat(32)}`, `POST /ping/${randomUUID()}/0`]) {
        const answer = yield* call(base, route)
        assert.strictEqual(answer.status, 503)
        assert.strictEqual(answer.headers.get("retry-after"), "5")
      }
    }),
  )
})
