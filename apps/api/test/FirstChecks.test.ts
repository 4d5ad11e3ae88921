import { assert, describe, it } from "@effect/vitest"
import { FirstChecks } from "@uptime/api/monitors/FirstChecks"
import { MonitorId, UserId } from "@uptime/domain/Ids"
import type { Job } from "@uptime/domain/Job"
import { checkSpec, type MonitorSettings } from "@uptime/domain/Monitor"
import { defaultSettings } from "@uptime/domain/MonitorChanges"
import { MonitorUrl } from "@uptime/domain/MonitorUrl"
import { kindOfUrl } from "@uptime/domain/UrlScheme"
import { Email } from "@uptime/domain/User"
import { DueMonitors } from "@uptime/persistence/DueMonitors"
import { type CreatedMonitor, Monitors } from "@uptime/persistence/Monitors"
import { StoreError } from "@uptime/persistence/StoreError"
import { Users } from "@uptime/persistence/Users"
import { CheckStream, StreamError } from "@uptime/stream/CheckStream"
import { eventually } from "@uptime/testing/Eventually"
import { type Context, DateTime, Deferred, Effect, Fiber, Layer, Ref, Schema, TestClock } from "effect"
import { freshStores } from "./Stores.ts"

const settings = (text = "https://example.com/"): MonitorSettings => ({
  ...defaultSettings(Schema.decodeSync(MonitorUrl)(text), 60),
  timeoutMs: 5000,
})

const created = (n: number, enabled = true, text?: string): CreatedMonitor => {
  const { check, ...given } = settings(text)
  return {
    monitor: {
      id: MonitorId.make(`0190a5f4-0000-7000-8000-00000000000${n}`),
      userId: UserId.make("0190a5f4-0000-7000-8000-000000000009"),
      kind: kindOfUrl(given.url),
      ...given,
      enabled,
      conditions: [],
      createdAt: DateTime.unsafeMake(0),
      updatedAt: DateTime.unsafeMake(0),
    },
    spec: { ...checkSpec({ ...given, check }), conditions: [{ condition: "[STATUS] == 200", severity: "Down" }] },
    configVersion: 1,
    firstSlot: 1_800_000_000_123,
  }
}

const streamAway = new StreamError({ reason: "unavailable", operation: "publish", cause: "away" })

const firstChecks = (
  publish: Context.Tag.Service<CheckStream>["publish"],
  monitors: Partial<Pick<Context.Tag.Service<Monitors>, "markPublished" | "leaveToProducer">>,
) => FirstChecks.layerNoDeps.pipe(Layer.provide([Layer.mock(CheckStream, { publish }), Layer.mock(Monitors, monitors)]))

