import { assert, describe, it } from "@effect/vitest"
import { CheckStream } from "@uptime/stream/CheckStream"
import * as InFlight from "@uptime/stream/InFlight"
import * as MemoryLog from "@uptime/stream/MemoryLog"
import * as MemoryStream from "@uptime/stream/MemoryStream"
import { Clock, Effect, Fiber, FastCheck as fc, TestClock } from "effect"
import { job, jobs, numberOf, usa } from "./Jobs.ts"

describe("MemoryStream", () => {
  it.effect("is full at its bound, takes none of the jobs that exceed it, and has room again after trimming", () =>
    Effect.gen(function* () {
      const stream = yield* CheckStream
      yield* stream.publish(jobs(1, 8))
      const refused = yield* Effect.flip(stream.publish(jobs(9, 11)))
      assert.strictEqual(refused.reason, "full")
      yield* stream.publish(jobs(9, 10))
      const consumer = yield* stream.consumer(usa, "a")
      const read = yield* consumer.read(100)
      assert.deepStrictEqual(read.map(numberOf), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
      yield* consumer.acknowledge(read.map(({ id }) => id))
      yield* stream.trim([usa])
      yield* stream.publish(jobs(11, 13))
      assert.deepStrictEqual((yield* consumer.read(100)).map(numberOf), [11, 12, 13])
    }).pipe(Effect.scoped, Effect.provide(MemoryStream.layer({ maxEntries: 10 }))),
  )

  it.effect("holds a read that finds nothing back for two seconds, and not longer", () =>
    Effect.gen(function* () {
      const stream = yield* CheckStream
      const consumer = yield* stream.consumer(usa, "a")
      const read = yield* Effect.fork(Effect.zipRight(consumer.read(10), Clock.currentTimeMillis))
      yield* TestClock.adjust(1_999)
      assert.isNull(yield* fiberDone(read))
      yield* TestClock.adjust(1)
      assert.strictEqual(yield* Fiber.join(read), 2_000)
    }).pipe(Effect.scoped, Effect.provide(MemoryStream.layer())),
  )

  it.effect("ends a read in time whose caller cannot be interrupted", () =>
    Effect.gen(function* () {
      const stream = yield* CheckStream
      const consumer = yield* stream.consumer(usa, "a")
      const read = yield* Effect.fork(Effect.uninterruptible(consumer.read(10)))
      yield* TestClock.adjust(2_000)
      assert.deepStrictEqual(yield* Fiber.join(read), [])
    }).pipe(Effect.scoped, Effect.provide(MemoryStream.layer())),
  )

  it.effect("forgets a consumer that was silent for ten minutes, unless it holds something", () =>
    Effect.gen(function* () {
      const stream = yield* CheckStream
      const idle = yield* stream.consumer(usa, "idle")
      const busy = yield* stream.consumer(usa, "busy")
      yield* stream.publish([job(1)])
      yield* busy.read(1)
      yield* TestClock.adjust("10 minutes")
      yield* stream.trim([usa])
      assert.strictEqual((yield* stream.groups([usa]))[0]?.consumers, 2)
      yield* TestClock.adjust(1)
      yield* stream.trim([usa])
      assert.strictEqual((yield* stream.groups([usa]))[0]?.consumers, 1)
      yield* stream.publish([job(2)])
      assert.deepStrictEqual((yield* idle.read(1)).map(numberOf), [2])
    }).pipe(Effect.scoped, Effect.provide(MemoryStream.layer())),
  )
})

const fiberDone = <A, E>(fiber: Fiber.RuntimeFiber<A, E>) =>
  Effect.map(Fiber.poll(fiber), (exit) => (exit._tag === "Some" ? exit.value : null))

describe("MemoryLog", () => {
  it.prop(
    "holds what a list holds from which the beginning is cut, whatever the clock does",
    [
      fc.array(fc.record({ jobs: fc.nat(700), step: fc.integer({ min: -5, max: 50 }), cut: fc.nat(900) }), {
        maxLength: 30,
      }),
    ],
    ([steps]) => {
      const log = MemoryLog.make()
      const times: Array<number> = []
      let start = 0
      let now = 1_000
      for (const { cut, jobs: count, step } of steps) {
        now += step
        for (let i = 0; i < count; i++) {
          log.append(job(times.length), now)
          times.push(Math.max(now, times.at(-1) ?? 0))
        }
        const removed = log.trim(log.start() + cut)
        assert.strictEqual(removed, Math.min(cut, times.length - start))
        start += removed
        assert.deepStrictEqual([log.start(), log.end()], [start, times.length])
        const since = times.findIndex((time, i) => i >= start && time >= now - 20)
        assert.strictEqual(log.firstSince(now - 20), since === -1 ? times.length : since)
      }
      const entries = times.map((_, position) => log.at(position))
      for (const [position, entry] of entries.entries()) {
        assert.strictEqual(entry === undefined, position < start)
        if (entry === undefined) continue
        assert.strictEqual(numberOf(entry), position)
        assert.strictEqual(entry.at, times[position])
        assert.isTrue(log.has(entry.id))
      }
      const ids = entries.flatMap((entry) => (entry === undefined ? [] : [entry.id]))
      assert.strictEqual(new Set(ids).size, times.length - start)
      assert.isFalse(log.has("1-0"))
      assert.isFalse(log.has("no id"))
    },
  )
})

describe("InFlight", () => {
  it.prop(
    "knows the newest ids up to its capacity",
    [fc.array(fc.nat(20)), fc.integer({ min: 1, max: 10 })],
    ([added, capacity]) => {
      const inFlight = InFlight.make(capacity)
      let known: Array<number> = []
      for (const n of added) {
        inFlight.add(String(n))
        if (!known.includes(n)) known = [...known, n].slice(-capacity)
      }
      for (let n = 0; n <= 20; n++) assert.strictEqual(inFlight.has(String(n)), known.includes(n))
      for (const n of known) inFlight.delete(String(n))
      for (const n of known) assert.isFalse(inFlight.has(String(n)))
    },
  )
})
