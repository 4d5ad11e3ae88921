import { assert, describe, it } from "@effect/vitest"
import { ApiSettings } from "@uptime/api/ApiSettings"
import { FirstChecks } from "@uptime/api/monitors/FirstChecks"
import { MonitorService } from "@uptime/api/monitors/MonitorService"
import { MonitorCursor } from "@uptime/contract/Cursor"
import type { MonitorCreate } from "@uptime/contract/MonitorsApi"
import { mapSecrets } from "@uptime/domain/CheckSecrets"
import * as Errors from "@uptime/domain/Errors"
import { MonitorId, UserId } from "@uptime/domain/Ids"
import { checkSpec, type Monitor, type MonitorSettings } from "@uptime/domain/Monitor"
import { MonitorUrl } from "@uptime/domain/MonitorUrl"
import type { SealedSecret } from "@uptime/domain/Secret"
import { secretMask } from "@uptime/domain/SecretMask"
import { kindOfUrl, schemes } from "@uptime/domain/UrlScheme"
import type { ListedMonitor } from "@uptime/persistence/MonitorListing"
import { ParentCycle, ReferenceNotFound } from "@uptime/persistence/MonitorReferences"
import { ChangesRefused, type CreatedMonitor, Monitors, TooManyMonitors } from "@uptime/persistence/Monitors"
import { StoreError } from "@uptime/persistence/StoreError"
import { SecretBox } from "@uptime/runtime/SecretBox"
import * as MemoryEvents from "@uptime/stream/MemoryEvents"
import { Cause, type Context, DateTime, Effect, Either, Exit, Layer, Option, Schema } from "effect"
import { testSecrets, testSettings } from "./World.ts"

const userId = UserId.make("0190a5f4-0000-7000-8000-000000000009")
const id = MonitorId.make("0190a5f4-0000-7000-8000-000000000001")
const url = Schema.decodeSync(MonitorUrl)
const Page = Schema.Struct({ items: Schema.Array(Schema.Unknown), nextCursor: Schema.NullOr(MonitorCursor) })
const decodePage = (page: Uint8Array) => Schema.decodeSync(Schema.parseJson(Page))(new TextDecoder().decode(page))
const times = { createdAt: DateTime.unsafeMake(5), updatedAt: DateTime.unsafeMake(5) }

const service = (
  monitors: Partial<Context.Tag.Service<Monitors>>,
  start: Context.Tag.Service<FirstChecks>["start"] = () => Effect.void,
  secrets = testSecrets,
) =>
  MonitorService.layerNoDeps.pipe(
    Layer.provide([
      Layer.mock(Monitors, monitors),
      Layer.mock(FirstChecks, { start }),
      Layer.succeed(ApiSettings, testSettings),
      MemoryEvents.layer,
      secrets,
    ]),
  )

const shown = ({ check, ...settings }: MonitorSettings): Monitor => {
  const { conditions = [], ...options } = check
  return {
    ...settings,
    ...mapSecrets(options, () => secretMask),
    conditions,
    id,
    userId,
    kind: kindOfUrl(settings.url),
    ...times,
  }
}

