import * as SqlClient from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { Region } from "@uptime/domain/Region"
import { schemes } from "@uptime/domain/UrlScheme"
import { SecretBox } from "@uptime/runtime/SecretBox"
import { CheckStream, StreamError } from "@uptime/stream/CheckStream"
import * as MemoryStream from "@uptime/stream/MemoryStream"
import { Context, Duration, Effect, Layer, Option } from "effect"
import { type Person, signUp } from "./Person.ts"
import { freshStores } from "./Stores.ts"
import { call, serveApi } from "./World.ts"

const usa = Region.make("USA")

/** An api on real stores and a stream of its own, somebody logged in to it, and the stream and the database to look into. */
const world = (stream: Layer.Layer<CheckStream> = MemoryStream.layer()) =>
  Effect.gen(function* () {
    const context = yield* Layer.build(Layer.merge(yield* freshStores, stream))
    const layer = Layer.succeedContext(context)
    const base = yield* serveApi({ stores: layer, stream: layer })
    const person = yield* signUp(base)
    return {
      base,
      person,
      stream: Context.get(context, CheckStream),
      sql: Context.get(context, SqlClient.SqlClient),
      send: (route: string, json?: unknown) => send(base, person, route, json),
    }
  })

const send = (base: string, person: Person, route: string, json?: unknown) =>
  Effect.map(call(base, route, { token: person.token, json }), ({ status, text }) => ({
    status,
    body: text === "" ? null : JSON.parse(text),
  }))

