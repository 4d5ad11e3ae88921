import type { Region } from "@uptime/domain/Region"
import { Clock, Effect, Exit } from "effect"
import type { Consumer, Delivery, EntryId, Reclaimed, StreamError } from "./CheckStream.ts"
import { chunks } from "./Chunks.ts"
import * as InFlight from "./InFlight.ts"
import type { RedisConnection } from "./RedisConnection.ts"
import { claim, keepFresh } from "./RedisConsumerScripts.ts"
import { isGroupGone, replyCode } from "./RedisFailure.ts"
import * as RedisIntake from "./RedisIntake.ts"
import * as RedisReply from "./RedisReply.ts"
import { evaluate } from "./RedisScript.ts"

/** How long the server holds back the answer of a read that finds nothing, in milliseconds. */
export const blockMs = 2_000
/** The same while entries may still go to a connection that we gave up. */
const recoveringBlockMs = 250
/** How long a read may take beyond that before its connection is replaced. */
const blockGraceMs = 3_000
/** The server notices a connection that was given up at the latest when the read on it ends by itself. */
const strayMs = blockMs + 500

/** The most entries of a read, of a claim and of a page of a pending list, and the most ids in one command. */
const maxRead = 5_000
const maxClaim = 500
const pageSize = 1_000
const maxIds = 1_000
/** The most pages that one reclaim looks at: a hundred thousand entries that are idle. */
const maxPages = 100

const maxInFlight = 50_000

/** The search for entries on the consumer's own pending list that never arrived here. */
interface Recovery {
  /** `adopt` for the first, which finds what an earlier life under our name left; then `resume`. See the script `claim`. */
  mode: "adopt" | "resume"
  /** Entries may turn up until this time, in milliseconds since the epoch. */
  readonly until: number
  /** The start of the range that is not searched yet. */
  from: string
}

const decodePending = RedisReply.pendingRows("list pending")
const decodeClaimed = RedisReply.claimed("claim")
const decodeIds = RedisReply.ids("keep fresh")

/** A consumer of one shard, as what merges several of them needs it. */
export interface ShardConsumer extends Consumer {
  /** A read that waits for its first entry up to `waitMs` milliseconds; for 0, not at all. */
  readonly readWithin: (count: number, waitMs: number) => ReturnType<Consumer["read"]>
  /** Whether reads reach the server now, as far as anybody knows. */
  readonly isThere: () => boolean
  /** Has the server end the wait of a read that waits now, which then has what came until then. */
  readonly wake: Effect.Effect<void, StreamError>
  /** Has the next reads hand entries out anew whose reader never got them. */
  readonly giveBack: (deliveries: ReadonlyArray<Delivery>) => Effect.Effect<void>
}

/**
 * A consumer of a region's group in Redis.
 *
 * An answer to a read may be lost after the server counted its entries as ours. Whenever a read ended in any other way than
 * with its answer, the next ones look through our own pending list first. They list it by XPENDING and take entries by
 * id: reading the history of a consumer (XREADGROUP from 0) would count one more delivery for everything in flight.
 *
 * @param options.commands the connection for what is answered at once
 * @param options.reader the connection that waits for entries, and is used for nothing else
 * @param options.makesStream whether the stream is made with the group, where it is missing
 */
