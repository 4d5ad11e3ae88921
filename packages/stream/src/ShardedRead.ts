import { Clock, Deferred, Effect, Either, Exit, Fiber, FiberId } from "effect"
import type { Delivery, StreamError } from "./CheckStream.ts"
import { chunks } from "./Chunks.ts"
import { blockMs, type ShardConsumer } from "./RedisConsumer.ts"

/** A shard as one consumer reads it. */
export interface ReadPart {
  readonly consumer: ShardConsumer
  /** It is not read before that, in milliseconds since the epoch. */
  restUntil: number
}

/** What a shard gave. */
export interface PartDeliveries<Part> {
  readonly part: Part
  readonly deliveries: ReadonlyArray<Delivery>
}

/** How long a shard is left alone whose read failed, in milliseconds, so that the others are not read more slowly for it. */
const restMs = 1_000

/** How long shards are waited for where there are more of them than places, so that each is looked at, in milliseconds. */
const sliceMs = 50

/** How long other shards are given to answer by themselves after one had entries, in milliseconds. */
const gatherMs = 2

/** How often, and how many times, the wait of those that have not is ended; what has not answered then hangs. */
const wakeEveryMs = 20
const wakes = 12

/** How long beyond its wait a read is waited for where no shard has anything, in milliseconds. */
const graceMs = 250

/**
 * One read of several shards at once, each on a connection of its own: up to `count` entries, waiting up to two seconds for
 * the first. Places are shared out, so that never more come than were asked for; those of shards that had little are
 * offered once more to the others. As soon as one shard has entries, the waits of all others are ended. A shard that is away
 * or hangs holds up nobody for longer than a quarter of a second; the read fails only where none answers.
 *
 * @param turn rises with each read, so that each shard is first now and then
 */
export const read = <Part extends ReadPart>(
  parts: ReadonlyArray<Part>,
  count: number,
  turn: number,
): Effect.Effect<ReadonlyArray<PartDeliveries<Part>>, StreamError> => {
  const got: Array<PartDeliveries<Part>> = []
  const total = () => got.reduce((sum, { deliveries }) => sum + deliveries.length, 0)
  let failure: StreamError | null = null
  let answered = false
  let running: ReadonlyArray<Fiber.Fiber<unknown>> = []

  /** Reads some shards, no more of them than there are places; gives those that had as much as they were offered. */
  const round = Effect.fnUntraced(function* (group: ReadonlyArray<Part>, places: number, waitMs: number) {
    const someone = Deferred.unsafeMake<void>(FiberId.none)
    const everyone = Deferred.unsafeMake<void>(FiberId.none)
    const open = new Set(group)
    const saturated: Array<Part> = []
    running = yield* Effect.forEach(group, (part, i) => {
      const share = Math.floor(places / group.length) + (i < places % group.length ? 1 : 0)
      return part.consumer.readWithin(share, waitMs).pipe(
        // For the caller may not be, and then what hangs could not be given up.
        Effect.interruptible,
        Effect.either,
        Effect.onExit((exit) =>
          Effect.map(Clock.currentTimeMillis, (now) => {
            open.delete(part)
            if (Exit.isFailure(exit)) part.restUntil = now + restMs
            else if (Either.isLeft(exit.value)) {
              part.restUntil = now + restMs
              failure = exit.value.left
            } else {
              answered = true
              const deliveries = exit.value.right
              if (deliveries.length > 0) got.push({ part, deliveries })
              if (deliveries.length === share) saturated.push(part)
              if (deliveries.length > 0) Deferred.unsafeDone(someone, Exit.void)
            }
            if (open.size === 0) {
              Deferred.unsafeDone(someone, Exit.void)
              Deferred.unsafeDone(everyone, Exit.void)
            }
          }),
        ),
        Effect.fork,
      )
    }).pipe(Effect.uninterruptible)
    yield* within(someone, waitMs + graceMs)
    yield* within(everyone, gatherMs)
    for (let i = 0; i < wakes && open.size > 0; i++) {
      yield* Effect.forEach(open, ({ consumer }) => Effect.fork(Effect.ignore(consumer.wake)), { discard: true })
      yield* within(everyone, wakeEveryMs)
    }
    yield* Fiber.interruptAll(running)
    return saturated
  })

  return Effect.gen(function* () {
    const until = (yield* Clock.currentTimeMillis) + blockMs
    while (true) {
      const now = yield* Clock.currentTimeMillis
      const rested = parts.filter(({ consumer, restUntil }) => restUntil <= now && consumer.isThere())
      const awake = rested.length === 0 ? parts : rested
      const groups = chunks(rotated(awake, turn), count)
      for (const group of groups) {
        let waitMs = groups.length === 1 ? Math.max(1, until - now) : sliceMs
        let next: ReadonlyArray<Part> = group
        while (next.length > 0 && total() < count) {
          const saturated = yield* round(next.slice(0, count - total()), count - total(), waitMs)
          if (total() === 0) break
          next = saturated
          waitMs = 0
        }
        if (total() > 0) return got
      }
      if (!answered && failure !== null) return yield* failure
      if ((yield* Clock.currentTimeMillis) >= until) return []
    }
  }).pipe(
    Effect.onExit((exit) =>
      Exit.isSuccess(exit)
        ? Effect.void
        : Effect.zipRight(
            Fiber.interruptAll(running),
            Effect.forEach(got, ({ deliveries, part }) => part.consumer.giveBack(deliveries), { discard: true }),
          ),
    ),
  )
}

const within = (done: Deferred.Deferred<void>, ms: number) =>
  Effect.flatMap(Deferred.isDone(done), (isDone) =>
    isDone ? Effect.void : Effect.asVoid(Effect.timeoutOption(Effect.interruptible(Deferred.await(done)), ms)),
  )

const rotated = <A>(list: ReadonlyArray<A>, by: number): ReadonlyArray<A> => {
  const first = by % list.length
  return [...list.slice(first), ...list.slice(0, first)]
}
