import { assert, describe } from "@effect/vitest"
import { CheckStream, maxEntryAgeMs } from "@uptime/stream/CheckStream"
import { Effect } from "effect"
import { type Backend, clustered, memory, redis, sharded, Time } from "./Backend.ts"
import { india, jobs, usa } from "./Jobs.ts"
import { ids, numbers, readAll, stateOf } from "./Steps.ts"

const suite = ({ name, test }: Backend) =>
  describe(`CheckStream ${name}`, () => {
    describe("trim", () => {
      test("removes what every region has acknowledged, and nothing else", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          yield* stream.publish(jobs(1, 6))
          const a = yield* stream.consumer(usa, "a")
          const b = yield* stream.consumer(india, "b")
          const inUsa = yield* readAll(a, 5)
          const inIndia = yield* readAll(b, 3)
          assert.deepStrictEqual(yield* stream.trim([usa, india]), { acknowledged: 0, expired: 0 })
          yield* a.acknowledge(ids(inUsa))
          yield* b.acknowledge(ids([...inIndia.slice(0, 1), ...inIndia.slice(2)]))
          assert.deepStrictEqual(yield* stream.trim([usa, india]), { acknowledged: 1, expired: 0 })
          yield* b.acknowledge(ids(inIndia))
          assert.deepStrictEqual(yield* stream.trim([usa, india]), { acknowledged: 2, expired: 0 })
          assert.deepStrictEqual(yield* stream.trim([usa, india]), { acknowledged: 0, expired: 0 })
          assert.deepStrictEqual(numbers(yield* readAll(b, 3)), [4, 5, 6])
          assert.deepStrictEqual(numbers(yield* readAll(a, 1)), [6])
        }))

      test("is not held up by a region that is not named", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          yield* stream.publish(jobs(1, 3))
          const a = yield* stream.consumer(usa, "a")
          const gone = yield* stream.consumer(india, "b")
          yield* gone.read(1)
          yield* a.acknowledge(ids(yield* readAll(a, 3)))
          assert.deepStrictEqual(yield* stream.trim([usa]), { acknowledged: 3, expired: 0 })
        }))

      test("creates the groups that are missing, at the beginning of the stream", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          yield* stream.trim([india])
          yield* stream.publish(jobs(1, 2))
          const a = yield* stream.consumer(usa, "a")
          yield* a.acknowledge(ids(yield* readAll(a, 2)))
          assert.deepStrictEqual(yield* stream.trim([usa, india]), { acknowledged: 0, expired: 0 })
          assert.deepStrictEqual(numbers(yield* readAll(yield* stream.consumer(india, "b"), 2)), [1, 2])
        }))

      test("cuts what is too old, and counts as expired only what some region had not acknowledged", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          const time = yield* Time
          yield* time.publishAged(jobs(1, 6), maxEntryAgeMs + 60_000)
          yield* stream.publish(jobs(7, 8))
          const a = yield* stream.consumer(usa, "a")
          const b = yield* stream.consumer(india, "b")
          const inUsa = yield* readAll(a, 5)
          const inIndia = yield* readAll(b, 6)
          yield* a.acknowledge(ids([...inUsa.slice(0, 1), ...inUsa.slice(2)]))
          yield* b.acknowledge(ids([...inIndia.slice(0, 1), ...inIndia.slice(3)]))
          // 1 is done; USA has not done 2, nor India 2 and 3; USA was never handed 6.
          assert.deepStrictEqual(yield* stream.trim([usa, india]), { acknowledged: 3, expired: 3 })
          assert.deepStrictEqual(yield* stream.trim([usa, india]), { acknowledged: 0, expired: 0 })
          assert.deepStrictEqual(numbers(yield* readAll(a, 2)), [7, 8])
        }))

      test("cuts by age alone where no region is named", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          const time = yield* Time
          yield* time.publishAged(jobs(1, 2), maxEntryAgeMs + 60_000)
          yield* stream.publish(jobs(3, 3))
          assert.deepStrictEqual(yield* stream.trim([]), { acknowledged: 0, expired: 2 })
          assert.deepStrictEqual(numbers(yield* (yield* stream.consumer(usa, "a")).read(5)), [3])
        }))
    })

    describe("groups", () => {
      test("tells for each region what waits, is held, is how old, by whom, and is dead", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          const time = yield* Time
          assert.deepStrictEqual(yield* stream.groups([usa]), [
            { region: usa, lag: 0, pending: 0, oldestAgeMs: 0, consumers: 0, dead: 0 },
          ])
          yield* time.publishAged(jobs(1, 5), 5_000)
          const a = yield* stream.consumer(usa, "a")
          const read = yield* readAll(a, 3)
          yield* a.acknowledge(ids(read.slice(0, 1)))
          yield* a.setAside(read.slice(1, 2), "rejected", "")
          const [inUsa, inIndia] = yield* stream.groups([usa, india])
          assert.deepInclude(inUsa, { region: usa, lag: 2, pending: 1, consumers: 1, dead: 1 })
          assert.deepInclude(inIndia, { region: india, lag: 5, pending: 0, consumers: 0, dead: 0 })
          for (const state of [inUsa, inIndia]) {
            assert.isAtLeast(state?.oldestAgeMs ?? 0, 5_000)
            assert.isBelow(state?.oldestAgeMs ?? 0, 15_000)
          }
          yield* a.acknowledge(ids(read))
          yield* a.acknowledge(ids(yield* readAll(a, 2)))
          assert.deepInclude(yield* stateOf(usa), { lag: 0, pending: 0, oldestAgeMs: 0 })
        }))

      test("does not count as lag what was trimmed before it was delivered", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          const time = yield* Time
          yield* time.publishAged(jobs(1, 4), maxEntryAgeMs + 60_000)
          yield* stream.publish(jobs(5, 6))
          const a = yield* stream.consumer(usa, "a")
          yield* a.acknowledge(ids(yield* a.read(1)))
          assert.strictEqual((yield* stateOf(usa)).lag, 5)
          yield* stream.trim([usa])
          assert.strictEqual((yield* stateOf(usa)).lag, 2)
          yield* a.read(1)
          assert.strictEqual((yield* stateOf(usa)).lag, 1)
        }))
    })
  })

suite(memory)
suite(redis)
suite(sharded)
suite(clustered)