describe("FirstChecks", () => {
  it.effect("are on the stream before they are noted, and only those of monitors that are on and checked", () =>
    Effect.gen(function* () {
      const log: Array<ReadonlyArray<Job> | ReadonlyArray<CreatedMonitor>> = []
      const note = (entries: ReadonlyArray<Job> | ReadonlyArray<CreatedMonitor>) =>
        Effect.sync(() => void log.push(entries))
      yield* Effect.flatMap(FirstChecks, ({ start }) =>
        start([created(1), created(2, false), created(3, true, "heartbeat://")]),
      ).pipe(Effect.provide(firstChecks(note, { markPublished: note })))
      assert.deepStrictEqual(log, [
        [
          {
            v: 2,
            monitorId: created(1).monitor.id,
            slot: 1_800_000_000_123,
            deadline: 1_800_000_120_123,
            configVersion: 1,
            spec: created(1).spec,
          },
        ],
        [created(1)],
      ])
    }),
  )

  it.effect("are handed over to the producers, and not noted, when the stream does not take them", () =>
    Effect.gen(function* () {
      const left: Array<ReadonlyArray<CreatedMonitor>> = []
      const start = Effect.flatMap(FirstChecks, (service) => service.start([created(1), created(2, false)]))
      const leaveToProducer = (monitors: ReadonlyArray<CreatedMonitor>) => Effect.sync(() => void left.push(monitors))
      yield* Effect.provide(
        start,
        firstChecks(() => streamAway, { leaveToProducer }),
      )
      assert.deepStrictEqual(left, [[created(1)]])
      yield* Effect.provide(
        start,
        firstChecks(() => Effect.die("a bug"), { leaveToProducer }),
      )
      assert.deepStrictEqual(left, [[created(1)], [created(1)]])
    }),
  )

  it.effect("fail nobody when the database is away afterwards", () =>
    Effect.gen(function* () {
      const start = Effect.flatMap(FirstChecks, (service) => service.start([created(1)]))
      const away = new StoreError({ reason: "unavailable", operation: "Monitors", cause: "away" })
      yield* Effect.provide(
        start,
        firstChecks(() => Effect.void, { markPublished: () => away }),
      )
      yield* Effect.provide(
        start,
        firstChecks(() => Effect.die("a bug"), { leaveToProducer: () => away }),
      )
    }),
  )

  it.effect("hold the answer no longer than 300 ms, and are noted when they get there late", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const noted = yield* Deferred.make<ReadonlyArray<CreatedMonitor>>()
      yield* Effect.gen(function* () {
        const { start } = yield* FirstChecks
        const fiber = yield* Effect.fork(start([created(1)]))
        yield* TestClock.adjust("299 millis")
        assert.isNull(fiber.unsafePoll())
        yield* TestClock.adjust("1 millis")
        yield* Fiber.join(fiber)
        yield* Deferred.succeed(gate, undefined)
        assert.deepStrictEqual(yield* Deferred.await(noted), [created(1)])
      }).pipe(
        Effect.provide(
          firstChecks(() => Deferred.await(gate), { markPublished: (monitors) => Deferred.succeed(noted, monitors) }),
        ),
      )
    }),
  )

  it.scopedLive(
    "are published once beside producers that claim all the time, and by them when the stream did not take them",
    () =>
      Effect.gen(function* () {
        const stores = Layer.provideMerge(DueMonitors.layer, yield* freshStores)
        const isStreamUp = yield* Ref.make(true)
        const jobs = new Map<string, Array<"api" | "producer">>()
        const publishedBy = (who: "api" | "producer") => (published: ReadonlyArray<Job>) =>
          Effect.sync(() => {
            for (const { monitorId, slot } of published) {
              const key = `${monitorId} ${slot}`
              jobs.set(key, [...(jobs.get(key) ?? []), who])
            }
          })
        const stream = Layer.mock(CheckStream, {
          // A while on the way, so that a producer has the time to come in between.
          publish: (published) =>
            Effect.sleep("5 millis").pipe(
              Effect.zipRight(Ref.get(isStreamUp)),
              Effect.flatMap((isUp) => (isUp ? publishedBy("api")(published) : streamAway)),
            ),
        })
        yield* Effect.gen(function* () {
          const users = yield* Users
          const monitors = yield* Monitors
          const due = yield* DueMonitors
          const { start } = yield* FirstChecks
          const { user } = yield* users.create({
            email: Email.make("ann@example.com"),
            name: "Ann",
            passwordHash: "hash",
          })
          // A day apart: with a short interval their second slots come up while this runs.
          const daily = { ...settings(), intervalSeconds: 86_400 }
          const create = (count: number) =>
            Effect.gen(function* () {
              const made = yield* monitors.create(
                user.id,
                Array.from({ length: count }, () => daily),
              )
              yield* start(made)
              return made.map(({ firstSlot, monitor }) => `${monitor.id} ${firstSlot}`)
            })
          const createAll = Effect.map(
            Effect.forEach([...Array<number>(20).fill(1), 200], create, { concurrency: 4 }),
            (keys) => keys.flat(),
          )
          const producer = Effect.forever(due.claim(1000, publishedBy("producer")))
          const producing = yield* Effect.fork(Effect.all([producer, producer], { concurrency: "unbounded" }))
          const taken = yield* createAll
          yield* Ref.set(isStreamUp, false)
          const left = yield* createAll
          yield* eventually(
            Effect.sync(() => left.filter((key) => !jobs.has(key))),
            (missing) => missing.length === 0,
            "1 second",
          )
          yield* Fiber.interrupt(producing)
          for (const key of taken) assert.deepStrictEqual(jobs.get(key), ["api"])
          for (const key of left) assert.deepStrictEqual(jobs.get(key), ["producer"])
        }).pipe(Effect.provide(FirstChecks.layerNoDeps.pipe(Layer.provide(stream), Layer.provideMerge(stores))))
      }),
    30_000,
  )
})
