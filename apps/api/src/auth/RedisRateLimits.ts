import * as RedisConnection from "@uptime/stream/RedisConnection"
import * as RedisScript from "@uptime/stream/RedisScript"
import { Clock, Effect, Layer, Option, type Redacted, Schema } from "effect"
import { decide, keyOf, makeTallies, RateLimits, type Tally, type Try } from "./RateLimits.ts"

/** Where the tallies are. */
export interface RedisRateLimitOptions {
  readonly url: Redacted.Redacted
  /** What the keys begin with; installations that share a Redis take different ones. */
  readonly prefix: string
}

/** How long a log-in waits for Redis before this process counts by itself, in milliseconds. */
const waitMs = 250

/** For how long Redis is not asked again after that, in milliseconds. */
const pauseMs = 5_000

/**
 * Counts in Redis, for all api processes together. Every try is counted in memory too: when Redis is away, each process
 * goes on by its own tallies, so that limits become local but never go away.
 */
export const redisRateLimitsLayer = (options: RedisRateLimitOptions): Layer.Layer<RateLimits> =>
  Layer.scoped(
    RateLimits,
    Effect.gen(function* () {
      const connection = yield* RedisConnection.make({
        url: options.url,
        key: `{${options.prefix}}`,
        name: "uptime-api-limits",
        announce: false,
      })
      const own = makeTallies()
      // The hash tag keeps the keys of one call in one slot of a cluster.
      const keysOf = (tries: ReadonlyArray<Try>) => tries.map((entry) => `{${options.prefix}}:${keyOf(entry)}`)
      let pausedUntil = 0

      const ask = Effect.fnUntraced(function* <A, I>(
        script: RedisScript.RedisScript,
        tries: ReadonlyArray<Try>,
        answer: Schema.Schema<A, I>,
      ): Effect.fn.Return<Option.Option<A>> {
        const now = yield* Clock.currentTimeMillis
        if (now < pausedUntil) return Option.none()
        const args = tries.map(({ rule }) => rule.windowMs)
        const answered = yield* connection
          .run("RateLimits", (redis) => RedisScript.evaluate(redis, script, keysOf(tries), args), { limitMs: waitMs })
          .pipe(Effect.flatMap(Schema.decodeUnknown(answer)), Effect.disconnect, Effect.timeout(waitMs), Effect.option)
        if (Option.isNone(answered)) {
          pausedUntil = now + pauseMs
          yield* Effect.logDebug("rate limits are this process's own: Redis does not answer")
        }
        return answered
      })

      return RateLimits.of({
        consume: Effect.fnUntraced(function* (tries) {
          const local = yield* own.count(tries)
          const shared = yield* ask(countScript, tries, Schema.Array(Schema.Tuple(Schema.Number, Schema.Number)))
          yield* decide(
            tries,
            Option.match(shared, {
              onNone: () => local,
              onSome: (pairs) => pairs.map(([count, remainingMs]): Tally => ({ count, remainingMs })),
            }),
          )
        }),
        forget: (tries) => Effect.zipRight(own.forget(tries), Effect.asVoid(ask(forgetScript, tries, Schema.Number))),
      })
    }),
  )

/** A key without an end (made by an interrupted script) gets one. */
const countScript = RedisScript.make(`
local out = {}
for i, key in ipairs(KEYS) do
  local count = redis.call('INCR', key)
  local left = redis.call('PTTL', key)
  if left < 0 then
    left = tonumber(ARGV[i])
    redis.call('PEXPIRE', key, left)
  end
  out[i] = { count, left }
end
return out
`)

const forgetScript = RedisScript.make(`return redis.call('DEL', unpack(KEYS))`)
