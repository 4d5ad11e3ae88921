import type { MonitorId } from "@uptime/domain/Ids"
import { fnv1a } from "@uptime/domain/Slot"
import { maxStreamShards } from "@uptime/runtime/Settings"
import { slotOf } from "./RedisLocation.ts"
import { withTag } from "./StreamKeys.ts"

/** One of the streams that the jobs are split over. */
export interface Shard {
  /** What tells its entries from those of other shards, in front of their ids. */
  readonly prefix: string
  /** The key of its stream. */
  readonly key: string
}

/**
 * The shard of a monitor's jobs, 0 to `shards` - 1: the same for ever, and independent of the phase of its slots, so that
 * the jobs of each second are spread over all shards.
 */
export const shardOf = (monitorId: MonitorId, shards: number): number =>
  Math.floor((mixed(fnv1a(monitorId)) / 2 ** 32) * shards)

/** A hash of which each bit depends on every bit of another: MurmurHash3's last step (fmix32). */
const mixed = (hash: number): number => {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35)
  return (twice ^ (twice >>> 16)) >>> 0
}

/**
 * The shards of a stream: its key itself where it is not split, else keys with hash tags of their own. What a shard is called
 * does not depend on how many there are.
 *
 * Tags are chosen so that the slots of the first 2, 4, 8 … shards lie evenly over those of a cluster, and so over its nodes.
 */
export const shardsOf = (key: string, shards: number): ReadonlyArray<Shard> =>
  shards === 1
    ? [{ prefix: "", key }]
    : Array.from({ length: shards }, (_, n) => ({ prefix: `${n}:`, key: shardKey(key, n) }))

const slots = 16_384
const slotsPerShard = slots / maxStreamShards

const shardKey = (key: string, n: number): string => {
  const first = reversedBits(n) * slotsPerShard
  for (let i = 0; ; i++) {
    const candidate = withTag(key, `:${n}.${i}`)
    const slot = slotOf(candidate)
    if (slot >= first && slot < first + slotsPerShard) return candidate
  }
}

/** The bits of a number below `maxStreamShards` (a power of two) in reverse: 0, 64, 32, 96, 16 … for 0, 1, 2, 3, 4 … */
const reversedBits = (n: number): number => {
  let reversed = 0
  for (let bit = 1; bit < maxStreamShards; bit *= 2) reversed = reversed * 2 + (Math.floor(n / bit) % 2)
  return reversed
}
