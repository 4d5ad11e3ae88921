import * as SqlClient from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { Region } from "@uptime/domain/Region"
import { CheckStream, StreamError } from "@uptime/stream/CheckStream"
import * as MemoryStream from "@uptime/stream/MemoryStream"
import { Context, Duration, Effect, Layer } from "effect"
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
      })
      assert.match(createdAt, /Z$/)
      assert.strictEqual(updatedAt, createdAt)

      const shown = yield* send(`GET /api/monitor/${id}`)
      assert.deepStrictEqual(shown.body, {
        ...created.body,
        status: "Unknown",
        since: null,
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

  it.scopedLive("does nothing when one operation cannot be done, and names it by its index", () =>
    Effect.gen(function* () {
      const { send } = yield* world()
      const { body: kept } = yield* send("POST /api/monitor", { url: "https://example.com/", name: "kept" })
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
        [{ action: "create", monitor: { url: "https://example.com/", tags: 1 } }, ["operations", 2, "monitor", "tags"]],
      ]
      for (const [operation, path] of cases) {
        const { body, status } = yield* send("POST /api/monitor/bulk", { operations: [...good, operation] })
        assert.deepStrictEqual([status, body._tag, body.issues[0].path], [400, "ValidationFailed", path])
        const { body: list } = yield* send("GET /api/monitor")
        assert.deepStrictEqual(
          list.items.map(({ name }: { readonly name: string }) => name),
          ["kept"],
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
