import { assert, describe, it } from "@effect/vitest"
import { StoreError } from "@uptime/persistence/StoreError"
import { Deferred, Effect, Exit, Fiber, Layer, Ref, Scope, TestClock } from "effect"
import { chores } from "../src/Chores.ts"
import { partitionChore } from "../src/PartitionChore.ts"
import { streamChores } from "../src/StreamChores.ts"
import { captureLogs, makeWorld, metricValue, producer, regions, servicesOf } from "./Fakes.ts"

const storeError = (reason: StoreError["reason"]) => new StoreError({ reason, operation: "test", cause: "because" })

describe("claiming", () => {
  it.scoped("looks every second, and takes all that is due in batches of a thousand", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      yield* Ref.set(world.due, 2500)
      yield* Layer.build(producer(world))
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual(yield* Ref.get(world.published), [
        [0, 1000],
        [0, 1000],
        [0, 500],
      ])
      yield* Ref.set(world.due, 1)
      yield* TestClock.adjust("998 millis")
      assert.strictEqual((yield* Ref.get(world.published)).length, 3)
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual((yield* Ref.get(world.published)).slice(3), [[1000, 1]])
    }),
  )

  it.scoped("has a bound on one tick and goes on in the next", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      yield* Ref.set(world.due, 60_000)
      yield* Layer.build(producer(world))
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(yield* Ref.get(world.due), 10_000)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Ref.get(world.due), 0)
    }),
  )

  it.scoped("spreads what an outage left over ten seconds, and what falls due meanwhile is claimed beside it", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      yield* Ref.set(world.due, 5_000)
      const fallDue = Ref.update(world.due, (due) => due + 100)
      const late = Effect.map(Ref.get(world.due), (due) => ({ due, oldestMs: 60_000, perSecond: 100 }))
      yield* Layer.build(producer(world, { dueMonitors: { ...world.services.dueMonitors, backlog: late } }))
      yield* TestClock.adjust("1 millis")
      for (let second = 1; second < 10; second++) {
        yield* fallDue
        yield* TestClock.adjust("1 second")
      }
      assert.deepStrictEqual(
        yield* Ref.get(world.published),
        Array.from({ length: 10 }, (_, second) => [1_000 * second, second < 9 ? 600 : 500] as const),
      )
      assert.strictEqual(yield* Ref.get(world.due), 0)
      yield* Ref.set(world.due, 2_500)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Ref.get(world.due), 0)

      yield* Ref.set(world.streamUp, false)
      yield* Ref.set(world.due, 2_000)
      yield* TestClock.adjust("1 minute")
      yield* Ref.set(world.streamUp, true)
      yield* TestClock.adjust("4 seconds")
      assert.isAtLeast(yield* Ref.get(world.due), 500)
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual(yield* Ref.get(world.due), 0)
    }),
  )

  it.scoped("counts what it claims", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      const before = yield* metricValue("uptime_claimed_total")
      yield* Ref.set(world.due, 1234)
      yield* Layer.build(
        producer(world, {
          dueMonitors: {
            ...world.services.dueMonitors,
            claim: (limit, publish) =>
              Effect.map(world.services.dueMonitors.claim(limit, publish), (report) => ({ ...report, coalesced: 7 })),
          },
        }),
      )
      const coalescedBefore = yield* metricValue("uptime_coalesced_slots_total")
      yield* TestClock.adjust("1 millis")
      assert.isAtLeast((yield* metricValue("uptime_claimed_total")) - before, 1234)
      assert.isAtLeast((yield* metricValue("uptime_coalesced_slots_total")) - coalescedBefore, 14)
      assert.isAtLeast(yield* metricValue("uptime_claim_lateness_seconds"), 2)
    }),
  )

  it.effect(
    "moves nothing on while the stream is away, locks nothing meanwhile, says so once, and is back within 3 s",
    () =>
      Effect.gen(function* () {
        const { layer, lines } = yield* captureLogs
        const world = yield* makeWorld
        yield* Ref.set(world.streamUp, false)
        yield* Ref.set(world.due, 5)
        yield* Effect.scoped(
          Effect.gen(function* () {
            yield* Layer.build(producer(world))
            yield* TestClock.adjust("2 minutes")
            assert.strictEqual(yield* Ref.get(world.due), 5)
            assert.strictEqual(yield* Ref.get(world.claims), 1)
            assert.isAbove(yield* Ref.get(world.pings), 40)
            yield* Ref.set(world.streamUp, true)
            yield* TestClock.adjust("3 seconds")
            assert.strictEqual(yield* Ref.get(world.due), 0)
          }),
        ).pipe(Effect.provide(layer))
        assert.deepStrictEqual(
          lines.filter((line) => line.includes("loop claim")),
          [
            'WARN loop claim failed and tries again: publish: the stream answered "unavailable": ECONNREFUSED',
            "INFO loop claim works again",
          ],
        )
      }),
  )

  it.scoped("tries a deadlock again at once, and no other fault", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      const failures = yield* Ref.make<ReadonlyArray<StoreError["reason"]>>(["conflict", "conflict"])
      yield* Ref.set(world.due, 3)
      yield* Layer.build(
        producer(world, {
          dueMonitors: {
            ...world.services.dueMonitors,
            claim: (limit, publish) =>
              Effect.flatMap(
                Ref.modify(failures, ([first, ...rest]) => [first, rest] as const),
                (reason) =>
                  reason === undefined
                    ? world.services.dueMonitors.claim(limit, publish)
                    : Effect.fail(storeError(reason)),
              ),
          },
        }),
      )
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(yield* Ref.get(world.due), 0)
      yield* Ref.set(failures, ["unavailable"])
      yield* Ref.set(world.due, 3)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Ref.get(world.due), 3)
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual(yield* Ref.get(world.due), 0)
    }),
  )

  it.effect("finishes the batch in hand when the process stops, and takes no other", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      const publishing = yield* Deferred.make<void>()
      yield* Ref.set(world.due, 5000)
      const scope = yield* Scope.make()
      yield* Layer.buildWithScope(
        producer(world, {
          stream: {
            ...world.services.stream,
            publish: (jobs) =>
              Deferred.succeed(publishing, undefined).pipe(
                Effect.zipRight(Effect.sleep("1 second")),
                Effect.zipRight(world.services.stream.publish(jobs)),
              ),
          },
        }),
        scope,
      )
      yield* Deferred.await(publishing)
      const closing = yield* Effect.fork(Scope.close(scope, Exit.void))
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(closing)
      assert.strictEqual(yield* Ref.get(world.due), 4000)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* Ref.get(world.due), 4000)
    }),
  )
})

