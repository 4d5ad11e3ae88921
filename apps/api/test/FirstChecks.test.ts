import { assert, describe, it } from "@effect/vitest"
import { FirstChecks } from "@uptime/api/monitors/FirstChecks"
import { MonitorId, UserId } from "@uptime/domain/Ids"
import type { Job } from "@uptime/domain/Job"
import { MonitorUrl } from "@uptime/domain/MonitorUrl"
import { type CreatedMonitor, Monitors } from "@uptime/persistence/Monitors"
import { StoreError } from "@uptime/persistence/StoreError"
import { CheckStream, StreamError } from "@uptime/stream/CheckStream"
import { type Context, DateTime, Deferred, Effect, Fiber, Layer, Schema, TestClock } from "effect"

const created = (n: number, enabled = true): CreatedMonitor => ({
  monitor: {
    id: MonitorId.make(`0190a5f4-0000-7000-8000-00000000000${n}`),
    userId: UserId.make("0190a5f4-0000-7000-8000-000000000009"),
    name: "example.com",
    kind: "http",
    url: Schema.decodeSync(MonitorUrl)("https://example.com/"),
    intervalSeconds: 60,
    timeoutMs: 5000,
    enabled,
    tags: [],
    createdAt: DateTime.unsafeMake(0),
    updatedAt: DateTime.unsafeMake(0),
  },
  configVersion: 1,
  firstSlot: 1_800_000_000_123,
})

const firstChecks = (
  publish: Context.Tag.Service<CheckStream>["publish"],
  markPublished: Context.Tag.Service<Monitors>["markPublished"],
) =>
  FirstChecks.layerNoDeps.pipe(
    Layer.provide([Layer.mock(CheckStream, { publish }), Layer.mock(Monitors, { markPublished })]),
  )

describe("FirstChecks", () => {
  it.effect("are on the stream before they are noted, and only those of monitors that are on", () =>
    Effect.gen(function* () {
      const log: Array<ReadonlyArray<Job> | ReadonlyArray<CreatedMonitor>> = []
      const note = (entries: ReadonlyArray<Job> | ReadonlyArray<CreatedMonitor>) =>
        Effect.sync(() => void log.push(entries))
      yield* Effect.flatMap(FirstChecks, ({ start }) => start([created(1), created(2, false)])).pipe(
        Effect.provide(firstChecks(note, note)),
      )
      assert.deepStrictEqual(log, [
        [
          {
            v: 1,
            monitorId: created(1).monitor.id,
            slot: 1_800_000_000_123,
            deadline: 1_800_000_120_123,
            configVersion: 1,
            spec: { kind: "http", url: "https://example.com/", timeoutMs: 5000 },
          },
        ],
        [created(1)],
      ])
    }),
  )

  it.effect("are left to a producer when the stream or the database is away", () =>
    Effect.gen(function* () {
      const marked: Array<ReadonlyArray<CreatedMonitor>> = []
      const start = Effect.flatMap(FirstChecks, (service) => service.start([created(1)]))
      yield* Effect.provide(
        start,
        firstChecks(
          () => new StreamError({ reason: "unavailable", operation: "publish", cause: "away" }),
          (monitors) => Effect.sync(() => void marked.push(monitors)),
        ),
      )
      assert.lengthOf(marked, 0)
      yield* Effect.provide(
        start,
        firstChecks(
          () => Effect.void,
          () => new StoreError({ reason: "unavailable", operation: "markPublished", cause: "away" }),
        ),
      )
      yield* Effect.provide(
        start,
        firstChecks(
          () => Effect.die("a bug"),
          () => Effect.void,
        ),
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
          firstChecks(
            () => Deferred.await(gate),
            (monitors) => Deferred.succeed(noted, monitors),
          ),
        ),
      )
    }),
  )
})
