import { assert, describe, it } from "@effect/vitest"
import { CheckStream } from "@uptime/stream/CheckStream"
import { eventually } from "@uptime/testing/Eventually"
import { startRedis } from "@uptime/testing/Servers"
import { Clock, Effect, Fiber } from "effect"
import { key, streamAt, timed, timeout, untilThere } from "./Faults.ts"
import { job, jobs, numberOf, usa } from "./Jobs.ts"
import { RawRedis } from "./RawRedis.ts"
import { startReading } from "./Reading.ts"

describe.concurrent("RedisStream, when Redis", () => {
  for (const [what, command] of [
    ["is emptied", ["flushall"]],
    ["loses the stream's key", ["del", key]],
    ["loses the group", ["xgroup", "DESTROY", key, usa]],
  ] as const) {
    it.scopedLive(
      `${what}, a waiting read goes on within five seconds, and so it does under load`,
      () =>
        Effect.gen(function* () {
          const server = yield* startRedis()
          yield* Effect.gen(function* () {
            const stream = yield* CheckStream
            const raw = yield* RawRedis
            const received = yield* startReading(usa, "a")
            yield* stream.publish([job(1)])
            yield* untilThere(received, 1, 5_000)

            const [name, ...args] = command
            yield* raw.call(name, ...args)
            yield* stream.publish([job(2)])
            yield* untilThere(received, 2, 5_000)

            const load = yield* Effect.gen(function* () {
              for (let n = 1_000; ; n += 20) {
                yield* stream.publish(jobs(n, n + 19))
                yield* Effect.sleep(5)
              }
            }).pipe(Effect.fork)
            for (let round = 3; round < 6; round++) {
              yield* Effect.sleep(100)
              yield* raw.call(name, ...args)
              yield* stream.publish([job(round)])
              yield* untilThere(received, round, 5_000)
            }
            yield* Fiber.interrupt(load)
          }).pipe(Effect.provide([streamAt(server.port), RawRedis.layer(server.url)]))
        }),
      timeout,
    )
  }

  it.scopedLive(
    "stands still, every call is unavailable within three seconds, and works again within five after",
    () =>
      Effect.gen(function* () {
        const server = yield* startRedis()
        yield* Effect.gen(function* () {
          const stream = yield* CheckStream
          const consumer = yield* stream.consumer(usa, "a")
          yield* stream.publish(jobs(1, 2))
          const read = yield* consumer.read(1)
          const ids = read.map(({ id }) => id)
          yield* server.kill("SIGSTOP")
          const answers = yield* Effect.all(
            [
              timed(stream.publish([job(3)])),
              timed(stream.groups([usa])),
              timed(stream.trim([usa])),
              timed(stream.ping),
              timed(consumer.acknowledge(ids)),
              timed(consumer.keepFresh(ids)),
              timed(consumer.reclaim(10, 30_000)),
              timed(consumer.setAside(read, "rejected", "")),
            ],
            { concurrency: "unbounded" },
          )
          for (const { answer, ms } of answers) {
            assert.strictEqual(answer, "unavailable")
            assert.isAtMost(ms, 3_000)
          }
          const later = yield* timed(stream.ping)
          assert.strictEqual(later.answer, "unavailable")
          assert.isAtMost(later.ms, 3_000)
          yield* server.kill("SIGCONT")
          yield* eventually(timed(stream.ping), ({ answer }) => answer === "ok", "5 seconds")
          yield* eventually(
            Effect.orElseSucceed(consumer.read(1), () => []),
            (found) => found.some((delivery) => numberOf(delivery) === 2),
            "5 seconds",
          )
        }).pipe(Effect.provide(streamAt(server.port)))
      }),
    timeout,
  )

  it.scopedLive(
    "restarts empty, reading goes on within five seconds",
    () =>
      Effect.gen(function* () {
        const server = yield* startRedis()
        yield* Effect.gen(function* () {
          const stream = yield* CheckStream
          const received = yield* startReading(usa, "a")
          yield* stream.publish([job(1)])
          yield* untilThere(received, 1, 5_000)
          yield* server.kill("SIGKILL")
          const away = yield* timed(stream.publish([job(2)]))
          assert.strictEqual(away.answer, "unavailable")
          assert.isAtMost(away.ms, 3_000)
          yield* server.start
          const start = yield* Clock.currentTimeMillis
          yield* eventually(timed(stream.publish([job(3)])), ({ answer }) => answer === "ok", "5 seconds")
          yield* untilThere(received, 3, 5_000)
          assert.isBelow((yield* Clock.currentTimeMillis) - start, 5_000)
        }).pipe(Effect.provide(streamAt(server.port)))
      }),
    timeout,
  )

  it.scopedLive(
    "has no memory left, publishing is answered with full, and everything that frees memory goes on",
    () =>
      Effect.gen(function* () {
        const server = yield* startRedis()
        yield* Effect.gen(function* () {
          const stream = yield* CheckStream
          const raw = yield* RawRedis
          const consumer = yield* stream.consumer(usa, "a")
          yield* stream.publish(jobs(1, 3))
          const read = yield* consumer.read(2)
          yield* raw.call("config", "SET", "maxmemory", "1")
          assert.strictEqual((yield* timed(stream.publish([job(4)]))).answer, "full")
          yield* consumer.setAside(read.slice(0, 1), "rejected", "")
          yield* consumer.acknowledge(read.map(({ id }) => id))
          assert.deepStrictEqual((yield* consumer.read(2)).map(numberOf), [3])
          assert.deepStrictEqual(yield* stream.trim([usa]), { acknowledged: 2, expired: 0 })
          const [state] = yield* stream.groups([usa])
          assert.deepInclude(state, { pending: 1, dead: 1, lag: 0 })
          yield* raw.call("config", "SET", "maxmemory", "0")
          assert.strictEqual((yield* timed(stream.publish([job(4)]))).answer, "ok")
        }).pipe(Effect.provide([streamAt(server.port), RawRedis.layer(server.url)]))
      }),
    timeout,
  )

  it.scopedLive(
    "is a replica, writes are answered with full until it is a master",
    () =>
      Effect.gen(function* () {
        const server = yield* startRedis()
        yield* Effect.gen(function* () {
          const stream = yield* CheckStream
          const raw = yield* RawRedis
          yield* stream.publish([job(1)])
          yield* raw.call("replicaof", "127.0.0.1", "1")
          assert.strictEqual((yield* timed(stream.publish([job(2)]))).answer, "full")
          yield* raw.call("replicaof", "no", "one")
          yield* eventually(timed(stream.publish([job(2)])), ({ answer }) => answer === "ok", "5 seconds")
          const consumer = yield* stream.consumer(usa, "a")
          assert.deepStrictEqual((yield* consumer.read(10)).map(numberOf), [1, 2])
        }).pipe(Effect.provide([streamAt(server.port), RawRedis.layer(server.url)]))
      }),
    timeout,
  )
})
