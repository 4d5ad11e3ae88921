import { encodeJob } from "@uptime/domain/Job"
import { Effect, Layer, type Redacted } from "effect"
import { CheckStream, type GroupState, maxEntryAgeMs } from "./CheckStream.ts"
import { chunks } from "./Chunks.ts"
import type { UnsupportedRedis } from "./RedisClient.ts"
import * as RedisConnection from "./RedisConnection.ts"
import * as RedisConsumer from "./RedisConsumer.ts"
import { forget } from "./RedisConsumerScripts.ts"
import * as RedisReply from "./RedisReply.ts"
import { evaluate } from "./RedisScript.ts"
import { groups, publish, trim } from "./RedisStreamScripts.ts"
import { deadKey } from "./StreamKeys.ts"

/** The most jobs in one command. */
const maxJobs = 1_000

/** Consumers that were silent for so long, in milliseconds, are forgotten where they hold nothing. */
const silentMs = 600_000

/** How long the end of a consumer may be held up by removing its name. */
const forgetLimitMs = 1_000

const decodePair = RedisReply.pair("trim")
const decodeGroups = RedisReply.groupRows("groups")

/**
 * The stream in Redis, version 7 or newer; an older one is refused, as soon as it is met. The layer is built whether the
 * server is there or not, after one attempt to connect; as long as it is away, calls answer `unavailable` within three
 * seconds, and a line every five seconds says so.
 *
 * @param options.url `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS
 * @param options.key the key of the stream; those of what is set aside are derived from it (`deadKey`)
 */
export const layer = (options: {
  readonly url: Redacted.Redacted<string>
  readonly key: string
}): Layer.Layer<CheckStream, UnsupportedRedis> =>
  Layer.scoped(
    CheckStream,
    Effect.gen(function* () {
      const { key, url } = options
      const commands = yield* RedisConnection.make({ url, name: "uptime-commands", announce: true })
      yield* commands.attempted

      return CheckStream.of({
        publish: (jobs) =>
          Effect.forEach(
            chunks(jobs, maxJobs),
            (chunk) => commands.run("publish", (redis) => evaluate(redis, publish, [key], chunk.map(encodeJob))),
            { discard: true },
          ),

        consumer: (region, name) =>
          Effect.gen(function* () {
            // Added first to run last: while its read is open, the consumer comes back with the next entry.
            yield* Effect.addFinalizer(() =>
              commands
                .run("forget consumer", (redis) => evaluate(redis, forget, [key], [region, name]))
                .pipe(
                  Effect.timeout(forgetLimitMs),
                  Effect.catchAll((error) => Effect.logDebug(`The consumer ${name} keeps its name`, error)),
                ),
            )
            const reader = yield* RedisConnection.make({ url, name: `uptime-reader-${region}`, announce: false })
            return yield* RedisConsumer.make({ key, region, name, commands, reader })
          }),

        trim: Effect.fn("CheckStream.trim")(function* (regions) {
          const [acknowledged, expired] = yield* commands
            .run("trim", (redis) => evaluate(redis, trim, [key], [maxEntryAgeMs, silentMs, ...regions]))
            .pipe(Effect.flatMap(decodePair))
          return { acknowledged, expired }
        }),

        groups: Effect.fn("CheckStream.groups")(function* (regions) {
          const keys = [key, ...regions.map((region) => deadKey(key, region))]
          const rows = yield* commands
            .run("groups", (redis) => evaluate(redis, groups, keys, regions))
            .pipe(Effect.flatMap(decodeGroups))
          const states: Array<GroupState> = []
          regions.forEach((region, i) => {
            const row = rows[i]
            if (row === undefined) return
            const [lag, pending, oldestAgeMs, consumers, dead] = row
            states.push({ region, lag, pending, oldestAgeMs, consumers, dead })
          })
          return states
        }),

        ping: Effect.asVoid(commands.run("ping", (redis) => redis.ping())),
      })
    }),
  )