describe("monitors", () => {
  it.scopedLive("are created, shown, edited and deleted by exactly these answers", () =>
    Effect.gen(function* () {
      const { person, send } = yield* world()
      const created = yield* send("POST /api/monitor", { url: "HTTPS://Example.com:443/a#b" })
      assert.strictEqual(created.status, 201)
      const { id, createdAt, updatedAt, ...rest } = created.body
      assert.deepStrictEqual(rest, {
        userId: person.id,
        name: "example.com",
        kind: "http",
        url: "https://example.com/a",
        intervalSeconds: 180,
        timeoutMs: 10_000,
        enabled: true,
        tags: [],
        conditions: [],
        confirmation: { failures: 2, successes: 2, retrySeconds: 30, minRegions: 1 },
        alerts: { on: ["Down"], channels: null, escalationId: null, reminderMinutes: null, fold: true },
        group: null,
        parents: [],
      })
      assert.match(createdAt, /Z$/)
      assert.strictEqual(updatedAt, createdAt)

      const shown = yield* send(`GET /api/monitor/${id}`)
      const { nextCheckAt, ...known } = shown.body
      assert.isAtLeast(Date.parse(nextCheckAt), Date.parse(createdAt))
      assert.deepStrictEqual(known, {
        ...created.body,
        status: "Unknown",
        since: null,
        overlay: null,
        flapping: false,
        locations: [],
        latest: null,
      })

      const edited = yield* send(`PUT /api/monitor/${id}`, { name: "New", tags: ["a", "b"] })
      assert.strictEqual(edited.status, 200)
      assert.deepInclude(edited.body, { ...rest, name: "New", tags: ["a", "b"] })
      assert.deepInclude((yield* send(`PUT /api/monitor/${id}`, {})).body, { name: "New" })
      assert.strictEqual((yield* send(`PUT /api/monitor/${id}`, { url: "http://10.0.0.1/" })).status, 422)

      assert.deepStrictEqual(yield* send(`DELETE /api/monitor/${id}`), { status: 204, body: null })
      assert.strictEqual((yield* send(`GET /api/monitor/${id}`)).status, 404)
      assert.strictEqual((yield* send(`DELETE /api/monitor/${id}`)).status, 404)
    }),
  )

  it.scopedLive("of every kind are created from their URL alone, but for heartbeats", () =>
    Effect.gen(function* () {
      const { send } = yield* world()
      for (const [scheme, { kind, port }] of Object.entries(schemes)) {
        if (kind === "heartbeat") continue
        const url = `${scheme}://example.com${port === "required" ? ":5000" : ""}`
        const { body, status } = yield* send("POST /api/monitor", { url })
        assert.strictEqual(status, 201, JSON.stringify(body))
        assert.strictEqual(body.kind, kind)
      }
      const heartbeat = { url: "heartbeat://", heartbeat: { cron: "*/5 * * * *", timeZone: "Europe/Berlin" } }
      const { body, status } = yield* send("POST /api/monitor", heartbeat)
      assert.strictEqual(status, 201, JSON.stringify(body))
      assert.deepInclude(body, { ...heartbeat, kind: "heartbeat", name: "Heartbeat" })
      assert.deepInclude(body.confirmation, { failures: 1, successes: 1 })
      const wrong: ReadonlyArray<readonly [object, string]> = [
        [{ url: "heartbeat://" }, "heartbeat"],
        [{ url: "tcp://example.com:25", http: {}, tls: { warnDays: 3 } }, "http,tls"],
        [{ url: "https://example.com/", http: { maxRedirects: 99 } }, "http.maxRedirects"],
        [{ url: "https://example.com/", http: { redirects: 1 } }, "http.redirects"],
        [{ url: "https://example.com/", conditions: [{ condition: "[STATUS] = 200" }] }, "conditions.0.condition"],
        [{ url: "https://example.com/", alerts: { on: ["Up"] } }, "alerts.on.0"],
        [{ url: "https://example.com/", confirmation: { failures: 0 } }, "confirmation.failures"],
        [{ url: "https://example.com/", confirmation: { minRegions: 3 } }, "confirmation.minRegions"],
        [{ ...heartbeat, confirmation: { minRegions: 2 } }, "confirmation.minRegions"],
        [{ url: "redis://example.com", redis: { password: "********" } }, "redis.password"],
        [{ url: "postgres://example.com", postgres: { password: "secret" } }, "postgres.username"],
        [
          {
            url: "https://example.com/",
            conditions: [{ condition: "[STATUS] == 200" }, { condition: "[DNS_RCODE] == NOERROR" }],
          },
          "conditions.1.condition",
        ],
      ]
      for (const [json, paths] of wrong) {
        const { body, status } = yield* send("POST /api/monitor", json)
        assert.strictEqual(status, 400, JSON.stringify(body))
        const issues: ReadonlyArray<{ readonly path: ReadonlyArray<string> }> = body.issues
        assert.strictEqual(issues.map(({ path }) => path.join(".")).join(), paths)
      }
      assert.strictEqual((yield* send("GET /api/monitor?kind=heartbeat")).body.items.length, 1)
    }),
  )

  it.scopedLive("are not changed by what they are shown as, and never show a secret", () =>
    Effect.gen(function* () {
      const { send, sql } = yield* world()
      const { body: parent } = yield* send("POST /api/monitor", { url: "icmp://example.com", group: "Racks" })
      const given = {
        url: "https://example.com/",
        conditions: [{ condition: "[RESPONSE_TIME] < 300", severity: "Degraded" }, { condition: "[STATUS] == 200" }],
        http: {
          method: "POST",
          body: { type: "json", content: "{}" },
          headers: [{ name: "Accept", value: "text/plain" }],
          secretHeaders: [{ name: "X-Key", value: "hunter2" }],
          auth: { type: "oauth2", tokenUrl: "https://id.example/", clientId: "me", clientSecret: "hunter2" },
          clientCertificate: {
            certificate: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
            privateKey: "hunter2",
          },
        },
        confirmation: { failures: 3 },
        alerts: { on: ["Down", "Degraded"], reminderMinutes: 60 },
        group: "Shop",
        parents: [parent.id],
      }
      const created = yield* send("POST /api/monitor", given)
      assert.strictEqual(created.status, 201, JSON.stringify(created.body))
      const { id, userId, kind, createdAt, updatedAt, ...settings } = created.body
      assert.deepStrictEqual(settings, {
        ...JSON.parse(JSON.stringify(given).replaceAll("hunter2", "********")),
        conditions: [given.conditions[0], { condition: "[STATUS] == 200", severity: "Down" }],
        confirmation: { failures: 3, successes: 2, retrySeconds: 30, minRegions: 1 },
        alerts: { on: ["Down", "Degraded"], channels: null, escalationId: null, reminderMinutes: 60, fold: true },
        name: "example.com",
        intervalSeconds: 180,
        timeoutMs: 10_000,
        enabled: true,
        tags: [],
      })
      const row = sql`SELECT *, next_check_at::text FROM monitors WHERE id = ${id}`
      const before = yield* row
      assert.notInclude(JSON.stringify(before), "hunter2")
      assert.deepStrictEqual(yield* send(`PUT /api/monitor/${id}`, settings), { status: 200, body: created.body })
      const edit = { action: "edit", id, monitor: settings }
      assert.strictEqual((yield* send("POST /api/monitor/bulk", { operations: [edit] })).status, 200)
      assert.deepStrictEqual(yield* row, before)
      const answers = [yield* send(`GET /api/monitor/${id}`), yield* send("GET /api/monitor?group=Shop&status=Unknown")]
      assert.notMatch(JSON.stringify(answers), /hunter2|sealed/)
      assert.strictEqual(answers[1]?.body.items.length, 1)

      const cycle = yield* send(`PUT /api/monitor/${parent.id}`, { parents: [id] })
      assert.deepStrictEqual([cycle.status, cycle.body._tag], [422, "ReferenceRefused"])
      assert.match(cycle.body.message, /example\.com → example\.com → example\.com/)
      const foreign = { parents: ["0190a5f4-0000-7000-8000-00000000dead"] }
      assert.strictEqual((yield* send(`PUT /api/monitor/${parent.id}`, foreign)).status, 422)
      yield* send(`DELETE /api/monitor/${parent.id}`)
      assert.deepStrictEqual((yield* send(`GET /api/monitor/${id}`)).body.parents, [])
    }),
  )

  it.scopedLive("take no secret where there is no key to seal it with, and everything else", () =>
    Effect.gen(function* () {
      const stream = MemoryStream.layer()
      const base = yield* serveApi({ stores: yield* freshStores, stream, secrets: SecretBox.layer(Option.none()) })
      const person = yield* signUp(base)
      const json = { url: "redis://example.com", redis: { password: "hunter2" } }
      const one = yield* send(base, person, "POST /api/monitor", json)
      const operations = [{ action: "create", monitor: json }]
      const many = yield* send(base, person, "POST /api/monitor/bulk", { operations })
      for (const { body, status } of [one, many]) {
        assert.deepStrictEqual([status, body._tag], [422, "SecretsUnavailable"])
        assert.include(body.message, "ENCRYPTION_KEY")
      }
      assert.strictEqual((yield* send(base, person, "POST /api/monitor", { url: "redis://example.com" })).status, 201)
    }),
  )

  it.scopedLive("have their first job on the stream when they are answered, and are due next on their grid", () =>
    Effect.gen(function* () {
      const { send, sql, stream } = yield* world()
      const consumer = yield* stream.consumer(usa, "test")
      const { body } = yield* send("POST /api/monitor", { url: "https://example.com/", timeoutMs: 5000 })
      const [delivery] = yield* consumer.read(10)
      assert.deepInclude(delivery?.job, {
        monitorId: body.id,
        slot: Date.parse(body.createdAt),
        configVersion: 1,
        spec: { kind: "http", url: "https://example.com/", timeoutMs: 5000 },
      })
      const due = yield* sql<{ due: boolean }>`SELECT next_check_at <= now() AS due FROM monitors WHERE id = ${body.id}`
      assert.deepStrictEqual(due, [{ due: false }])
      yield* send("POST /api/monitor", { url: "https://example.com/", enabled: false })
      const later = yield* consumer.read(10)
      assert.lengthOf(later, 0)
    }),
  )

  it.scopedLive("are created all the same while the stream is away, and stay due", () =>
    Effect.gen(function* () {
      const away = Layer.mock(CheckStream, {
        publish: () => new StreamError({ reason: "unavailable", operation: "publish", cause: "away" }),
      })
      const { send, sql } = yield* world(away)
      const { body, status } = yield* send("POST /api/monitor", { url: "https://example.com/" })
      assert.strictEqual(status, 201)
      const due = yield* sql<{ due: boolean }>`SELECT next_check_at <= now() AS due FROM monitors WHERE id = ${body.id}`
      assert.deepStrictEqual(due, [{ due: true }])
    }),
  )

  it.scopedLive("are answered although the stream does not answer", () =>
    Effect.gen(function* () {
      const { send } = yield* world(Layer.mock(CheckStream, { publish: () => Effect.never }))
      const [took, { status }] = yield* Effect.timed(send("POST /api/monitor", { url: "https://example.com/" }))
      assert.strictEqual(status, 201)
      assert.isBelow(Duration.toMillis(took), 1500)
    }),
  )

  it.scopedLive("are listed newest first, page by page, each once, also those of one instant", () =>
    Effect.gen(function* () {
      const { send } = yield* world()
      const names = Array.from({ length: 25 }, (_, i) => `m${i}`)
      const monitor = (name: string) => ({ action: "create", monitor: { url: "https://example.com/", name } })
      // Made by one call, they share their instant.
      yield* send("POST /api/monitor/bulk", { operations: names.slice(0, 20).map(monitor) })
      for (const name of names.slice(20)) yield* send("POST /api/monitor", monitor(name).monitor)
      const seen: Array<{ readonly id: string; readonly name: string; readonly createdAt: string }> = []
      let cursor: string | null = null
      let pages = 0
      do {
        const { body }: { body: { items: typeof seen; nextCursor: string | null } } = yield* send(
          `GET /api/monitor?limit=4${cursor === null ? "" : `&cursor=${cursor}`}`,
        )
        seen.push(...body.items)
        cursor = body.nextCursor
        pages++
      } while (cursor !== null && pages < 50)
      assert.strictEqual(pages, 7)
      assert.deepStrictEqual(seen.map(({ name }) => name).sort(), [...names].sort())
      const order = seen.map(({ createdAt, id }) => `${createdAt} ${id}`)
      assert.deepStrictEqual(order, [...order].sort().reverse())
      assert.lengthOf((yield* send("GET /api/monitor")).body.items, 20)
    }),
  )

  it.scopedLive("are found by tag, text and status", () =>
    Effect.gen(function* () {
      const { send } = yield* world()
      yield* send("POST /api/monitor", { url: "https://shop.example.com/", name: "Shop 100%", tags: ["prod"] })
      yield* send("POST /api/monitor", { url: "https://blog.example.com/", name: "Blog_1", tags: ["prod", "blog"] })
      const names = (query: string) =>
        Effect.map(send(`GET /api/monitor?${query}`), ({ body }) =>
          body.items.map(({ name }: { readonly name: string }) => name),
        )
      assert.deepStrictEqual(yield* names("tag=prod"), ["Blog_1", "Shop 100%"])
      assert.deepStrictEqual(yield* names("tag=blog"), ["Blog_1"])
      assert.deepStrictEqual(yield* names("text=SHOP"), ["Shop 100%"])
      assert.deepStrictEqual(yield* names("text=%25"), ["Shop 100%"])
      assert.deepStrictEqual(yield* names("text=_"), ["Blog_1"])
      assert.deepStrictEqual(yield* names("status=Up"), [])
      assert.deepStrictEqual(yield* names("status=Unknown&tag=blog"), ["Blog_1"])
    }),
  )
})

