import { assert, describe, it } from "@effect/vitest"
import { encodeJob } from "@uptime/domain/Job"
import { Region } from "@uptime/domain/Region"
import { CheckStream } from "@uptime/stream/CheckStream"
import { evaluate } from "@uptime/stream/RedisScript"
import * as RedisStream from "@uptime/stream/RedisStream"
import { trim } from "@uptime/stream/RedisStreamScripts"
import { deadKey, maxDead } from "@uptime/stream/StreamKeys"
import { eventually } from "@uptime/testing/Eventually"
import { startRedis } from "@uptime/testing/Servers"
import { redisUrl } from "@uptime/testing/TestRedis"
import { Context, Duration, Effect, Fiber, Layer, Redacted, type Scope } from "effect"
import { Redis } from "ioredis"
import { india, job, jobs, numberOf, usa } from "./Jobs.ts"
import { RawRedis, randomStreamKey } from "./RawRedis.ts"
import { startReading } from "./Reading.ts"

/** The key of the test's stream. */
class Key extends Context.Tag("@uptime/stream/test/Key")<Key, string>() {}

const onStream = <A, E>(body: Effect.Effect<A, E, CheckStream | RawRedis | Key | Scope.Scope>) =>
  Effect.gen(function* () {
    const url = yield* redisUrl
    const key = yield* randomStreamKey
    const layer = Layer.mergeAll(
      RedisStream.layer({ url: Redacted.make(url), key }),
      RawRedis.layer(url),
      Layer.succeed(Key, key),
    )
    return yield* Effect.provide(Effect.scoped(body), layer)
  })