const store = (settings: ReadonlyArray<MonitorSettings>): ReadonlyArray<CreatedMonitor> =>
  settings.map((given) => ({ monitor: shown(given), spec: checkSpec(given), configVersion: 1, firstSlot: 5 }))

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
      const expected: MonitorSettings = {
        url: plain.url,
        name: "example.com:8443",
        intervalSeconds: 180,
        timeoutMs: 10_000,
        enabled: true,
        tags: [],
        check: {},
        confirmation: { failures: 2, successes: 2, retrySeconds: 30, minRegions: 1 },
        alerts: { on: ["Down"], channels: null, escalationId: null, reminderMinutes: null, fold: true },
        group: null,
        parents: [],
      }
      assert.deepStrictEqual(plain, shown(expected))
      assert.deepStrictEqual(started, [store([expected])])
      const full = { name: "A", intervalSeconds: 10, timeoutMs: 100, enabled: false, tags: ["a"], group: "G" }
      const given = yield* create(userId, { url: plain.url, ...full })
      assert.deepInclude(given, full)
    }),
  )

  it.effect("refuses literal addresses that may not be dialled before anything is stored, of every kind", () =>
    Effect.gen(function* () {
      const { create, edit } = yield* Effect.provide(MonitorService, service({ assertOwned: () => Effect.void }))
      const refused = (input: MonitorCreate) =>
        Effect.gen(function* () {
          const what = JSON.stringify(input)
          assert.strictEqual((yield* Effect.flip(create(userId, input)))._tag, "TargetRefused", what)
          assert.strictEqual((yield* Effect.flip(edit(userId, id, input)))._tag, "TargetRefused", what)
        })
      for (const text of ["http://127.0.0.1/", "http://169.254.169.254/latest", "http://[::1]/", "http://0x7f.1/"]) {
        yield* refused({ url: url(text) })
      }
      for (const [scheme, { port }] of Object.entries(schemes)) {
        if (scheme === "heartbeat") continue
        for (const host of ["10.0.0.1", "[::ffff:10.0.0.1]", "2130706433", "localhost"]) {
          yield* refused({ url: url(`${scheme}://${host}${port === null ? "" : ":8080"}`) })
        }
      }
      const fine = url("https://example.com/")
      const auth = { type: "oauth2", clientId: "a", clientSecret: { plain: "s" } } as const
      yield* refused({ url: fine, http: { auth: { ...auth, tokenUrl: "http://169.254.169.254/token" } } })
      yield* refused({ url: fine, http: { auth: { ...auth, tokenUrl: "https://" } } })
      for (const resolver of ["10.0.0.53", "127.0.0.1:5353", "[fd00::53]:53", "999.1.1.1"]) {
        yield* refused({ url: url("dns://example.com"), dns: { resolver } })
      }
    }),
  )

  it.effect("seals secrets before they are stored, and refuses what no header can carry", () =>
    Effect.gen(function* () {
      const stored: Array<MonitorSettings> = []
      const create = (_: UserId, settings: ReadonlyArray<MonitorSettings>) =>
        Effect.sync(() => {
          stored.push(...settings)
          return store(settings)
        })
      const input: MonitorCreate = {
        url: url("https://example.com/"),
        http: {
          secretHeaders: [{ name: "X-Key", value: { plain: "hunter2" } }],
          auth: { type: "basic", username: "ann", password: { plain: "pässwörd\n" } },
        },
      }
      const { create: add } = yield* Effect.provide(MonitorService, service({ create }))
      const made = yield* add(userId, input)
      assert.notMatch(JSON.stringify([made, stored]), /hunter2|pässwörd/)
      const { unseal } = yield* Effect.provide(SecretBox, testSecrets)
      const opened: Array<string> = []
      mapSecrets(stored[0]?.check ?? {}, (secret: SealedSecret) => opened.push(Either.getOrThrow(unseal(secret))))
      assert.deepStrictEqual(opened, ["hunter2", "pässwörd\n"])
      for (const value of ["a\r\nHost: b", "é", " a"]) {
        const refused = yield* Effect.flip(
          add(userId, { ...input, http: { auth: { type: "bearer", token: { plain: value } } } }),
        )
        assert.deepInclude(refused, { _tag: "ValidationFailed" })
      }
      const keyless = yield* Effect.provide(
        MonitorService,
        service({ create }, undefined, SecretBox.layer(Option.none())),
      )
      assert.strictEqual((yield* Effect.flip(keyless.create(userId, input)))._tag, "SecretsUnavailable")
      yield* keyless.create(userId, { url: input.url })
    }),
  )

  it.effect("pages by the last item shown, and ends with none", () =>
    Effect.gen(function* () {
      const listed = (n: number): ListedMonitor => ({
        id: MonitorId.make(`0190a5f4-0000-7000-8000-0000000000${String(n).padStart(2, "0")}`),
        createdAt: 1000 - n,
        json: new TextEncoder().encode(`{"name":"monitor ${n}"}`),
      })
      const asked: Array<unknown> = []
      const { list } = yield* Effect.provide(
        MonitorService,
        service({
          list: (_, filter, limit, after) =>
            Effect.sync(() => {
              asked.push([filter, limit, after])
              return Array.from({ length: Math.min(limit, 3) }, (_, n) => listed(n))
            }),
        }),
      )
      const page = decodePage(yield* list(userId, { limit: 2, status: "Up", text: "a" }))
      assert.deepStrictEqual(page.items, [{ name: "monitor 0" }, { name: "monitor 1" }])
      assert.deepStrictEqual(page.nextCursor, { createdAt: 999, id: listed(1).id })
      const last = decodePage(yield* list(userId, { limit: 3, cursor: { createdAt: 999, id } }))
      assert.lengthOf(last.items, 3)
      assert.isNull(last.nextCursor)
      yield* list(userId, {})
      assert.deepStrictEqual(asked, [
        [{ status: "Up", text: "a" }, 3, null],
        [{}, 4, { createdAt: 999, id }],
        [{}, 21, null],
      ])
    }),
  )

  it.effect("writes a page once for what the store has not seen change", () =>
    Effect.gen(function* () {
      const listed = (name: string): ReadonlyArray<ListedMonitor> => [
        { id, createdAt: 1, json: new TextEncoder().encode(JSON.stringify({ name })) },
      ]
      let found = listed("one")
      const { list } = yield* Effect.provide(MonitorService, service({ list: () => Effect.sync(() => found) }))
      const first = yield* list(userId, {})
      assert.strictEqual(yield* list(userId, {}), first)
      found = listed("two")
      assert.deepStrictEqual(decodePage(yield* list(userId, {})).items, [{ name: "two" }])
    }),
  )

  it.effect("answers for what the store says in the contract's words", () =>
    Effect.gen(function* () {
      const notFound = Errors.MonitorNotFound.for(id)
      const foreign = yield* Effect.provide(
        MonitorService,
        service({ get: () => notFound, assertOwned: () => notFound, remove: () => notFound }),
      )
      const gone = yield* Effect.provide(
        MonitorService,
        service({ assertOwned: () => Effect.void, update: () => notFound }),
      )
      const edit = { url: url("http://127.0.0.1/"), http: { auth: { type: "bearer", token: { kept: true } } } } as const
      for (const call of [
        foreign.get(userId, id),
        foreign.edit(userId, id, edit),
        gone.edit(userId, id, {}),
        foreign.remove(userId, id),
      ]) {
        const error = yield* Effect.flip(call)
        assert.strictEqual(error._tag, "MonitorNotFound")
        assert.notInclude(JSON.stringify(error), id)
      }
      const full = yield* Effect.provide(MonitorService, service({ create: () => new TooManyMonitors({ limit: 7 }) }))
      const limit = yield* Effect.flip(full.create(userId, { url: url("https://example.com/") }))
      assert.deepInclude(limit, { _tag: "MonitorLimitReached", limit: 7 })
      const refusing = (error: ReferenceNotFound | ParentCycle | ChangesRefused) =>
        Effect.flatMap(
          Effect.provide(MonitorService, service({ assertOwned: () => Effect.void, update: () => error })),
          (service) => Effect.flip(service.edit(userId, id, {})),
        )
      assert.deepInclude(yield* refusing(new ReferenceNotFound({ index: 0, what: "channel", id })), {
        _tag: "ReferenceRefused",
        message: "alerts.channels: you have no channel with an id that is given here.",
      })
      const monitors = ["Router", "Shop", "Router"].map((name) => ({ id, name }))
      assert.deepInclude(yield* refusing(new ParentCycle({ index: 0, monitors })), {
        _tag: "ReferenceRefused",
        message: "parents: monitors would lie behind themselves: Router → Shop → Router.",
      })
      const issues = [{ path: ["tcp"], message: "is for another kind" }]
      const invalid = yield* refusing(new ChangesRefused({ refused: [{ index: 0, issues }] }))
      assert.deepInclude(invalid, { _tag: "ValidationFailed", message: "tcp: is for another kind." })
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