describe("bulk", () => {
  it.scopedLive("does all it is asked, in order", () =>
    Effect.gen(function* () {
      const { send } = yield* world()
      const make = (name: string) => ({ action: "create", monitor: { url: "https://example.com/", name } })
      const made = yield* send("POST /api/monitor/bulk", { operations: [make("a"), make("b"), make("c"), make("d")] })
      assert.strictEqual(made.status, 200)
      const ids: ReadonlyArray<string> = made.body.results.map(({ id }: { readonly id: string }) => id)
      const [a, b, c, d] = ids
      const { body } = yield* send("POST /api/monitor/bulk", {
        operations: [
          { action: "pause", id: a },
          make("e"),
          { action: "delete", id: b },
          { action: "edit", id: c, monitor: { name: "C", intervalSeconds: 30 } },
          { action: "resume", id: d },
        ],
      })
      assert.deepStrictEqual(
        body.results.map(
          (result: {
            readonly action: string
            readonly id: string
            readonly monitor: { readonly name: string } | null
          }) => [result.action, result.monitor?.name ?? result.id],
        ),
        [
          ["pause", "a"],
          ["create", "e"],
          ["delete", b],
          ["edit", "C"],
          ["resume", "d"],
        ],
      )
      assert.isFalse((yield* send(`GET /api/monitor/${a}`)).body.enabled)
      assert.strictEqual((yield* send(`GET /api/monitor/${b}`)).status, 404)
      assert.deepInclude((yield* send(`GET /api/monitor/${c}`)).body, { name: "C", intervalSeconds: 30 })
    }),
  )

  it.scopedLive("edits the tags, groups, alerts and parents of many, and nothing else of them", () =>
    Effect.gen(function* () {
      const { send } = yield* world()
      const { body: router } = yield* send("POST /api/monitor", { url: "icmp://example.com" })
      const { body: channel } = yield* send("POST /api/channels", {
        name: "Hook",
        config: { kind: "webhook", url: "https://example.com/hook" },
      })
      const made = yield* Effect.forEach(["a", "b", "c"], (name) =>
        send("POST /api/monitor", {
          url: "https://example.com/",
          name,
          tags: ["old"],
          group: "Old",
          http: { method: "HEAD" },
        }),
      )
      const [a, b, c] = made.map(({ body }) => body)
      const alerts = { on: ["Down", "Degraded"], channels: [channel.id], reminderMinutes: 30 }
      const changes = { tags: ["new", "eu"], group: "New", alerts, parents: [router.id] }
      const edited = yield* send("POST /api/monitor/bulk", {
        operations: [a, b].map(({ id }) => ({ action: "edit", id, monitor: changes })),
      })
      assert.strictEqual(edited.status, 200, JSON.stringify(edited.body))
      for (const [i, before] of [a, b].entries()) {
        const { updatedAt, ...after } = edited.body.results[i].monitor
        const { updatedAt: _, ...expected } = { ...before, ...changes, alerts: { ...before.alerts, ...alerts } }
        assert.deepStrictEqual(after, expected)
        assert.deepInclude((yield* send(`GET /api/monitor/${before.id}`)).body, { ...expected, updatedAt })
      }
      assert.deepInclude((yield* send(`GET /api/monitor/${c.id}`)).body, { tags: ["old"], group: "Old", parents: [] })
      const none = { tags: [], group: null, alerts: { channels: null }, parents: [] }
      const emptied = yield* send("POST /api/monitor/bulk", {
        operations: [{ action: "edit", id: a.id, monitor: none }],
      })
      assert.deepInclude(emptied.body.results[0].monitor, {
        ...none,
        alerts: { ...a.alerts, ...alerts, channels: null },
      })
    }),
  )

  it.scopedLive("does nothing when one operation cannot be done, and names it by its index", () =>
    Effect.gen(function* () {
      const { send } = yield* world()
      const { body: kept } = yield* send("POST /api/monitor", { url: "https://example.com/", name: "kept" })
      const { body: other } = yield* send("POST /api/monitor", { url: "https://example.com/", name: "other" })
      const good = [
        { action: "delete", id: kept.id },
        { action: "create", monitor: { url: "https://example.com/", name: "new" } },
      ]
      const unknownId = "0190a5f4-0000-7000-8000-00000000dead"
      const cases: ReadonlyArray<readonly [unknown, ReadonlyArray<string | number>]> = [
        [{ action: "pause", id: unknownId }, ["operations", 2, "id"]],
        [{ action: "delete", id: unknownId }, ["operations", 2, "id"]],
        [{ action: "edit", id: kept.id, monitor: {} }, ["operations", 2, "id"]],
        [{ action: "pause", id: kept.id.toUpperCase() }, ["operations", 2, "id"]],
        [{ action: "create", monitor: { url: "http://127.0.0.1/" } }, ["operations", 2, "monitor", "url"]],
        [{ action: "create", monitor: { url: "tcp://10.0.0.1:1" } }, ["operations", 2, "monitor", "url"]],
        [{ action: "create", monitor: { url: "tls://example.com", tcp: {} } }, ["operations", 2, "monitor", "tcp"]],
        [
          { action: "create", monitor: { url: "redis://example.com", redis: { password: "********" } } },
          ["operations", 2, "monitor", "redis", "password"],
        ],
        [
          { action: "create", monitor: { url: "https://example.com/", parents: [unknownId] } },
          ["operations", 2, "monitor", "parents"],
        ],
        [{ action: "edit", id: other.id, monitor: { dns: {} } }, ["operations", 2, "monitor", "dns"]],
        [
          { action: "edit", id: other.id, monitor: { confirmation: { minRegions: 3 } } },
          ["operations", 2, "monitor", "confirmation", "minRegions"],
        ],
        [{ action: "edit", id: other.id, monitor: { parents: [other.id] } }, ["operations", 2, "monitor", "parents"]],
        [{ action: "edit", id: other.id, monitor: { parents: [kept.id] } }, ["operations", 2, "monitor", "parents"]],
        [
          { action: "edit", id: other.id, monitor: { alerts: { channels: [unknownId] } } },
          ["operations", 2, "monitor", "alerts", "channels"],
        ],
        [{ action: "create", monitor: { url: "https://example.com/", tags: 1 } }, ["operations", 2, "monitor", "tags"]],
      ]
      for (const [operation, path] of cases) {
        const { body, status } = yield* send("POST /api/monitor/bulk", { operations: [...good, operation] })
        assert.deepStrictEqual([status, body._tag, body.issues[0].path], [400, "ValidationFailed", path])
        const { body: list } = yield* send("GET /api/monitor")
        assert.deepStrictEqual(
          list.items.map(({ name }: { readonly name: string }) => name),
          ["other", "kept"],
        )
      }
    }),
  )

  it.scopedLive(
    "takes a thousand at once, and their jobs are on the stream",
    () =>
      Effect.gen(function* () {
        const { send, stream } = yield* world()
        const consumer = yield* stream.consumer(usa, "test")
        const operation = {
          action: "create",
          monitor: { url: `https://example.com/${"x".repeat(500)}`, name: "n".repeat(100), tags: ["one", "two"] },
        }
        const { body, status } = yield* send("POST /api/monitor/bulk", {
          operations: Array.from({ length: 1000 }, () => operation),
        })
        assert.strictEqual(status, 200)
        assert.lengthOf(body.results, 1000)
        assert.lengthOf(yield* consumer.read(2000), 1000)
        const more = yield* send("POST /api/monitor/bulk", {
          operations: Array.from({ length: 1001 }, () => operation),
        })
        assert.strictEqual(more.status, 400)
      }),
    30_000,
  )
})