describe("RedisStream", () => {
  it.live("sets entries aside that are no jobs or of another version, and hands out their neighbours", () =>
    onStream(
      Effect.gen(function* () {
        const stream = yield* CheckStream
        const raw = yield* RawRedis
        const key = yield* Key
        yield* stream.publish([job(1)])
        yield* raw.call("xadd", key, "*", "job", "no json")
        yield* raw.call("xadd", key, "*", "job", JSON.stringify({ v: 3, url: "https://example.com" }))
        yield* raw.call("xadd", key, "*", "job", encodeJob(job(2)), "more", "fields")
        yield* raw.call("xadd", key, "*", "something", "else")
        yield* stream.publish([job(3)])
        const before = yield* raw.now
        const consumer = yield* stream.consumer(usa, "a")
        assert.deepStrictEqual((yield* consumer.read(10)).map(numberOf), [1, 3])
        const [state] = yield* stream.groups([usa])
        assert.deepInclude(state, { pending: 2, dead: 4 })
        const dead = yield* raw.entries(deadKey(key, usa))
        assert.deepStrictEqual(
          dead.map(({ deliveries, job: text, reason }) => ({ deliveries, text, reason })),
          [
            { deliveries: "1", text: "no json", reason: "malformed" },
            {
              deliveries: "1",
              text: JSON.stringify(["job", encodeJob(job(2)), "more", "fields"]),
              reason: "malformed",
            },
            { deliveries: "1", text: JSON.stringify(["something", "else"]), reason: "malformed" },
            { deliveries: "1", text: JSON.stringify({ v: 3, url: "https://example.com" }), reason: "version" },
          ],
        )
        assert.strictEqual(dead[3]?.["detail"], "job version 3 is not known here")
        for (const { at } of dead) assert.isAtLeast(Number(at), before)
      }),
    ),
  )

  it.live("keeps of a dead entry the job, the reason, the deliveries and the time", () =>
    onStream(
      Effect.gen(function* () {
        const stream = yield* CheckStream
        const raw = yield* RawRedis
        const key = yield* Key
        yield* stream.publish([job(1)])
        const consumer = yield* stream.consumer(india, "a")
        yield* consumer.setAside(yield* consumer.read(1), "rejected", "x".repeat(2_000))
        const [dead] = yield* raw.entries(deadKey(key, india))
        assert.deepInclude(dead, {
          job: encodeJob(job(1)),
          reason: "rejected",
          deliveries: "1",
          detail: "x".repeat(500),
        })
        assert.isAtMost(Math.abs(Number(dead?.["at"]) - (yield* raw.now)), 5_000)
      }),
    ),
  )

  it.live("keeps a bounded number of dead entries", () =>
    onStream(
      Effect.gen(function* () {
        const stream = yield* CheckStream
        const raw = yield* RawRedis
        const dead = deadKey(yield* Key, usa)
        const fill = `for i = 1, ${maxDead + 1_000} do redis.call('XADD', KEYS[1], '*', 'job', i) end`
        yield* raw.call("eval", fill, 1, dead)
        yield* stream.publish([job(1)])
        const consumer = yield* stream.consumer(usa, "a")
        yield* consumer.setAside(yield* consumer.read(1), "rejected", "")
        const [state] = yield* stream.groups([usa])
        // The server removes whole nodes of its tree, of a hundred entries unless configured otherwise.
        assert.isAtMost(state?.dead ?? 0, maxDead + 200)
        assert.isAtLeast(state?.dead ?? 0, maxDead)
        yield* raw.call("del", dead)
      }),
    ),
  )

  it.live("names all keys of a stream so that a cluster keeps them in one slot", () =>
    Effect.gen(function* () {
      const server = yield* startRedis({ flags: ["--cluster-enabled", "yes"] })
      yield* Effect.gen(function* () {
        const raw = yield* RawRedis
        for (const key of ["BetterUptime:Websites", "jobs", "{shard7}:jobs", "jobs{7}", "x{y"]) {
          for (const region of [usa, Region.make("eu-west_1")]) {
            const slots = [
              yield* raw.call("cluster", "KEYSLOT", key),
              yield* raw.call("cluster", "KEYSLOT", deadKey(key, region)),
            ]
            assert.strictEqual(slots[0], slots[1], key)
          }
        }
      }).pipe(Effect.provide(RawRedis.layer(server.url)))
    }).pipe(Effect.scoped),
  )

  it.live("acknowledges without waiting for a read that waits", () =>
    onStream(
      Effect.gen(function* () {
        const stream = yield* CheckStream
        const consumer = yield* stream.consumer(usa, "a")
        yield* stream.publish(jobs(1, 50))
        const read = yield* consumer.read(50)
        const waiting = yield* Effect.fork(consumer.read(50))
        const times: Array<number> = []
        for (const { id } of read) {
          const [took] = yield* Effect.timed(consumer.acknowledge([id]))
          times.push(Duration.toMillis(took))
        }
        yield* Fiber.interrupt(waiting)
        times.sort((a, b) => a - b)
        assert.isBelow(times.at(-1) ?? 0, 500)
      }),
    ),
  )

  it.live("forgets a silent consumer that holds nothing, and none that holds something", () =>
    onStream(
      Effect.gen(function* () {
        const stream = yield* CheckStream
        yield* stream.publish(jobs(1, 2))
        const idle = yield* stream.consumer(usa, "idle")
        const busy = yield* stream.consumer(usa, "busy")
        yield* idle.acknowledge((yield* idle.read(1)).map(({ id }) => id))
        yield* busy.read(1)
        yield* sweep
        const [state] = yield* stream.groups([usa])
        assert.deepInclude(state, { consumers: 1, pending: 1 })
        yield* stream.publish([job(3)])
        assert.deepStrictEqual((yield* idle.read(1)).map(numberOf), [3])
      }),
    ),
  )

  it.live("loses nothing to two sweepers that forget consumers while they are handed work", () =>
    onStream(
      Effect.gen(function* () {
        const stream = yield* CheckStream
        const sweepers = yield* Effect.forkAll([Effect.forever(sweep), Effect.forever(sweep)])
        const a = yield* startReading(usa, "a")
        const b = yield* startReading(usa, "b")
        for (let n = 0; n < 300; n++) {
          yield* stream.publish([job(n)])
          if (n % 10 === 0) yield* Effect.sleep(5)
        }
        yield* eventually(
          Effect.sync(() => a.length + b.length),
          (count) => count >= 300,
          "10 seconds",
        )
        yield* Fiber.interrupt(sweepers)
        const all = [...a, ...b].map(({ n }) => n).sort((x, y) => x - y)
        assert.deepStrictEqual(
          all,
          Array.from({ length: 300 }, (_, n) => n),
        )
      }),
    ),
  )
})

/** Trims and forgets consumers as `CheckStream.trim` does, but without waiting for ten minutes of silence. */
const sweep = Effect.gen(function* () {
  const url = yield* redisUrl
  const key = yield* Key
  yield* Effect.acquireUseRelease(
    Effect.sync(() => new Redis(url)),
    (redis) => Effect.promise(() => evaluate(redis, trim, [key], [600_000, -1, usa])),
    (redis) => Effect.sync(() => redis.disconnect()),
  )
})
