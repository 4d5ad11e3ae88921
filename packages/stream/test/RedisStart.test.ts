import * as Net from "node:net"
import { assert, describe, it } from "@effect/vitest"
import { CheckStream } from "@uptime/stream/CheckStream"
import { eventually } from "@uptime/testing/Eventually"
import { freePort } from "@uptime/testing/FreePort"
import { startRedis } from "@uptime/testing/Servers"
import { Clock, Effect, Exit, Scope } from "effect"
import { collectWarnings, connect, streamAt, timed, timeout, untilThere } from "./Faults.ts"
import { job, usa } from "./Jobs.ts"
import { startReading } from "./Reading.ts"

describe.concurrent("RedisStream, when Redis", () => {
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
