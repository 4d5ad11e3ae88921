import type { Job } from "@uptime/domain/Job"
import { fnv1a } from "@uptime/domain/Slot"
import { Effect, Either } from "effect"
import type { StreamError } from "./CheckStream.ts"
import type { RedisShard } from "./RedisShard.ts"
import { shardOf } from "./StreamShards.ts"

/** To how many other shards in a row jobs go whose shard did not take them. */
const maxDetours = 2

/**
 * Publishes jobs, each on the shard of its monitor. Any shard does for a job, since all are read: those of a shard that is
 * away, or takes no writes, go to the ones that are there, so that a node which is lost delays no check. A shard that failed
 * in the middle may have taken its jobs as well; they repeat then.
 *
 * @param shards one at least
 */
export const publishOn = (
  shards: ReadonlyArray<RedisShard>,
): ((jobs: ReadonlyArray<Job>) => Effect.Effect<void, StreamError>) => {
  const [only] = shards
  if (only !== undefined && shards.length === 1) return only.publish

  const isThere = ({ commands }: RedisShard) => commands.isConnected()

  /** Where each job goes now: to its own shard, or to one of the others that are there. */
  const split = (jobs: ReadonlyArray<Job>, failed: ReadonlySet<RedisShard>) => {
    const there = shards.filter((shard) => isThere(shard) && !failed.has(shard))
    const isOpen = new Set(there)
    const lists = new Map<RedisShard, Array<Job>>()
    for (const job of jobs) {
      const home = shards[shardOf(job.monitorId, shards.length)]
      const other = there[fnv1a(job.monitorId) % there.length]
      const target = home !== undefined && (other === undefined || isOpen.has(home)) ? home : other
      if (target === undefined) continue
      const list = lists.get(target) ?? []
      list.push(job)
      lists.set(target, list)
    }
    return [...lists]
  }

  const place = Effect.fnUntraced(function* (
    jobs: ReadonlyArray<Job>,
    failed: ReadonlySet<RedisShard>,
    detours: number,
  ): Effect.fn.Return<void, StreamError> {
    const lists = split(jobs, failed)
    const answers = yield* Effect.forEach(lists, ([shard, list]) => Effect.either(shard.publish(list)), {
      concurrency: "unbounded",
    })
    const left: Array<Job> = []
    const away = new Set(failed)
    let failure: StreamError | null = null
    lists.forEach(([shard, list], i) => {
      const answer = answers[i]
      if (answer === undefined || Either.isRight(answer)) return
      left.push(...list)
      away.add(shard)
      if (failure === null || answer.left.reason === "bug") failure = answer.left
    })
    return yield* settle(left, away, failure, detours)
  })

  const settle = (
    left: ReadonlyArray<Job>,
    away: ReadonlySet<RedisShard>,
    failure: StreamError | null,
    detours: number,
  ): Effect.Effect<void, StreamError> => {
    if (failure === null) return Effect.void
    const others = shards.some((shard) => isThere(shard) && !away.has(shard))
    return failure.reason === "bug" || detours === maxDetours || !others ? failure : place(left, away, detours + 1)
  }

  return (jobs) => (jobs.length === 0 ? Effect.void : place(jobs, new Set(), 0))
}
