import { assert, describe } from "@effect/vitest"
import { CheckStream, type Consumer, maxDeliveries, maxEntryAgeMs } from "@uptime/stream/CheckStream"
import { Effect, Exit, Fiber, Scope } from "effect"
import { type Backend, memory, redis, Time } from "./Backend.ts"
import { india, job, jobs, numberOf, usa } from "./Jobs.ts"

const numbers = (deliveries: ReadonlyArray<{ readonly job: ReturnType<typeof job> }>) => deliveries.map(numberOf)
const ids = (deliveries: ReadonlyArray<{ readonly id: string }>) => deliveries.map(({ id }) => id)

/** What a consumer is handed until it was handed `count` jobs. */
const readAll = (consumer: Consumer, count: number) =>
  Effect.gen(function* () {
    const all = [...(yield* consumer.read(count))]
    while (all.length < count) {
      const more = yield* consumer.read(count - all.length)
      if (more.length === 0) break
      all.push(...more)
    }
    return all
  })

/** A consumer whose worker may die before the test ends: `close` ends it as its scope would. */
const mortal = (region: typeof usa, name: string) =>
  Effect.gen(function* () {
    const stream = yield* CheckStream
    const scope = yield* Scope.fork(yield* Effect.scope, { _tag: "Sequential" })
    const consumer = yield* Scope.extend(stream.consumer(region, name), scope)
    return { ...consumer, close: Scope.close(scope, Exit.void) }
  })

const stateOf = (region: typeof usa) =>
  Effect.gen(function* () {
    const stream = yield* CheckStream
    const [state] = yield* stream.groups([region])
    if (state === undefined) return yield* Effect.die("no state")
    return state
  })

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
          for (let i = 0; i < 4; i++) pieces.push(numbers(yield* second.read(4)))
          assert.deepStrictEqual(pieces, [[1, 2, 3, 4], [5, 6, 7, 8], [9], [10]])
        }))
    })

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

    test("answers a ping", () => Effect.flatMap(CheckStream, (stream) => stream.ping))
  })

suite(memory)
suite(redis)
