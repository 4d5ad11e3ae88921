import { encodeJob, type Job } from "@uptime/domain/Job"
import type { Region } from "@uptime/domain/Region"
import { Effect, type Redacted, type Scope } from "effect"
import { type GroupState, maxEntryAgeMs, type StreamError, type TrimReport } from "./CheckStream.ts"
import { chunks } from "./Chunks.ts"
import * as RedisConnection from "./RedisConnection.ts"
import * as RedisConsumer from "./RedisConsumer.ts"
import { forget } from "./RedisConsumerScripts.ts"
import * as RedisReply from "./RedisReply.ts"
import { evaluate } from "./RedisScript.ts"
import { groups, publish, retire, trim } from "./RedisStreamScripts.ts"
import { deadKey } from "./StreamKeys.ts"
import type { Shard } from "./StreamShards.ts"

/** One stream in Redis: all the jobs where they are not split, else those of one shard. Each call is as in `CheckStream`. */
export interface RedisShard extends Shard {
  /** The connection for what is answered at once. */
  readonly commands: RedisConnection.RedisConnection
  readonly publish: (jobs: ReadonlyArray<Job>) => Effect.Effect<void, StreamError>
  readonly consumer: (
    region: Region,
    name: string,
  ) => Effect.Effect<RedisConsumer.ShardConsumer, StreamError, Scope.Scope>
  readonly trim: (regions: ReadonlyArray<Region>) => Effect.Effect<TrimReport, StreamError>
  readonly groups: (regions: ReadonlyArray<Region>) => Effect.Effect<ReadonlyArray<GroupState>, StreamError>
  readonly ping: Effect.Effect<void, StreamError>
  /** Whether its stream is there. */
  readonly exists: Effect.Effect<boolean, StreamError>
  /** Removes its stream for good if it is empty and nothing came for `maxEntryAgeMs`; whether it is there no more. */
  readonly retire: Effect.Effect<boolean, StreamError>
}

/** The most jobs in one command. */
const maxJobs = 1_000

/** Consumers that were silent for so long, in milliseconds, are forgotten where they hold nothing. */
const silentMs = 600_000

/** How long the end of a consumer may be held up by removing its name. */
const forgetLimitMs = 1_000

const decodePair = RedisReply.pair("trim")
const decodeGroups = RedisReply.groupRows("groups")

/**
 * One stream in Redis, on a connection that is there for the life of the scope, whether the server is or not.
 *
 * @param options.isLeftover whether the jobs are split otherwise by now: then the stream is emptied, and never made anew
 */
export const make = ({
  isLeftover,
  shard: { key, prefix },
  url,
}: {
  readonly url: Redacted.Redacted<string>
  readonly shard: Shard
  readonly isLeftover: boolean
}): Effect.Effect<RedisShard, never, Scope.Scope> =>
  Effect.map(RedisConnection.make({ url, key, name: "uptime-commands", announce: true }), (commands) => ({
    prefix,
    key,
    commands,

    publish: (jobs) =>
      Effect.forEach(
        chunks(jobs, maxJobs),
        (chunk) => commands.run("publish", (redis) => evaluate(redis, publish, [key], chunk.map(encodeJob))),
        { discard: true },
      ),

    consumer: Effect.fnUntraced(function* (region, name) {
      // Added first to run last: while its read is open, the consumer comes back with the next entry.
      yield* Effect.addFinalizer(() =>
        commands
          .run("forget consumer", (redis) => evaluate(redis, forget, [key], [region, name]))
          .pipe(
            Effect.timeout(forgetLimitMs),
            Effect.catchAll((error) => Effect.logDebug(`The consumer ${name} keeps its name`, error)),
          ),
      )
      const reader = yield* RedisConnection.make({ url, key, name: `uptime-reader-${region}`, announce: false })
      return yield* RedisConsumer.make({ key, region, name, commands, reader, makesStream: !isLeftover })
    }),

    trim: (regions) =>
      commands
        .run("trim", (redis) => evaluate(redis, trim, [key], [maxEntryAgeMs, silentMs, ...regions]))
        .pipe(
          Effect.flatMap(decodePair),
          Effect.map(([acknowledged, expired]) => ({ acknowledged, expired })),
        ),

    groups: Effect.fnUntraced(function* (regions) {
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

    exists: Effect.map(
      commands.run("look for a stream", (redis) => redis.exists(key)),
      (found) => found === 1,
    ),

    retire: Effect.map(
      commands.run("retire a stream", (redis) => evaluate(redis, retire, [key], [maxEntryAgeMs])),
      (gone) => gone === 1,
    ),
  }))
