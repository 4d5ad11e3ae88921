import { assert, describe, it } from "@effect/vitest"
import { ApiSettings } from "@uptime/api/ApiSettings"
import { FirstChecks } from "@uptime/api/monitors/FirstChecks"
import { MonitorService } from "@uptime/api/monitors/MonitorService"
import * as Errors from "@uptime/domain/Errors"
import { MonitorId, UserId } from "@uptime/domain/Ids"
import type { MonitorSettings } from "@uptime/domain/Monitor"
import type { MonitorOverview } from "@uptime/domain/MonitorOverview"
import { MonitorUrl } from "@uptime/domain/MonitorUrl"
import { type CreatedMonitor, Monitors, TooManyMonitors } from "@uptime/persistence/Monitors"
import { StoreError } from "@uptime/persistence/StoreError"
import { Cause, type Context, DateTime, Effect, Exit, Layer, Schema } from "effect"
import { testSettings } from "./World.ts"

const userId = UserId.make("0190a5f4-0000-7000-8000-000000000009")
const id = MonitorId.make("0190a5f4-0000-7000-8000-000000000001")
const url = Schema.decodeSync(MonitorUrl)
const times = { createdAt: DateTime.unsafeMake(5), updatedAt: DateTime.unsafeMake(5) }

const service = (
  monitors: Partial<Context.Tag.Service<Monitors>>,
  start: Context.Tag.Service<FirstChecks>["start"] = () => Effect.void,
) =>
  MonitorService.layerNoDeps.pipe(
    Layer.provide([
      Layer.mock(Monitors, monitors),
      Layer.mock(FirstChecks, { start }),
      Layer.succeed(ApiSettings, testSettings),
    ]),
  )

const store = (settings: ReadonlyArray<MonitorSettings>): ReadonlyArray<CreatedMonitor> =>
  settings.map((given) => ({
    monitor: { ...given, id, userId, kind: "http", ...times },
    configVersion: 1,
    firstSlot: 5,
  }))

describe("MonitorService", () => {
  it.effect("fills in what was left out, stores, and starts the first check", () =>
    Effect.gen(function* () {
      const started: Array<ReadonlyArray<CreatedMonitor>> = []
      const { create } = yield* Effect.provide(
        MonitorService,
        service({ create: (_, settings) => Effect.succeed(store(settings)) }, (created) =>
          Effect.sync(() => void started.push(created)),
        ),
      )
      const plain = yield* create(userId, { url: url("https://example.com:8443/health") })
      const expected = { name: "example.com:8443", intervalSeconds: 180, timeoutMs: 10_000, enabled: true, tags: [] }
      assert.deepStrictEqual(plain, {
        id,
        userId,
        kind: "http",
        url: url("https://example.com:8443/health"),
        ...expected,
        ...times,
      })
      assert.deepStrictEqual(started, [store([{ url: plain.url, ...expected }])])
      const full = { name: "A", intervalSeconds: 10, timeoutMs: 100, enabled: false, tags: ["a"] }
      const given = yield* create(userId, { url: plain.url, ...full })
      assert.deepInclude(given, full)
    }),
  )

  it.effect("refuses literal addresses that may not be checked before anything is stored", () =>
    Effect.gen(function* () {
      const { create, edit } = yield* Effect.provide(MonitorService, service({}))
      for (const text of ["http://127.0.0.1/", "http://169.254.169.254/latest", "http://[::1]/", "http://0x7f.1/"]) {
        assert.strictEqual((yield* Effect.flip(create(userId, { url: url(text) })))._tag, "TargetRefused", text)
        assert.strictEqual((yield* Effect.flip(edit(userId, id, { url: url(text) })))._tag, "TargetRefused", text)
      }
    }),
  )

  it.effect("pages by the last item shown, and ends with none", () =>
    Effect.gen(function* () {
      const overview = (n: number): MonitorOverview => ({
        id: MonitorId.make(`0190a5f4-0000-7000-8000-0000000000${String(n).padStart(2, "0")}`),
        userId,
        name: "a",
        kind: "http",
        url: url("https://example.com/"),
        intervalSeconds: 60,
        timeoutMs: 100,
        enabled: true,
        tags: [],
        createdAt: DateTime.unsafeMake(1000 - n),
        updatedAt: DateTime.unsafeMake(1000),
        status: "Unknown",
        since: null,
        locations: [],
        latest: null,
      })
      const asked: Array<unknown> = []
      const { list } = yield* Effect.provide(
        MonitorService,
        service({
          list: (_, filter, limit, after) =>
            Effect.sync(() => {
              asked.push([filter, limit, after])
              return Array.from({ length: Math.min(limit, 3) }, (_, n) => overview(n))
            }),
        }),
      )
      const page = yield* list(userId, { limit: 2, status: "Up", text: "a" })
      assert.deepStrictEqual(
        page.items.map((item) => item.id),
        [overview(0).id, overview(1).id],
      )
      assert.deepStrictEqual(page.nextCursor, { createdAt: 999, id: overview(1).id })
      const last = yield* list(userId, { limit: 3, cursor: { createdAt: 999, id } })
      assert.lengthOf(last.items, 3)
      assert.isNull(last.nextCursor)
      yield* list(userId, {})
      assert.deepStrictEqual(asked, [
        [{ status: "Up", text: "a", tag: undefined }, 3, null],
        [{ status: undefined, text: undefined, tag: undefined }, 4, { createdAt: 999, id }],
        [{ status: undefined, text: undefined, tag: undefined }, 21, null],
      ])
    }),
  )

  it.effect("answers for what the store says in the contract's words", () =>
    Effect.gen(function* () {
      const notFound = Errors.MonitorNotFound.for(id)
      const foreign = yield* Effect.provide(
        MonitorService,
        service({ get: () => notFound, update: () => notFound, remove: () => notFound }),
      )
      for (const call of [foreign.get(userId, id), foreign.edit(userId, id, {}), foreign.remove(userId, id)]) {
        const error = yield* Effect.flip(call)
        assert.strictEqual(error._tag, "MonitorNotFound")
        assert.notInclude(JSON.stringify(error), id)
      }
      const full = yield* Effect.provide(MonitorService, service({ create: () => new TooManyMonitors({ limit: 7 }) }))
      const limit = yield* Effect.flip(full.create(userId, { url: url("https://example.com/") }))
      assert.deepInclude(limit, { _tag: "MonitorLimitReached", limit: 7 })
      for (const reason of ["unavailable", "conflict", "data", "bug"] as const) {
        const broken = new StoreError({ reason, operation: "get", cause: "secret host" })
        const failing = yield* Effect.provide(MonitorService, service({ get: () => broken }))
        const exit = yield* Effect.exit(failing.get(userId, id))
        // A fault of ours is not dressed up as an outage.
        if (reason === "data" || reason === "bug") {
          const defect = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
          assert.isTrue(defect instanceof StoreError && defect.reason === reason)
        } else assert.include(JSON.stringify(exit), '"ServiceUnavailable"')
      }
    }),
  )
})
