import type { Region } from "@uptime/domain/Region"
import { Effect, Either, Layer, type Redacted } from "effect"
import { CheckStream, type GroupState, type StreamError, type TrimReport } from "./CheckStream.ts"
import { showShard } from "./GroupMetrics.ts"
import type { UnsupportedRedis } from "./RedisClient.ts"
import type { RedisShard } from "./RedisShard.ts"
import * as RedisShards from "./RedisShards.ts"
import { fromThoseThere } from "./ShardAnswers.ts"
import * as ShardedConsumer from "./ShardedConsumer.ts"
import { publishOn } from "./ShardedPublish.ts"

/**
 * The stream in Redis, version 7 or newer; an older one is refused, as soon as it is met. The layer is built whether the
 * server is there or not, after one attempt to connect; as long as it is away, calls answer `unavailable` within three
 * seconds, and a line every five seconds says so.
 *
 * With several shards each is a stream of its own, in a cluster on whichever node has its slot. A call fails only if no shard
 * answers: a shard that is away holds nobody up, and its jobs go to others meanwhile.
 *
 * @param options.url one server or a cluster, as `parseRedisUrl` reads it
 * @param options.key the key of the stream; those of shards and of what is set aside are derived from it (`StreamKeys`)
 * @param options.shards over how many keys the jobs are split (`shardOf`); 1, which is `key` itself, unless given
 */
export const layer = ({
  key,
  shards = 1,
  url,
}: {
  readonly url: Redacted.Redacted<string>
  readonly key: string
  readonly shards?: number
}): Layer.Layer<CheckStream, UnsupportedRedis> =>
  Layer.scoped(
    CheckStream,
    Effect.gen(function* () {
      const { attempted, current, leftover } = yield* RedisShards.make({ url, key, shards })
      yield* attempted
      const all = () => [...current, ...leftover()]

      /** Asks all shards at once. */
      const each = <A>(
        list: ReadonlyArray<RedisShard>,
        ask: (shard: RedisShard) => Effect.Effect<A, StreamError>,
      ): Effect.Effect<ReadonlyArray<A>, StreamError> =>
        Effect.flatMap(
          Effect.forEach(list, (shard) => Effect.either(ask(shard)), { concurrency: "unbounded" }),
          fromThoseThere,
        )

      return CheckStream.of({
        publish: publishOn(current),
        consumer: (region, name) => ShardedConsumer.make({ attempted, current, leftover }, region, name),

        trim: Effect.fn("CheckStream.trim")(function* (regions) {
          const old = leftover()
          const reports = yield* each(all(), (shard) =>
            Effect.flatMap(old.includes(shard) ? shard.retire : Effect.succeed(false), (gone) =>
              gone ? Effect.succeed({ acknowledged: 0, expired: 0 }) : shard.trim(regions),
            ),
          )
          return reports.reduce<TrimReport>(
            (sum, { acknowledged, expired }) => ({
              acknowledged: sum.acknowledged + acknowledged,
              expired: sum.expired + expired,
            }),
            { acknowledged: 0, expired: 0 },
          )
        }),

        groups: Effect.fn("CheckStream.groups")(function* (regions) {
          const asked = all()
          const answers = yield* Effect.forEach(asked, (shard) => Effect.either(shard.groups(regions)), {
            concurrency: "unbounded",
          })
          if (asked.length > 1) {
            asked.forEach((shard, i) => {
              const answer = answers[i]
              if (answer !== undefined)
                showShard(
                  shard.prefix,
                  Either.getOrElse(answer, () => null),
                )
            })
          }
          const states = yield* fromThoseThere(answers)
          return regions.map((region) => summed(region, states.flat()))
        }),

        ping: Effect.asVoid(each(current, ({ ping }) => ping)),
      })
    }),
  )

/** The state of a region's group over all shards. */
const summed = (region: Region, states: ReadonlyArray<GroupState>): GroupState =>
  states
    .filter((state) => state.region === region)
    .reduce(
      (sum, { consumers, dead, lag, oldestAgeMs, pending }) => ({
        region,
        lag: sum.lag + lag,
        pending: sum.pending + pending,
        oldestAgeMs: Math.max(sum.oldestAgeMs, oldestAgeMs),
        // Each consumer is known to every shard.
        consumers: Math.max(sum.consumers, consumers),
        dead: sum.dead + dead,
      }),
      { region, lag: 0, pending: 0, oldestAgeMs: 0, consumers: 0, dead: 0 },
    )
