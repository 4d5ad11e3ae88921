import { assert, describe, it } from "@effect/vitest"
import { CheckStream } from "@uptime/stream/CheckStream"
import { eventually } from "@uptime/testing/Eventually"
import { startRedis } from "@uptime/testing/Servers"
import * as TcpProxy from "@uptime/testing/TcpProxy"
import { Clock, Effect, Fiber } from "effect"
import { connect, streamAt, timed, timeout, untilThere, untilWaiting } from "./Faults.ts"
import { job, jobs, numberOf, usa } from "./Jobs.ts"
import { RawRedis } from "./RawRedis.ts"
import { startReading } from "./Reading.ts"

describe.concurrent("RedisStream, when Redis", () => {
  it.scopedLive(
    "answers a read and the answer is lost, the next read has its entries within three seconds, as first deliveries",
    () =>
      Effect.gen(function* () {
        const server = yield* startRedis()
        const proxy = yield* TcpProxy.make(server.port)
        const direct = Effect.provide(CheckStream, yield* connect(server.port))
        yield* Effect.gen(function* () {
          const stream = yield* CheckStream
          const publisher = yield* direct
          const consumer = yield* stream.consumer(usa, "a")
          yield* publisher.publish([job(1)])
          const [held] = yield* consumer.read(1)
          yield* proxy.loseAnswerTo("xreadgroup")
          const read = yield* Effect.fork(Effect.either(consumer.read(10)))
          yield* untilWaiting
          yield* publisher.publish(jobs(2, 4))
          assert.strictEqual((yield* Fiber.join(read))._tag, "Left")
          const [state] = yield* publisher.groups([usa])
          assert.strictEqual(state?.pending, 4)
          const start = yield* Clock.currentTimeMillis
          const recovered = yield* Effect.retry(consumer.read(10), { times: 5 })
          assert.isBelow((yield* Clock.currentTimeMillis) - start, 3_000)
          assert.deepStrictEqual(
            recovered.map(({ deliveries, ...rest }) => [numberOf(rest), deliveries]),
            [
              [2, 1],
              [3, 1],
              [4, 1],
            ],
          )
          assert.deepStrictEqual(yield* consumer.keepFresh([held?.id ?? ""]), [])
          yield* publisher.publish([job(5)])
          assert.deepStrictEqual((yield* consumer.read(10)).map(numberOf), [5])
        }).pipe(Effect.provide([streamAt(proxy.port), RawRedis.layer(server.url)]))
      }),
    timeout,
  )

  it.scopedLive(
    "hands entries to a read that a black hole swallowed, they are found once it is over",
    () =>
      Effect.gen(function* () {
        const server = yield* startRedis()
        const proxy = yield* TcpProxy.make(server.port)
        const direct = Effect.provide(CheckStream, yield* connect(server.port))
        yield* Effect.gen(function* () {
          const publisher = yield* direct
          const received = yield* startReading(usa, "a")
          yield* publisher.publish([job(1)])
          yield* untilThere(received, 1, 5_000)
          yield* untilWaiting
          yield* proxy.blackHole
          yield* publisher.publish([job(2)])
          const [state] = yield* publisher.groups([usa])
          assert.strictEqual(state?.pending, 1)
          yield* proxy.heal
          yield* untilThere(received, 2, 9_000)
          assert.deepStrictEqual(
            received.map(({ deliveries, n }) => [n, deliveries]),
            [
              [1, 1],
              [2, 1],
            ],
          )
        }).pipe(Effect.provide([streamAt(proxy.port), RawRedis.layer(server.url)]))
      }),
    timeout,
  )

  it.scopedLive(
    "stores jobs and its answer is lost, publishing reports it, and at worst the jobs are there twice",
    () =>
      Effect.gen(function* () {
        const server = yield* startRedis()
        const proxy = yield* TcpProxy.make(server.port)
        yield* Effect.gen(function* () {
          const stream = yield* CheckStream
          yield* stream.publish([job(1)])
          yield* proxy.loseAnswerTo("example.com/2")
          const lost = yield* timed(stream.publish([job(2)]))
          assert.strictEqual(lost.answer, "unavailable")
          assert.isBelow(lost.ms, 3_000)
          yield* Effect.retry(stream.publish([job(2)]), { times: 5 })
          const consumer = yield* stream.consumer(usa, "a")
          assert.deepStrictEqual((yield* consumer.read(10)).map(numberOf), [1, 2, 2])
        }).pipe(Effect.provide(streamAt(proxy.port)))
      }),
    timeout,
  )

  it.scopedLive(
    "is cut off fifty times, every job arrives within five seconds of its publication",
    () =>
      Effect.gen(function* () {
        const server = yield* startRedis()
        const proxy = yield* TcpProxy.make(server.port)
        const direct = Effect.provide(CheckStream, yield* connect(server.port))
        yield* Effect.gen(function* () {
          const publisher = yield* direct
          const received = yield* startReading(usa, "a")
          const published: Array<number> = []
          for (let n = 0; n < 50; n++) {
            published.push(yield* Clock.currentTimeMillis)
            // Now and then the cut comes first, now and then it races with the answer.
            if (n % 3 === 0) yield* proxy.cut
            yield* publisher.publish([job(n)])
            if (n % 3 === 1) yield* proxy.cut
            if (n % 3 === 2) yield* Effect.zipRight(Effect.sleep(5), proxy.cut)
            yield* untilThere(received, n, 5_000)
          }
          for (const { at, n } of received) assert.isBelow(at - (published[n] ?? 0), 5_000)
          yield* eventually(
            publisher.groups([usa]),
            ([state]) => state?.pending === 0 && state.lag === 0 && state.dead === 0,
            "10 seconds",
          )
        }).pipe(Effect.provide(streamAt(proxy.port)))
      }),
    timeout,
  )
})
