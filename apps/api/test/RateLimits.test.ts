import { randomUUID } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { makeTallies, maxTallies, RateLimits, type RateRule } from "@uptime/api/auth/RateLimits"
import { redisRateLimitsLayer } from "@uptime/api/auth/RedisRateLimits"
import { startRedisCluster } from "@uptime/testing/RedisCluster"
import * as Servers from "@uptime/testing/Servers"
import { redisUrl } from "@uptime/testing/TestRedis"
import { Context, Duration, Effect, Layer, Redacted, Schedule, TestClock } from "effect"

const perSecond: RateRule = { name: "per-second", limit: 3, windowMs: 1000 }
const perMinute: RateRule = { name: "per-minute", limit: 5, windowMs: 60_000 }
const tries = (subject: string) => [
  { rule: perSecond, subject },
  { rule: perMinute, subject },
]

/** How many of ten tries pass. */
const passing = (limits: Context.Tag.Service<RateLimits>, subject: string) =>
  Effect.map(
    Effect.all(Array.from({ length: 10 }, () => Effect.option(limits.consume([{ rule: perMinute, subject }])))),
    (exits) => exits.filter((exit) => exit._tag === "Some").length,
  )

describe("RateLimits in memory", () => {
  it.effect("refuse what is beyond a rule until its window is over", () =>
    Effect.gen(function* () {
      const limits = yield* RateLimits
      for (let i = 0; i < 3; i++) yield* limits.consume(tries("a"))
      const error = yield* Effect.flip(limits.consume(tries("a")))
      assert.strictEqual(error.retryAfterSeconds, 1)
      yield* limits.consume(tries("b"))
      yield* TestClock.adjust("1 second")
      yield* limits.consume(tries("a"))
      const minute = yield* Effect.flip(limits.consume(tries("a")))
      assert.strictEqual(minute.retryAfterSeconds, 59)
      yield* limits.forget(tries("a"))
      yield* limits.consume(tries("a"))
    }).pipe(Effect.provide(RateLimits.layerMemory)),
  )

  it.effect("count a bounded number of keys", () =>
    Effect.gen(function* () {
      const tallies = makeTallies()
      for (let i = 0; i < maxTallies + 10; i++) yield* tallies.count([{ rule: perMinute, subject: `${i}` }])
      const [first] = yield* tallies.count([{ rule: perMinute, subject: "0" }])
      const [last] = yield* tallies.count([{ rule: perMinute, subject: `${maxTallies + 9}` }])
      assert.deepStrictEqual([first?.count, last?.count], [1, 2])
    }),
  )
})

const inRedis = [
  ["", redisUrl],
  [" of a cluster", Effect.map(startRedisCluster(), ({ url }) => url)],
] as const

describe("RateLimits in Redis", () => {
  it.scopedLive.each(inRedis)("count for all processes together%s", ([, start]) =>
    Effect.gen(function* () {
      const layer = redisRateLimitsLayer({ url: Redacted.make(yield* start), prefix: `test:${randomUUID()}` })
      const one = Context.get(yield* Layer.build(Layer.fresh(layer)), RateLimits)
      const two = Context.get(yield* Layer.build(Layer.fresh(layer)), RateLimits)
      const once: RateRule = { name: "once", limit: 1, windowMs: 60_000 }
      const sharesTallies = Effect.gen(function* () {
        const subject = randomUUID()
        yield* one.consume([{ rule: once, subject }])
        return yield* Effect.flip(two.consume([{ rule: once, subject }]))
      })
      // Until both are connected each counts by itself, and one that was not is patient for five seconds.
      const error = yield* Effect.retry(sharesTallies, Schedule.spaced("100 millis").pipe(Schedule.upTo("10 seconds")))
      assert.isAtMost(error.retryAfterSeconds, 60)
      assert.isAtLeast(error.retryAfterSeconds, 50)

      const entry = [{ rule: once, subject: "a" }]
      yield* one.consume(entry)
      yield* Effect.flip(two.consume(entry))
      yield* two.forget(entry)
      yield* one.consume(entry)
    }),
  )

  it.scopedLive("go on in memory while Redis is away, and are never unlimited", () =>
    Effect.gen(function* () {
      const redis = yield* Servers.startRedis()
      const layer = redisRateLimitsLayer({ url: Redacted.make(redis.url), prefix: "test" })
      const limits = Context.get(yield* Layer.build(layer), RateLimits)
      assert.strictEqual(yield* passing(limits, "a"), 5)
      yield* redis.stop
      assert.strictEqual(yield* passing(limits, "a"), 0)
      const [took, passed] = yield* Effect.timed(passing(limits, "b"))
      assert.strictEqual(passed, 5)
      assert.isBelow(Duration.toMillis(took), 1000)
    }),
  )
})
