import { assert, describe } from "@effect/vitest"
import { CheckStream } from "@uptime/stream/CheckStream"
import { Effect, Fiber } from "effect"
import { type Backend, clustered, memory, redis, sharded, Time } from "./Backend.ts"
import { india, job, jobs, usa } from "./Jobs.ts"
import { ids, mortal, numbers, readAll, stateOf } from "./Steps.ts"

const suite = ({ name, test }: Backend) =>
  describe(`CheckStream ${name}`, () => {
    describe("publish and read", () => {
      test("hands every job to every region, in order, unchanged, as a first delivery", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          yield* stream.publish(jobs(1, 3))
          yield* stream.publish(jobs(4, 5))
          for (const region of [usa, india]) {
            const consumer = yield* stream.consumer(region, "a")
            const read = yield* readAll(consumer, 5)
            assert.deepStrictEqual(
              read.map((delivery) => delivery.job),
              jobs(1, 5),
            )
            assert.deepStrictEqual(new Set(read.map(({ deliveries }) => deliveries)), new Set([1]))
            assert.strictEqual(new Set(ids(read)).size, 5)
          }
        }))

      test("publishes more jobs than go into one command, and none", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          yield* stream.publish([])
          yield* stream.publish(jobs(1, 2_500))
          const consumer = yield* stream.consumer(usa, "a")
          assert.deepStrictEqual(
            numbers(yield* readAll(consumer, 2_500)),
            Array.from({ length: 2_500 }, (_, i) => i + 1),
          )
        }))

      test("hands out at most the count, and each job of a group to one consumer", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          yield* stream.publish(jobs(1, 5))
          const a = yield* stream.consumer(usa, "a")
          const b = yield* stream.consumer(usa, "b")
          assert.deepStrictEqual(yield* a.read(0), [])
          assert.deepStrictEqual(numbers(yield* a.read(2)), [1, 2])
          assert.deepStrictEqual(numbers(yield* b.read(2)), [3, 4])
          assert.deepStrictEqual(numbers(yield* a.read(2)), [5])
        }))

      test("waits two seconds for the first job, and gives none then", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          const time = yield* Time
          const consumer = yield* stream.consumer(usa, "a")
          assert.deepStrictEqual(yield* time.waits(consumer.read(10)), [])
        }))

      test("wakes up for a job that is published meanwhile", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          const consumer = yield* stream.consumer(usa, "a")
          const read = yield* Effect.fork(consumer.read(10))
          yield* Effect.yieldNow()
          yield* stream.publish(jobs(1, 1))
          assert.deepStrictEqual(numbers(yield* Fiber.join(read)), [1])
        }))

      test("hands out to the next read what came while a read was interrupted", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          const consumer = yield* stream.consumer(usa, "a")
          const read = yield* Effect.fork(consumer.read(10))
          yield* Effect.yieldNow()
          yield* Fiber.interrupt(read)
          yield* stream.publish(jobs(1, 2))
          assert.deepStrictEqual(numbers(yield* readAll(consumer, 2)), [1, 2])
          assert.strictEqual((yield* stateOf(usa)).pending, 2)
        }))
    })

    describe("acknowledge", () => {
      test("ends an entry for its region alone, and does no harm a second time", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          const time = yield* Time
          yield* stream.publish(jobs(1, 3))
          const a = yield* stream.consumer(usa, "a")
          const b = yield* stream.consumer(usa, "b")
          const other = yield* stream.consumer(india, "a")
          const read = yield* readAll(a, 3)
          yield* readAll(other, 3)
          yield* a.acknowledge(ids(read.slice(0, 2)))
          yield* a.acknowledge(ids(read.slice(0, 2)))
          yield* a.acknowledge([])
          yield* time.idle(60_000)
          assert.strictEqual((yield* stateOf(usa)).pending, 1)
          assert.strictEqual((yield* stateOf(india)).pending, 3)
          assert.deepStrictEqual(numbers((yield* b.reclaim(10, 30_000)).deliveries), [3])
        }))
    })

    describe("a consumer's end", () => {
      test("removes its name when it holds nothing, and keeps it when it does", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          yield* stream.publish(jobs(1, 2))
          const idle = yield* mortal(usa, "idle")
          const busy = yield* mortal(usa, "busy")
          yield* idle.acknowledge(ids(yield* idle.read(1)))
          yield* busy.read(1)
          assert.strictEqual((yield* stateOf(usa)).consumers, 2)
          yield* idle.close
          assert.strictEqual((yield* stateOf(usa)).consumers, 1)
          yield* busy.close
          const state = yield* stateOf(usa)
          assert.deepStrictEqual([state.consumers, state.pending], [1, 1])
        }))

      test("leaves what it held to the next consumer of its name, as another delivery", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          yield* stream.publish(jobs(1, 3))
          const first = yield* mortal(usa, "a")
          const [acknowledged] = yield* first.read(2)
          yield* first.acknowledge(acknowledged === undefined ? [] : [acknowledged.id])
          yield* first.close
          const second = yield* stream.consumer(usa, "a")
          const again = yield* second.read(10)
          assert.deepStrictEqual(numbers(again), [2])
          assert.strictEqual(again[0]?.deliveries, 2)
          const [fresh] = yield* second.read(10)
          assert.deepStrictEqual([fresh?.job, fresh?.deliveries], [job(3), 1])
        }))

      test("hands a long leftover out in the pieces that are asked for", () =>
        Effect.gen(function* () {
          const stream = yield* CheckStream
          yield* stream.publish(jobs(1, 10))
          const first = yield* mortal(usa, "a")
          yield* readAll(first, 9)
          yield* first.close
          const second = yield* stream.consumer(usa, "a")
          const pieces: Array<ReadonlyArray<number>> = []
          while (pieces.flat().length < 10) pieces.push(numbers(yield* second.read(4)))
          assert.deepStrictEqual(pieces.slice(0, 2), [
            [1, 2, 3, 4],
            [5, 6, 7, 8],
          ])
          assert.deepStrictEqual(pieces.slice(2).flat(), [9, 10])
        }))
    })

    test("answers a ping", () => Effect.flatMap(CheckStream, (stream) => stream.ping))
  })

suite(memory)
suite(redis)
suite(sharded)
suite(clustered)
