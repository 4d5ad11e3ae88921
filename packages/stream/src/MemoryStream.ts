import type { Region } from "@uptime/domain/Region"
import { Clock, Deferred, Effect, Exit, FiberId, Layer } from "effect"
import { CheckStream, type Consumer, type Delivery, maxEntryAgeMs, StreamError } from "./CheckStream.ts"
import * as MemoryGroup from "./MemoryGroup.ts"
import * as MemoryLog from "./MemoryLog.ts"

/** How long a read waits for its first entry, in milliseconds. */
const blockMs = 2_000

/** Consumers that were silent for so long, in milliseconds, are forgotten where they hold nothing. */
const silentMs = 600_000

/** The most entries unless the layer is told otherwise: ten minutes of ten thousand monitors at 30 s. */
const defaultMaxEntries = 200_000

/**
 * The stream in this process: the same promises as in Redis, except that it ends with the process. Time is Effect's clock.
 *
 * @param options.maxEntries the most entries, beyond which publishing is answered with `full`; 200,000 unless given
 */
export const layer = (options: { readonly maxEntries?: number } = {}): Layer.Layer<CheckStream> =>
  Layer.sync(CheckStream, () => {
    const maxEntries = options.maxEntries ?? defaultMaxEntries
    const log = MemoryLog.make()
    const groups = new Map<Region, MemoryGroup.MemoryGroup>()
    let arrival = Deferred.unsafeMake<void>(FiberId.none)

    const groupOf = (region: Region) => {
      const group = groups.get(region) ?? MemoryGroup.make(region, log)
      groups.set(region, group)
      return group
    }

    /** Does something at the present time, at once. */
    const now = <A>(act: (now: number) => A) => Effect.map(Clock.currentTimeMillis, act)

    /** What is set aside is counted and, there being no place to keep it, told. */
    const tell = (group: MemoryGroup.MemoryGroup, dead: ReadonlyArray<Delivery>, why: string) =>
      dead.length === 0
        ? Effect.void
        : Effect.logWarning(
            `Set ${dead.length} entries of ${group.region} aside as ${why}, monitor ${dead[0]?.job.monitorId} among them`,
          )

    const tellWorn = (group: MemoryGroup.MemoryGroup, dead: ReadonlyArray<Delivery>) =>
      tell(group, dead, "deliveries: they were handed out and never acknowledged")

    /** A call that was interrupted gave nothing to its caller, whatever it took. */
    const giveBackUnlessDelivered =
      (group: MemoryGroup.MemoryGroup, name: string, handedOut: () => ReadonlyArray<Delivery>) =>
      <A, E>(call: Effect.Effect<A, E>) =>
        Effect.onExit(call, (exit) =>
          Exit.isSuccess(exit) ? Effect.void : Effect.sync(() => group.giveBack(name, handedOut())),
        )

    const read = (group: MemoryGroup.MemoryGroup, name: string, count: number) => {
      if (!(count >= 1)) return Effect.succeed([])
      let handedOut: ReadonlyArray<Delivery> = []
      return Effect.gen(function* () {
        const until = (yield* Clock.currentTimeMillis) + blockMs
        while (true) {
          const time = yield* Clock.currentTimeMillis
          const next = arrival
          const { dead, deliveries } = group.take(name, count, time)
          handedOut = deliveries
          yield* tellWorn(group, dead)
          if (handedOut.length > 0 || time >= until) return handedOut
          // Interruptible also for a caller that is not: else the wait would not end when its time is up.
          yield* Effect.timeoutOption(Effect.interruptible(Deferred.await(next)), until - time)
        }
      }).pipe(giveBackUnlessDelivered(group, name, () => handedOut))
    }

    const consumer = (group: MemoryGroup.MemoryGroup, name: string): Consumer => ({
      read: (count) => read(group, name, Math.floor(count)),
      acknowledge: (ids) => Effect.sync(() => group.acknowledge(ids)),
      keepFresh: (ids) => now((time) => group.keepFresh(name, ids, time)),
      reclaim: (count, minIdleMs) => {
        let handedOut: ReadonlyArray<Delivery> = []
        return Effect.gen(function* () {
          const reclaimed = group.reclaim(name, count, minIdleMs, yield* Clock.currentTimeMillis)
          handedOut = reclaimed.deliveries
          yield* tellWorn(group, reclaimed.dead)
          return reclaimed
        }).pipe(giveBackUnlessDelivered(group, name, () => handedOut))
      },
      setAside: (deliveries, reason, detail) =>
        Effect.zipRight(
          Effect.sync(() => group.setAside(deliveries)),
          tell(group, deliveries, `${reason}: ${detail}`),
        ),
    })

    const trim = (regions: ReadonlyArray<Region>, time: number) => {
      const listed = regions.map(groupOf)
      let safe = log.end()
      let next = log.end()
      for (const group of listed) {
        const [first = group.next()] = group.pendingPositions()
        safe = Math.min(safe, first, group.next())
        next = Math.min(next, group.next())
      }
      if (listed.length === 0) safe = next = log.start()
      let acknowledged = log.trim(safe)
      const oldest = log.firstSince(time - maxEntryAgeMs)
      let expired = 0
      if (oldest > log.start()) {
        const late = new Set<number>()
        for (const group of listed) {
          for (const position of group.pendingPositions()) {
            if (position >= log.start() && position < Math.min(next, oldest)) late.add(position)
          }
        }
        acknowledged += log.trim(Math.min(next, oldest)) - late.size
        expired = late.size + log.trim(oldest)
      }
      for (const group of listed) group.forgetSilentSince(time - silentMs)
      return { acknowledged, expired }
    }

    return CheckStream.of({
      publish: (jobs) =>
        Effect.flatMap(Clock.currentTimeMillis, (time) => {
          if (log.end() - log.start() + jobs.length > maxEntries) {
            const cause = new Error(`the stream holds ${log.end() - log.start()} of at most ${maxEntries} jobs`)
            return new StreamError({ reason: "full", operation: "publish", cause })
          }
          for (const job of jobs) log.append(job, time)
          const waiting = arrival
          arrival = Deferred.unsafeMake<void>(FiberId.none)
          return Effect.asVoid(Deferred.succeed(waiting, undefined))
        }),
      consumer: (region, name) => {
        const group = groupOf(region)
        return Effect.as(
          Effect.acquireRelease(
            now((time) => group.join(name, time)),
            () => Effect.sync(() => group.leave(name)),
          ),
          consumer(group, name),
        )
      },
      trim: (regions) => now((time) => trim(regions, time)),
      groups: (regions) => now((time) => regions.map((region) => groupOf(region).state(time))),
      ping: Effect.void,
    })
  })
