import { assert, describe, it } from "@effect/vitest"
import { encodeJob } from "@uptime/domain/Job"
import { CheckStream, maxEntryAgeMs } from "@uptime/stream/CheckStream"
import * as RedisStream from "@uptime/stream/RedisStream"
import { shardsOf } from "@uptime/stream/StreamShards"
import { eventually } from "@uptime/testing/Eventually"
import { startRedisCluster } from "@uptime/testing/RedisCluster"
import { redisUrl } from "@uptime/testing/TestRedis"
import { Context, Duration, Effect, Fiber, Layer, Redacted, type Scope } from "effect"
import { india, job, numberOf, spreadJobs, usa } from "./Jobs.ts"
import { RawRedis, randomStreamKey } from "./RawRedis.ts"
import { startReading } from "./Reading.ts"
import { ids, numbers, readAll } from "./Steps.ts"

const timeout = 60_000

/** The stream as a process has it that was told so many shards, for the rest of the test. */
const withShards = (url: string, key: string, shards: number) =>
  Effect.map(Layer.build(RedisStream.layer({ url: Redacted.make(url), key, shards })), Context.get(CheckStream))

const sorted = (list: ReadonlyArray<number>) => [...list].sort((a, b) => a - b)
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

const suite = (name: string, start: Effect.Effect<string, never, Scope.Scope>) =>
  describe.concurrent(`a stream in shards, ${name},`, () => {
    it.scopedLive(
      "hands every job to each region once, never more than the count, and tells all as one group",
      () =>
        Effect.gen(function* () {
          const stream = yield* withShards(yield* start, yield* randomStreamKey, 4)
          yield* stream.publish(spreadJobs(1, 1_000))
          for (const region of [usa, india]) {
            const consumer = yield* stream.consumer(region, "a")
            const other = yield* stream.consumer(region, "b")
            const read: Array<number> = []
            const held: Array<string> = []
            for (let count = 1; read.length < 1_000; count = (count * 7) % 97) {
              const deliveries = yield* (count % 2 === 0 ? consumer : other).read(count)
              assert.isAtMost(deliveries.length, count)
              read.push(...numbers(deliveries))
              held.push(...ids(deliveries))
            }
            assert.deepStrictEqual(sorted(read), range(1, 1_000))
            assert.lengthOf(new Set(held), 1_000)
            const [state] = yield* stream.groups([region])
            assert.deepInclude(state, { lag: 0, pending: 1_000, consumers: 2 })
            yield* consumer.acknowledge(held)
            assert.deepInclude((yield* stream.groups([region]))[0], { lag: 0, pending: 0, oldestAgeMs: 0 })
          }
          assert.deepStrictEqual(yield* stream.trim([usa, india]), { acknowledged: 1_000, expired: 0 })
        }),
      timeout,
    )

    it.scopedLive(
      "fills all places that are asked for, also where one shard has everything, in one read",
      () =>
        Effect.gen(function* () {
          const stream = yield* withShards(yield* start, yield* randomStreamKey, 4)
          yield* stream.publish(range(1, 100).map((n) => job(n)))
          const consumer = yield* stream.consumer(usa, "a")
          assert.deepStrictEqual(numbers(yield* consumer.read(50)), range(1, 50))
          assert.deepStrictEqual(numbers(yield* consumer.read(100)), range(51, 100))
        }),
      timeout,
    )

    it.scopedLive(
      "gives a job soon to a read that has fewer places than there are shards",
      () =>
        Effect.gen(function* () {
          const stream = yield* withShards(yield* start, yield* randomStreamKey, 4)
          const consumer = yield* stream.consumer(usa, "a")
          for (const n of range(1, 8)) {
            const read = yield* Effect.fork(consumer.read(1))
            yield* stream.publish(spreadJobs(n, n))
            const [took, deliveries] = yield* Effect.timed(Fiber.join(read))
            assert.deepStrictEqual(numbers(deliveries), [n])
            assert.isBelow(Duration.toMillis(took), 1_000)
          }
        }),
      timeout,
    )

    for (const [before, after] of [
      [1, 4],
      [4, 1],
      [8, 2],
      [2, 8],
    ] as const) {
      it.scopedLive(
        `loses nothing when ${before} become ${after} while jobs wait and the old ones are still published on`,
        () =>
          Effect.gen(function* () {
            const url = yield* start
            const key = yield* randomStreamKey
            const old = yield* withShards(url, key, before)
            yield* old.publish(spreadJobs(1, 40))
            const slow = yield* old.consumer(india, "slow")
            const held = yield* readAll(slow, 10)
            // A process of the old number that goes on for a while, as in a roll-out.
            const early = yield* Effect.provideService(startReading(usa, "early"), CheckStream, old)
            yield* eventually(
              Effect.sync(() => early.length),
              (length) => length === 40,
              "10 seconds",
            )

            const stream = yield* withShards(url, key, after)
            const late = yield* Effect.provideService(startReading(usa, "late"), CheckStream, stream)
            const far = yield* Effect.provideService(startReading(india, "far"), CheckStream, stream)
            yield* old.publish(spreadJobs(41, 60))
            yield* stream.publish(spreadJobs(61, 100))
            yield* slow.acknowledge(ids(held))
            yield* eventually(
              Effect.sync(() => [early.length + late.length, far.length + held.length]),
              ([inUsa, inIndia]) => inUsa === 100 && inIndia === 100,
              "25 seconds",
            )
            assert.deepStrictEqual(sorted([...early, ...late].map(({ n }) => n)), range(1, 100))
            assert.deepStrictEqual(sorted([...far.map(({ n }) => n), ...held.map(numberOf)]), range(1, 100))
            yield* eventually(
              stream.groups([usa, india]),
              (states) => states.every(({ pending }) => pending === 0),
              "5 seconds",
            )
            assert.deepStrictEqual(yield* stream.trim([usa, india]), { acknowledged: 100, expired: 0 })
          }),
        timeout,
      )
    }
  })

suite("of one Redis", redisUrl)
suite("of a cluster", Effect.map(startRedisCluster(), ({ url }) => url).pipe(Effect.orDie))

describe.concurrent("a stream that was split otherwise before", () => {
  it.scopedLive(
    "is counted where its jobs are too old, and goes when it is empty and silent",
    () =>
      Effect.gen(function* () {
        const url = yield* redisUrl
        const key = yield* randomStreamKey
        const raw = Context.get(yield* Layer.build(RawRedis.layer(url)), RawRedis)
        const now = yield* raw.now
        const [first] = shardsOf(key, 2)
        yield* raw.call("xadd", key, `${now - maxEntryAgeMs - 60_000}-1`, "job", encodeJob(job(1)))
        yield* raw.call("xadd", first?.key ?? "", `${now - 1_000}-1`, "job", encodeJob(job(2)))
        yield* withShards(url, key, 2)
        const stream = yield* withShards(url, key, 4)
        const reports: Array<number> = []
        yield* eventually(
          Effect.tap(stream.trim([usa]), ({ expired }) => Effect.sync(() => reports.push(expired))),
          () => reports.some((expired) => expired > 0),
          "15 seconds",
        )
        assert.strictEqual(
          reports.reduce((sum, expired) => sum + expired, 0),
          1,
        )
        yield* stream.trim([usa])
        assert.strictEqual(yield* raw.call("exists", key), 0)
        assert.deepStrictEqual(numbers(yield* (yield* stream.consumer(usa, "a")).read(10)), [2])
      }),
    timeout,
  )
})
