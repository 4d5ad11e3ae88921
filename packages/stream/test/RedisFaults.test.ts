import * as Net from "node:net"
import { assert, describe, it } from "@effect/vitest"
import { CheckStream, type StreamError } from "@uptime/stream/CheckStream"
import * as RedisStream from "@uptime/stream/RedisStream"
import { eventually } from "@uptime/testing/Eventually"
import { freePort } from "@uptime/testing/FreePort"
import { startRedis } from "@uptime/testing/Servers"
import { Clock, Effect, Exit, Fiber, Layer, Logger, LogLevel, Redacted, Scope } from "effect"
import { job, jobs, numberOf, usa } from "./Jobs.ts"
import { RawRedis } from "./RawRedis.ts"
import { startReading } from "./Reading.ts"
import * as TcpProxy from "./TcpProxy.ts"

const key = "stream"
const timeout = 60_000

const urlOf = (port: number) => `redis://127.0.0.1:${port}`
const streamAt = (port: number) => RedisStream.layer({ url: Redacted.make(urlOf(port)), key })

/** The stream as reached through a port, kept for the rest of the test. */
const connect = (port: number) => Layer.build(streamAt(port))

/** What a call answered, and after how many milliseconds. */
const timed = <A>(call: Effect.Effect<A, StreamError>) =>
  Effect.gen(function* () {
    const start = yield* Clock.currentTimeMillis
    const exit = yield* Effect.either(call)
    return { answer: exit._tag === "Left" ? exit.left.reason : "ok", ms: (yield* Clock.currentTimeMillis) - start }
  })

const untilThere = (list: ReadonlyArray<{ readonly n: number }>, n: number, limit: number) =>
  eventually(
    Effect.sync(() => list.some((one) => one.n === n)),
    (there) => there,
    limit,
  )

/** Until a reader waits at the server, which counts the entries that come as handed out. */
const untilWaiting = Effect.flatMap(RawRedis, (raw) => eventually(raw.waiting, (count) => count === 1, 5_000))

/** Keeps the lines that are logged at warning and above. */
const collectWarnings = (lines: Array<string>) =>
  Logger.replace(
    Logger.defaultLogger,
    Logger.make(({ logLevel, message }) => {
      if (LogLevel.greaterThanEqual(logLevel, LogLevel.Warning)) lines.push(String(message))
    }),
  )

describe("RedisStream, when Redis", () => {
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

  it.scopedLive(
    "is away at the start, calls are unavailable and work once it is there; a consumer that ends meanwhile holds nothing up",
    () =>
      Effect.gen(function* () {
        const port = yield* freePort
        yield* Effect.gen(function* () {
          const stream = yield* CheckStream
          const received = yield* startReading(usa, "a")
          for (const call of [stream.publish([job(1)]), stream.ping]) {
            const { answer, ms } = yield* timed(call)
            assert.strictEqual(answer, "unavailable")
            assert.isAtMost(ms, 3_000)
          }
          const scope = yield* Scope.make()
          yield* Scope.extend(stream.consumer(usa, "b"), scope)
          const start = yield* Clock.currentTimeMillis
          yield* Scope.close(scope, Exit.void)
          assert.isAtMost((yield* Clock.currentTimeMillis) - start, 3_000)

          yield* startRedis({ port })
          yield* eventually(timed(stream.publish([job(2)])), ({ answer }) => answer === "ok", "5 seconds")
          yield* untilThere(received, 2, 5_000)
        }).pipe(Effect.provide(streamAt(port)))
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

  it.scopedLive(
    "may evict the stream, the log says so once; when it is away, not at every attempt",
    () => {
      const lines: Array<string> = []
      return Effect.gen(function* () {
        const server = yield* startRedis({ flags: ["--maxmemory-policy", "allkeys-lru"] })
        yield* Effect.gen(function* () {
          const stream = yield* CheckStream
          yield* stream.ping
          yield* server.kill("SIGKILL")
          for (let i = 0; i < 3; i++) assert.strictEqual((yield* timed(stream.ping)).answer, "unavailable")
          yield* server.start
          yield* eventually(timed(stream.ping), ({ answer }) => answer === "ok", "5 seconds")
        }).pipe(Effect.provide(streamAt(server.port)))
        assert.strictEqual(lines.length, 2, lines.join("\n"))
        assert.include(lines[0], "allkeys-lru")
        assert.include(lines[1], "ECONNREFUSED")
      }).pipe(Effect.provide(collectWarnings(lines)))
    },
    timeout,
  )

  it.scopedLive("is older than version 7, the layer says so and is not built", () =>
    Effect.gen(function* () {
      const port = yield* oldRedis
      const error = yield* Effect.flip(connect(port))
      assert.strictEqual(error._tag, "UnsupportedRedis")
      assert.strictEqual(error.message, "Redis 6.2.14 is too old: version 7 or newer is needed")
    }),
  )

  it.scopedLive(
    "comes up older than version 7, calls are answered with bug",
    () =>
      Effect.gen(function* () {
        const port = yield* freePort
        yield* Effect.gen(function* () {
          const stream = yield* CheckStream
          assert.strictEqual((yield* timed(stream.ping)).answer, "unavailable")
          yield* listenAsOldRedis(port)
          yield* eventually(timed(stream.ping), ({ answer }) => answer === "bug", "5 seconds")
        }).pipe(Effect.provide(streamAt(port)))
      }),
    timeout,
  )
})

/** Something that answers INFO as a Redis 6 does, and everything else with OK. */
const listenAsOldRedis = (port: number) =>
  Effect.acquireRelease(
    Effect.async<Net.Server>((resume) => {
      const info = "# Server\r\nredis_version:6.2.14\r\nloading:0\r\nmaxmemory_policy:noeviction\r\n"
      const server = Net.createServer((socket) => {
        socket.on("error", () => {})
        socket.on("data", (data) => {
          for (const _ of data.toString("latin1").matchAll(/client/gi)) socket.write("+OK\r\n")
          if (/info/i.test(data.toString("latin1"))) socket.write(`$${info.length}\r\n${info}\r\n`)
        })
      })
      server.listen({ port, host: "127.0.0.1" }, () => resume(Effect.succeed(server)))
    }),
    (server) => Effect.sync(() => server.close()),
  )

const oldRedis = Effect.flatMap(freePort, (port) => Effect.as(listenAsOldRedis(port), port))
