import { assert, describe, it } from "@effect/vitest"
import { MonitorId } from "@uptime/domain/Ids"
import { slotAfter, slotGrid } from "@uptime/domain/Slot"
import { maxStreamShards } from "@uptime/runtime/Settings"
import { slotOf } from "@uptime/stream/RedisLocation"
import { deadKey, testRunKey, testRunKeys } from "@uptime/stream/StreamKeys"
import { shardOf, shardsOf } from "@uptime/stream/StreamShards"
import fc from "fast-check"
import { usa } from "./Jobs.ts"

const anyId = fc.uuid().map((text) => MonitorId.make(text))
const anyShards = fc.integer({ min: 1, max: maxStreamShards })

/** Ids as they are made one after the other, at random, or by time. */
const manyIds = (seed: number, count: number) =>
  Array.from({ length: count }, (_, i) => {
    const digits = (seed + i).toString(16).padStart(12, "0")
    return MonitorId.make(
      [`${digits.slice(-8)}-0000-4000-8000-000000000000`, `00000000-0000-4000-8000-${digits}`][seed % 2] ?? "",
    )
  })

describe("shardOf", () => {
  it("is one of the shards, and the same every time", () => {
    fc.assert(
      fc.property(anyId, anyShards, (id, shards) => {
        const shard = shardOf(id, shards)
        assert.isTrue(Number.isInteger(shard) && shard >= 0 && shard < shards)
        assert.strictEqual(shardOf(MonitorId.make(`${id}`), shards), shard)
      }),
    )
  })

  it("never changes: jobs of a monitor that two releases publish go to one shard", () => {
    const known = [
      ["00000000-0000-4000-8000-000000000001", 8],
      ["7c1b0bb0-6f62-4b52-9f0e-3d9d8c2f6b11", 8],
      ["00000000-0000-4000-8000-000000000001", 128],
    ] as const
    assert.deepStrictEqual(
      known.map(([id, shards]) => shardOf(MonitorId.make(id), shards)),
      [2, 0, 43],
    )
  })

  it("spreads monitors evenly, however their ids were made", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), fc.constantFrom(2, 3, 8, 16, 100, 128), (seed, shards) => {
        const counts = new Array<number>(shards).fill(0)
        const each = 500
        for (const id of manyIds(seed, each * shards)) {
          const shard = shardOf(id, shards)
          counts[shard] = (counts[shard] ?? 0) + 1
        }
        // Six standard deviations of a fair draw.
        const most = 6 * Math.sqrt(each)
        for (const count of counts) assert.isBelow(Math.abs(count - each), most)
      }),
      { numRuns: 30 },
    )
  })

  it("spreads the monitors that are due in one second over all shards", () => {
    const shards = 16
    const counts = new Array<number>(shards).fill(0)
    let due = 0
    for (const id of manyIds(1, 200_000)) {
      if (slotAfter(slotGrid(id, 60), 0) >= 1_000) continue
      due++
      const shard = shardOf(id, shards)
      counts[shard] = (counts[shard] ?? 0) + 1
    }
    for (const count of counts) assert.isBelow(Math.abs(count - due / shards), 6 * Math.sqrt(due / shards))
  })
})

describe("shardsOf", () => {
  const keys = ["BetterUptime:Websites", "jobs", "{shard7}:jobs", "jobs{7}", "x{y"] as const

  it("is the key itself where the stream is not split", () => {
    for (const key of keys) assert.deepStrictEqual(shardsOf(key, 1), [{ prefix: "", key }])
  })

  it("calls a shard the same however many there are", () => {
    for (const key of keys) assert.deepStrictEqual(shardsOf(key, 16), shardsOf(key, maxStreamShards).slice(0, 16))
  })

  it("keeps all keys of a shard in one slot, and shards in different ones", () => {
    for (const key of keys) {
      const all = shardsOf(key, maxStreamShards)
      assert.lengthOf(new Set(all.map((shard) => slotOf(shard.key))), maxStreamShards)
      assert.lengthOf(new Set(all.map((shard) => shard.prefix)), maxStreamShards)
      for (const shard of all) assert.strictEqual(slotOf(deadKey(shard.key, usa)), slotOf(shard.key))
    }
  })

  it("puts as many shards on each node of a cluster as on any other, give or take one", () => {
    for (const [shards, nodes] of [
      [8, 2],
      [8, 3],
      [16, 3],
      [16, 5],
      [32, 6],
      [64, 10],
    ] as const) {
      const counts = new Array<number>(nodes).fill(0)
      for (const { key } of shardsOf("BetterUptime:Websites", shards)) {
        const node = Math.floor((slotOf(key) * nodes) / 16_384)
        counts[node] = (counts[node] ?? 0) + 1
      }
      assert.isAtMost(Math.max(...counts) - Math.min(...counts), 1, `${shards} over ${nodes}: ${counts}`)
    }
  })

  it("leaves test runs in one slot, whatever the number of shards", () => {
    for (const key of keys) {
      const { waiting, workers } = testRunKeys(key, usa)
      assert.lengthOf(new Set([waiting, workers, testRunKey(key, "1")].map(slotOf)), 1)
    }
  })
})