/** The chores alone: the claim loop's ticks would make hours of the test's clock long. */
const choresOnly = (...world: Parameters<typeof servicesOf>) =>
  Layer.scopedDiscard(chores({ retentionDays: 90, incidentRetentionDays: 730 })).pipe(
    Layer.provide(servicesOf(...world)),
  )

describe("chores", () => {
  it.scoped("are each done at the start and then on their beat", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      yield* Layer.build(choresOnly(world))
      yield* TestClock.adjust("1 millis")
      const all = [
        "ensurePartitions",
        "defaultPartitionRows",
        "rollUp",
        "dropExpired 90",
        "forgetHistory 90 730",
        "sweepNoData",
        "purgeDeleted",
        "forgetExpiredRevocations",
      ]
      const once = yield* Ref.get(world.done)
      assert.deepStrictEqual(once, Object.fromEntries(all.map((name) => [name, 1])))
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(yield* Ref.get(world.done), {
        ensurePartitions: 2,
        defaultPartitionRows: 2,
        rollUp: 61,
        "dropExpired 90": 2,
        "forgetHistory 90 730": 2,
        sweepNoData: 361,
        purgeDeleted: 61,
        forgetExpiredRevocations: 2,
      })
    }),
  )

  it.scoped("go on, as the claims do, when one of them fails", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      yield* Layer.build(
        producer(world, {
          housekeeping: {
            ...world.services.housekeeping,
            rollUp: Effect.dieMessage("a bug in the rollup"),
            ensurePartitions: Effect.fail(storeError("bug")),
          },
        }),
      )
      yield* TestClock.adjust("1 minute")
      yield* Ref.set(world.due, 10)
      yield* TestClock.adjust("1 minute")
      const done = yield* Ref.get(world.done)
      assert.strictEqual(yield* Ref.get(world.due), 0)
      assert.strictEqual(done["sweepNoData"], 13)
      assert.strictEqual(done["purgeDeleted"], 3)
    }),
  )

  it.scoped("purge until nothing is left, within a bound", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      const rows = yield* Ref.make(250)
      yield* Layer.build(
        choresOnly(world, {
          housekeeping: {
            ...world.services.housekeeping,
            purgeDeleted: Ref.modify(rows, (left) => [Math.min(1, left), left - Math.min(1, left)] as const),
          },
        }),
      )
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(yield* Ref.get(rows), 150)
      yield* TestClock.adjust("2 minutes")
      assert.strictEqual(yield* Ref.get(rows), 0)
    }),
  )
})

