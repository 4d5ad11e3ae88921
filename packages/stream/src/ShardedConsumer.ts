import type { Region } from "@uptime/domain/Region"
import { Effect, Either, Exit, Scope } from "effect"
import type { Consumer, Delivery, EntryId, Reclaimed, StreamError } from "./CheckStream.ts"
import type { ShardConsumer } from "./RedisConsumer.ts"
import type { RedisShard } from "./RedisShard.ts"
import type { RedisShards } from "./RedisShards.ts"
import { fromThoseThere } from "./ShardAnswers.ts"
import * as ShardedRead from "./ShardedRead.ts"

/** One shard of a consumer. */
interface Part extends ShardedRead.ReadPart {
  readonly prefix: string
  readonly scope: Scope.CloseableScope
  /** Entries that could not be acknowledged while the shard was away; they are, before it is read again. */
  readonly owed: Set<EntryId>
}

/**
 * A consumer of a region's group in all shards, and in what is left of shards that are none any more, with one limit for
 * all. Ids of entries have their shard's prefix. Where there is one shard, each call is that one's.
 */
export const make = Effect.fnUntraced(function* (
  shards: RedisShards,
  region: Region,
  name: string,
): Effect.fn.Return<Consumer, StreamError, Scope.Scope> {
  const scope = yield* Effect.scope
  const open = Effect.fnUntraced(function* (shard: RedisShard) {
    const own = yield* Scope.fork(scope, { _tag: "Sequential" })
    const consumer = yield* Scope.extend(shard.consumer(region, name), own)
    const part: Part = { prefix: shard.prefix, consumer, scope: own, restUntil: 0, owed: new Set() }
    return part
  })
  const current = yield* Effect.forEach(shards.current, open)
  let leftovers = new Map<RedisShard, Part>()
  let seen = shards.leftover()
  let parts: ReadonlyArray<Part> = current
  let turn = 0

  /** Takes in leftovers that were found, and lets those go that are empty. */
  const look = Effect.gen(function* () {
    seen = shards.leftover()
    const now = new Map<RedisShard, Part>()
    for (const shard of seen) now.set(shard, leftovers.get(shard) ?? (yield* open(shard)))
    const gone = [...leftovers].filter(([shard]) => !now.has(shard))
    leftovers = now
    parts = [...current, ...now.values()]
    yield* Effect.forEach(gone, ([, part]) => Scope.close(part.scope, Exit.void), { discard: true })
  }).pipe(Effect.uninterruptible)

  /** The only part there is, whose ids are as they are. */
  const alone = (): ShardConsumer | null => {
    const [only] = parts
    return only !== undefined && parts.length === 1 && only.prefix === "" ? only.consumer : null
  }

  const idsByPart = (ids: ReadonlyArray<EntryId>) => {
    const found = new Map<Part, Array<EntryId>>()
    for (const id of ids) {
      const prefix = id.slice(0, id.indexOf(":") + 1)
      const part = parts.find((one) => one.prefix === prefix)
      // What a shard had that is gone is nobody's any more.
      if (part === undefined) continue
      const list = found.get(part) ?? []
      list.push(id.slice(prefix.length))
      found.set(part, list)
    }
    return [...found]
  }

  const outer = ({ prefix }: Part, deliveries: ReadonlyArray<Delivery>) =>
    prefix === "" ? deliveries : deliveries.map((delivery) => ({ ...delivery, id: prefix + delivery.id }))
  const inner = ({ prefix }: Part, deliveries: ReadonlyArray<Delivery>) =>
    deliveries
      .filter(({ id }) => id.slice(0, id.indexOf(":") + 1) === prefix)
      .map((delivery) => ({ ...delivery, id: delivery.id.slice(prefix.length) }))

  const payOwed = Effect.suspend(() =>
    Effect.forEach(
      parts.filter(({ consumer, owed }) => owed.size > 0 && consumer.isThere()),
      ({ consumer, owed }) => {
        const ids = [...owed]
        return Effect.ignore(
          Effect.map(consumer.acknowledge(ids), () => {
            for (const id of ids) owed.delete(id)
          }),
        )
      },
      { discard: true },
    ),
  )

  const read = Effect.fnUntraced(function* (count: number) {
    if (seen !== shards.leftover()) yield* look
    yield* payOwed
    const found = yield* ShardedRead.read(parts, count, turn++)
    return found.flatMap(({ deliveries, part }) => outer(part, deliveries))
  })

  const consumer: Consumer = {
    read: (count) => {
      const only = seen === shards.leftover() ? alone() : null
      if (only !== null) return only.read(count)
      return count >= 1 ? read(Math.floor(count)) : Effect.succeed([])
    },

    acknowledge: (ids) => {
      const only = alone()
      if (only !== null) return only.acknowledge(ids)
      const attempt = ([part, own]: readonly [Part, ReadonlyArray<EntryId>]) =>
        Effect.either(part.consumer.acknowledge(own))
      return Effect.gen(function* () {
        const groups = idsByPart(ids)
        const answers = yield* Effect.forEach(groups, attempt, { concurrency: "unbounded" })
        yield* fromThoseThere(answers)
        groups.forEach(([{ owed }, own], i) => {
          const answer = answers[i]
          if (answer !== undefined && Either.isLeft(answer)) for (const id of own) owed.add(id)
        })
      })
    },

    keepFresh: (ids) => {
      const only = alone()
      if (only !== null) return only.keepFresh(ids)
      return Effect.forEach(
        idsByPart(ids),
        ([part, own]) =>
          Effect.either(Effect.map(part.consumer.keepFresh(own), (lost) => lost.map((id) => part.prefix + id))),
        { concurrency: "unbounded" },
      ).pipe(
        Effect.flatMap(fromThoseThere),
        Effect.map((lost) => lost.flat()),
      )
    },

    reclaim: (count, minIdleMs) => {
      const only = alone()
      if (only !== null) return only.reclaim(count, minIdleMs)
      return Effect.gen(function* () {
        const answers: Array<Either.Either<Reclaimed, StreamError>> = []
        let left = count
        const first = turn++ % parts.length
        for (const part of [...parts.slice(first), ...parts.slice(0, first)]) {
          if (left < 1) break
          const answer = yield* Effect.either(part.consumer.reclaim(left, minIdleMs))
          answers.push(
            Either.map(answer, ({ dead, deliveries, trimmed }) => ({
              deliveries: outer(part, deliveries),
              dead: outer(part, dead),
              trimmed,
            })),
          )
          if (Either.isRight(answer)) left -= answer.right.deliveries.length + answer.right.dead.length
        }
        const found = yield* fromThoseThere(answers)
        return {
          deliveries: found.flatMap(({ deliveries }) => deliveries),
          dead: found.flatMap(({ dead }) => dead),
          trimmed: found.reduce((sum, { trimmed }) => sum + trimmed, 0),
        }
      })
    },

    setAside: (deliveries, reason, detail) => {
      const only = alone()
      if (only !== null) return only.setAside(deliveries, reason, detail)
      return Effect.forEach(
        parts,
        (part) => {
          const own = inner(part, deliveries)
          return own.length === 0 ? Effect.void : part.consumer.setAside(own, reason, detail)
        },
        { discard: true },
      )
    },
  }
  return consumer
})
