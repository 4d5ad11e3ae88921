import { assert, describe } from "@effect/vitest"
import { CheckStream, maxDeliveries, maxEntryAgeMs } from "@uptime/stream/CheckStream"
import { Effect } from "effect"
import { type Backend, clustered, memory, redis, sharded, Time } from "./Backend.ts"
import { jobs, usa } from "./Jobs.ts"
import { ids, numbers, readAll, stateOf } from "./Steps.ts"

const suite = ({ name, test }: Backend) =>
  describe(`CheckStream ${name}`, () => {
    describe("keepFresh", () => {
      test("keeps entries from being reclaimed, and leaves their count of deliveries alone", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          const time = yield* Time
          yield* stream.publish(jobs(1, 2))
          const a = yield* stream.consumer(usa, "a")
          const b = yield* stream.consumer(usa, "b")
          const [first, second] = ids(yield* readAll(a, 2))
          for (let i = 0; i < 3; i++) {
            yield* time.idle(20_000)
            assert.deepStrictEqual(yield* a.keepFresh(first === undefined ? [] : [first]), [])
          }
          yield* time.idle(20_000)
          const reclaimed = yield* b.reclaim(10, 30_000)
          assert.deepStrictEqual(ids(reclaimed.deliveries), [second])
          yield* time.idle(20_000)
          const later = yield* b.reclaim(10, 30_000)
          assert.deepStrictEqual(ids(later.deliveries), [first])
          assert.strictEqual(later.deliveries[0]?.deliveries, 2)
        }))

      test("tells which entries another consumer took over, done or not", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          const time = yield* Time
          yield* stream.publish(jobs(1, 3))
          const a = yield* stream.consumer(usa, "a")
          const b = yield* stream.consumer(usa, "b")
          const held = ids(yield* readAll(a, 3))
          yield* time.idle(40_000)
          const taken = ids((yield* b.reclaim(2, 30_000)).deliveries)
          yield* b.acknowledge(taken.slice(0, 1))
          assert.deepStrictEqual(yield* a.keepFresh(held), held.slice(0, 2))
          yield* time.idle(40_000)
          assert.deepStrictEqual(ids((yield* a.reclaim(10, 30_000)).deliveries), held.slice(1, 2))
        }))

      test("calls no entry lost that was trimmed away: none can take it over", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          const time = yield* Time
          yield* time.publishAged(jobs(1, 2), maxEntryAgeMs + 60_000)
          const a = yield* stream.consumer(usa, "a")
          const held = ids(yield* readAll(a, 2))
          assert.deepStrictEqual(yield* stream.trim([usa]), { acknowledged: 0, expired: 2 })
          assert.deepStrictEqual(yield* a.keepFresh(held), [])
          assert.deepStrictEqual(yield* a.keepFresh(held), [])
        }))
    })

    describe("reclaim", () => {
      test("takes over what was idle for long enough, as another delivery, up to the count", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          const time = yield* Time
          yield* stream.publish(jobs(1, 5))
          const a = yield* stream.consumer(usa, "a")
          const b = yield* stream.consumer(usa, "b")
          yield* readAll(a, 5)
          assert.deepStrictEqual(yield* b.reclaim(10, 30_000), { deliveries: [], dead: [], trimmed: 0 })
          yield* time.idle(31_000)
          const first = yield* b.reclaim(3, 30_000)
          assert.deepStrictEqual(numbers(first.deliveries), [1, 2, 3])
          assert.deepStrictEqual(new Set(first.deliveries.map(({ deliveries }) => deliveries)), new Set([2]))
          assert.deepStrictEqual(numbers((yield* b.reclaim(10, 30_000)).deliveries), [4, 5])
          assert.deepStrictEqual(yield* b.reclaim(10, 30_000), { deliveries: [], dead: [], trimmed: 0 })
        }))

      test(
        "scans past thousands that are fresh to the few at the end that are not",
        () =>
          Effect.gen(function* () {
            const stream = yield* CheckStream
            const time = yield* Time
            yield* stream.publish(jobs(1, 3_000))
            const living = yield* stream.consumer(usa, "living")
            const dead = yield* stream.consumer(usa, "dead")
            const other = yield* stream.consumer(usa, "other")
            const held = yield* readAll(living, 2_990)
            yield* readAll(dead, 10)
            yield* time.idle(40_000)
            yield* living.keepFresh(ids(held))
            assert.deepStrictEqual(
              numbers((yield* other.reclaim(20, 30_000)).deliveries),
              Array.from({ length: 10 }, (_, i) => 2_991 + i),
            )
          }),
        30_000,
      )

      test("never takes what the consumer itself has in flight", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          const time = yield* Time
          yield* stream.publish(jobs(1, 2))
          const a = yield* stream.consumer(usa, "a")
          yield* readAll(a, 2)
          yield* time.idle(60_000)
          assert.deepStrictEqual(yield* a.reclaim(10, 30_000), { deliveries: [], dead: [], trimmed: 0 })
        }))

      test("sets aside what was handed out too often", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          const time = yield* Time
          yield* stream.publish(jobs(1, 1))
          const consumers = [yield* stream.consumer(usa, "a"), yield* stream.consumer(usa, "b")] as const
          yield* consumers[0].read(1)
          for (let delivery = 2; delivery <= maxDeliveries; delivery++) {
            yield* time.idle(31_000)
            const { deliveries } = yield* consumers[(delivery - 1) % 2 === 0 ? 0 : 1].reclaim(10, 30_000)
            assert.deepStrictEqual(
              deliveries.map((one) => one.deliveries),
              [delivery],
            )
          }
          yield* time.idle(31_000)
          const last = yield* consumers[maxDeliveries % 2 === 0 ? 0 : 1].reclaim(10, 30_000)
          assert.deepStrictEqual([numbers(last.deliveries), numbers(last.dead), last.trimmed], [[], [1], 0])
          const state = yield* stateOf(usa)
          assert.deepStrictEqual([state.dead, state.pending], [1, 0])
        }))

      test("acknowledges and counts what was trimmed away", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          const time = yield* Time
          yield* time.publishAged(jobs(1, 3), maxEntryAgeMs + 60_000)
          yield* stream.publish(jobs(4, 4))
          const a = yield* stream.consumer(usa, "a")
          const b = yield* stream.consumer(usa, "b")
          yield* readAll(a, 4)
          yield* time.idle(40_000)
          yield* stream.trim([usa])
          const reclaimed = yield* b.reclaim(10, 30_000)
          assert.deepStrictEqual([numbers(reclaimed.deliveries), reclaimed.trimmed], [[4], 3])
          assert.strictEqual((yield* stateOf(usa)).pending, 1)
          assert.strictEqual((yield* b.reclaim(10, 30_000)).trimmed, 0)
        }))
    })

    describe("setAside", () => {
      test("puts entries on the dead ones once, and ends them", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          const time = yield* Time
          yield* stream.publish(jobs(1, 3))
          const a = yield* stream.consumer(usa, "a")
          const b = yield* stream.consumer(usa, "b")
          const read = yield* readAll(a, 3)
          yield* a.setAside(read.slice(0, 2), "rejected", "the store refuses the row")
          yield* a.setAside(read.slice(0, 2), "rejected", "the store refuses the row")
          const state = yield* stateOf(usa)
          assert.deepStrictEqual([state.dead, state.pending], [2, 1])
          yield* time.idle(40_000)
          assert.deepStrictEqual(numbers((yield* b.reclaim(10, 30_000)).deliveries), [3])
        }))
    })
  })

suite(memory)
suite(redis)
suite(sharded)
suite(clustered)