describe("the partition alarm", () => {
  it.effect("is raised by rows in the DEFAULT partition, and lowered when they are gone", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      const rows = yield* Ref.make(3)
      const round = yield* partitionChore({ ...world.services.housekeeping, defaultPartitionRows: Ref.get(rows) })
      assert.strictEqual(yield* round, 9)
      assert.strictEqual(yield* metricValue("uptime_partition_alarm"), 1)
      assert.strictEqual(yield* metricValue("uptime_default_partition_rows"), 3)
      yield* Ref.set(rows, 0)
      yield* round
      assert.strictEqual(yield* metricValue("uptime_partition_alarm"), 0)
    }),
  )

  it.effect("is raised when partitions could not be made until less than three days are left", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      const broken = yield* Ref.make(false)
      const round = yield* partitionChore({
        ...world.services.housekeeping,
        ensurePartitions: Effect.flatMap(Ref.get(broken), (is) =>
          is ? Effect.fail(storeError("bug")) : Effect.succeed(0),
        ),
      })
      yield* round
      yield* Ref.set(broken, true)
      yield* TestClock.adjust("5 days")
      yield* Effect.flip(round)
      assert.strictEqual(yield* metricValue("uptime_partition_alarm"), 0)
      yield* TestClock.adjust("1 hour")
      yield* Effect.flip(round)
      assert.strictEqual(yield* metricValue("uptime_partition_alarm"), 1)
      yield* Ref.set(broken, false)
      yield* round
      assert.strictEqual(yield* metricValue("uptime_partition_alarm"), 0)
    }),
  )
})

describe("the stream's chores", () => {
  it.scoped("are done at the start and every few seconds", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      yield* Layer.build(Layer.provide(Layer.scopedDiscard(streamChores(regions)), servicesOf(world)))
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* Ref.get(world.done), { trim: 7, groups: 13 })
    }),
  )

  it.scoped("show each region's group, and count what was cut off by age, with a line", () =>
    Effect.gen(function* () {
      const { layer, lines } = yield* captureLogs
      const world = yield* makeWorld
      const before = yield* metricValue("uptime_stream_trimmed_total", { reason: "expired" })
      yield* Layer.build(
        producer(world, {
          stream: { ...world.services.stream, trim: () => Effect.succeed({ acknowledged: 2, expired: 3 }) },
        }),
      ).pipe(Effect.zipRight(TestClock.adjust("1 millis")), Effect.provide(layer))
      for (const region of ["USA", "India"]) {
        assert.strictEqual(yield* metricValue("uptime_stream_group_lag", { region }), 1)
        assert.strictEqual(yield* metricValue("uptime_stream_group_pending", { region }), 2)
        assert.strictEqual(yield* metricValue("uptime_stream_group_oldest_age_seconds", { region }), 3)
        assert.strictEqual(yield* metricValue("uptime_stream_group_consumers", { region }), 4)
        assert.strictEqual(yield* metricValue("uptime_stream_group_dead", { region }), 5)
      }
      assert.isAtLeast((yield* metricValue("uptime_stream_trimmed_total", { reason: "expired" })) - before, 3)
      assert.include(lines, "WARN jobs were too old for the stream before every region had done them")
    }),
  )
})
