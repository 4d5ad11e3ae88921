import { Effect, type Redacted, Scope } from "effect"
import type { StreamError } from "./CheckStream.ts"
import * as RedisConnection from "./RedisConnection.ts"
import * as RedisReply from "./RedisReply.ts"
import { evaluate } from "./RedisScript.ts"
import * as RedisShard from "./RedisShard.ts"
import { layouts } from "./RedisStreamScripts.ts"
import { layoutsKey } from "./StreamKeys.ts"
import { type Shard, shardsOf } from "./StreamShards.ts"

/** The shards of a stream, and what is left of those that it was split over before. */
export interface RedisShards {
  /** Those that jobs are published on. */
  readonly current: ReadonlyArray<RedisShard.RedisShard>
  /** Streams that hold jobs of another number of shards: their jobs are as good, and they go when they are empty. */
  readonly leftover: () => ReadonlyArray<RedisShard.RedisShard>
  /** Waits until the first attempts to connect have ended. */
  readonly attempted: RedisConnection.RedisConnection["attempted"]
}

/** How often leftovers are looked for, in milliseconds. */
const lookEveryMs = 10_000

/** For how long others look at the shards that a process said it has, in milliseconds: longer than an entry is kept. */
const noteLifeMs = 1_200_000

const decodeLayouts = RedisReply.ids("layouts")

/**
 * Connects to all shards. Any process may be told another number at any time: each notes its own in Redis, and all look there
 * for what is not theirs.
 */
export const make = Effect.fnUntraced(function* ({
  key,
  shards,
  url,
}: {
  readonly url: Redacted.Redacted<string>
  readonly key: string
  readonly shards: number
}): Effect.fn.Return<RedisShards, never, Scope.Scope> {
  const scope = yield* Effect.scope
  const open = (shard: Shard, isLeftover: boolean) => Scope.extend(RedisShard.make({ url, shard, isLeftover }), scope)
  const current = yield* Effect.forEach(shardsOf(key, shards), (shard) => open(shard, false))
  const [first] = current
  const notes =
    first !== undefined && first.key === key
      ? first.commands
      : yield* RedisConnection.make({ url, key: layoutsKey(key), name: "uptime-shards", announce: false })

  // A connection that was opened stays: a number of shards changes once in a while, and with it processes are started anew.
  const opened = new Map(current.map((shard) => [shard.key, shard]))
  let leftover: ReadonlyArray<RedisShard.RedisShard> = []

  const look = Effect.gen(function* () {
    const numbers = yield* notes
      .run("note shards", (redis) => evaluate(redis, layouts, [layoutsKey(key), key], [shards, noteLifeMs]))
      .pipe(Effect.flatMap(decodeLayouts))
    const others = new Map(
      numbers.flatMap((number) => shardsOf(key, Number(number))).map((shard) => [shard.key, shard]),
    )
    for (const { key: own } of current) others.delete(own)
    const found = yield* Effect.forEach(
      others.values(),
      Effect.fnUntraced(function* (shard) {
        const other = opened.get(shard.key) ?? (yield* open(shard, true))
        opened.set(shard.key, other)
        // One that does not answer is what it was before.
        const there = yield* Effect.orElseSucceed(other.exists, () => leftover.includes(other))
        return there ? [other] : []
      }),
      { concurrency: "unbounded" },
    )
    const now = found.flat()
    if (now.length !== leftover.length || now.some((shard) => !leftover.includes(shard))) leftover = now
  })

  yield* look.pipe(
    Effect.catchAll((error: StreamError) => Effect.logDebug(`leftovers are not looked for: ${error.message}`)),
    Effect.zipRight(Effect.sleep(lookEveryMs)),
    Effect.forever,
    Effect.withTracerEnabled(false),
    Effect.interruptible,
    Effect.forkScoped,
  )

  return {
    current,
    leftover: () => leftover,
    attempted: Effect.forEach(current, ({ commands }) => commands.attempted, {
      concurrency: "unbounded",
      discard: true,
    }),
  }
})