export const make = Effect.fnUntraced(function* (options: {
  readonly key: string
  readonly region: Region
  readonly name: string
  readonly commands: RedisConnection
  readonly reader: RedisConnection
  readonly makesStream: boolean
}): Effect.fn.Return<ShardConsumer> {
  const { commands, key, makesStream, name, reader, region } = options
  const inFlight = InFlight.make(maxInFlight)
  const intake = RedisIntake.make(commands, key, region)
  const oneRead = yield* Effect.makeSemaphore(1)
  // Between the claim of an entry and its being in flight, the other of recovery and reclaim must not see it.
  const oneClaim = yield* Effect.makeSemaphore(1)
  let recovery: Recovery | null = { mode: "adopt", until: 0, from: "-" }

  const createGroup = commands
    .run("create group", (redis) =>
      redis.call("xgroup", ["CREATE", key, region, "0", ...(makesStream ? ["MKSTREAM"] : [])]),
    )
    .pipe(
      Effect.catchIf(
        ({ cause }) => replyCode(cause) === "BUSYGROUP",
        () => Effect.void,
      ),
    )

  const withGroup = <A>(effect: Effect.Effect<A, StreamError>) =>
    Effect.catchIf(effect, isGroupGone, () => Effect.zipRight(Effect.zipRight(tellGroupGone, createGroup), effect))

  /** Before the first read of a new stream this is nothing to worry about. */
  const tellGroupGone = Effect.suspend(() =>
    recovery?.mode === "adopt"
      ? Effect.logInfo(`Making the group ${region} of the stream`)
      : Effect.logWarning(`The group ${region} of the stream is gone; making it anew from the stream's beginning`),
  )

  /** Undoes what a call that failed handed out, and searches for what it was handed. */
  const recoverAfter = (handedOut: Iterable<Delivery>) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      for (const { id } of handedOut) inFlight.delete(id)
      recovery = { mode: recovery?.mode ?? "resume", until: now + strayMs, from: "-" }
    })

  const pending = (from: string, filter: ReadonlyArray<string | number>, owner: ReadonlyArray<string>) =>
    commands
      .run("list pending", (redis) => redis.call("xpending", [key, region, ...filter, from, "+", pageSize, ...owner]))
      .pipe(Effect.flatMap(decodePending), withGroup)

  const takeOver = Effect.fnUntraced(function* (
    ids: ReadonlyArray<EntryId>,
    idleMs: number,
    mode: "reclaim" | Recovery["mode"],
  ) {
    const { entries, trimmed } = yield* commands
      .run("claim", (redis) => evaluate(redis, claim, [key], [region, name, idleMs, mode, ...ids]))
      .pipe(Effect.flatMap(decodeClaimed))
    const { dead, deliveries } = yield* intake.take(entries)
    for (const { id } of deliveries) inFlight.add(id)
    return { deliveries, dead, trimmed, taken: entries.length }
  })

  const recover = Effect.fnUntraced(function* (search: Recovery, most: number) {
    const startedAt = yield* Clock.currentTimeMillis
    while (true) {
      const rows = yield* pending(search.from, [], [name])
      const ids: Array<EntryId> = []
      for (const [id] of rows) {
        if (ids.length === most) break
        search.from = `(${id}`
        if (!inFlight.has(id)) ids.push(id)
      }
      if (ids.length > 0) {
        const { deliveries } = yield* takeOver(ids, 0, search.mode)
        if (deliveries.length > 0) return deliveries
      } else if (rows.length < pageSize) {
        search.mode = "resume"
        search.from = "-"
        if (startedAt >= search.until && recovery === search) recovery = null
        return []
      }
    }
  })

  const readNew = (count: number, waitMs: number) => {
    // For the server, to block for 0 ms is to wait for ever.
    const block = waitMs >= 1 ? ["BLOCK", Math.floor(waitMs)] : []
    const args = ["GROUP", region, name, "COUNT", count, ...block, "STREAMS", key, ">"]
    return reader
      .run("read", (redis) => redis.call("xreadgroup", args), { limitMs: waitMs + blockGraceMs, blocking: true })
      .pipe(Effect.flatMap(RedisReply.newEntries), withGroup)
  }

  const readWithin: ShardConsumer["readWithin"] = (count, waitMs) => {
    const most = Math.min(Math.floor(count), maxRead)
    if (!(most >= 1)) return Effect.succeed([])
    let handedOut: ReadonlyArray<Delivery> = []
    return Effect.gen(function* () {
      if (recovery !== null) {
        handedOut = yield* oneClaim.withPermits(1)(recover(recovery, Math.min(most, maxClaim)))
        if (handedOut.length > 0) return handedOut
      }
      const entries = yield* readNew(most, recovery === null ? waitMs : Math.min(recoveringBlockMs, waitMs))
      // An entry in flight comes again where the group was made anew; the one on its way stands for both.
      const { deliveries } = yield* intake.take(entries.filter(({ id }) => !inFlight.has(id)))
      for (const { id } of deliveries) inFlight.add(id)
      handedOut = deliveries
      return deliveries
    }).pipe(
      Effect.onExit((exit) => (Exit.isSuccess(exit) ? Effect.void : recoverAfter(handedOut))),
      oneRead.withPermits(1),
    )
  }

  return {
    read: (count) => readWithin(count, blockMs),
    readWithin,
    isThere: reader.isConnected,
    wake: Effect.suspend(() => {
      const reading = reader.clientId()
      return reading === null
        ? Effect.void
        : Effect.asVoid(commands.run("wake", (redis) => redis.client("UNBLOCK", reading)))
    }),
    giveBack: recoverAfter,

    acknowledge: (ids) =>
      Effect.forEach(
        chunks(ids, maxIds),
        (chunk) =>
          Effect.map(
            commands.run("acknowledge", (redis) => redis.call("xack", [key, region, ...chunk])),
            () => {
              for (const id of chunk) inFlight.delete(id)
            },
          ),
        { discard: true },
      ),

    keepFresh: Effect.fn("Consumer.keepFresh")(function* (ids) {
      const all: Array<EntryId> = []
      for (const chunk of chunks(ids, maxIds)) {
        const held = new Set(chunk.filter(inFlight.has))
        const lost = yield* commands
          .run("keep fresh", (redis) => evaluate(redis, keepFresh, [key], [region, name, ...chunk]))
          .pipe(
            Effect.flatMap(decodeIds),
            Effect.catchIf(isGroupGone, () => Effect.succeed([])),
          )
        for (const id of lost) {
          // One that we acknowledged in the meantime is not another's.
          if (held.has(id) && !inFlight.has(id)) continue
          inFlight.delete(id)
          all.push(id)
        }
      }
      return all
    }),

    reclaim: (count, minIdleMs) => {
      const deliveries: Array<Delivery> = []
      const dead: Array<Delivery> = []
      let trimmed = 0
      return Effect.gen(function* () {
        let taken = 0
        let from = "-"
        for (let page = 0; page < maxPages; page++) {
          const rows = yield* pending(from, ["IDLE", minIdleMs], [])
          const ids = rows.filter(([, owner]) => owner !== name).map(([id]) => id)
          for (let next = 0; next < ids.length && taken < count; ) {
            const some = ids.slice(next, next + Math.min(maxClaim, count - taken))
            const found = yield* takeOver(some, minIdleMs, "reclaim")
            next += some.length
            taken += found.taken
            trimmed += found.trimmed
            deliveries.push(...found.deliveries)
            dead.push(...found.dead)
          }
          const last = rows.at(-1)
          if (last === undefined || rows.length < pageSize || taken >= count) break
          from = `(${last[0]}`
        }
        const reclaimed: Reclaimed = { deliveries, dead, trimmed }
        return reclaimed
      }).pipe(
        Effect.onExit((exit) => (Exit.isSuccess(exit) ? Effect.void : recoverAfter(deliveries))),
        oneClaim.withPermits(1),
        Effect.withSpan("Consumer.reclaim"),
      )
    },

    setAside: Effect.fn("Consumer.setAside")(function* (deliveries, reason, detail) {
      yield* intake.setAside(deliveries, reason, detail)
      for (const { id } of deliveries) inFlight.delete(id)
    }),
  }
})
