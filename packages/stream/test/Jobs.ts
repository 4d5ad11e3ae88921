import { MonitorId } from "@uptime/domain/Ids"
import { type Job, jobVersion } from "@uptime/domain/Job"
import { Region } from "@uptime/domain/Region"
import { shardOf } from "@uptime/stream/StreamShards"

export const usa = Region.make("USA")
export const india = Region.make("India")

/** How many shards the tests split a stream over, and the one that the jobs of `job` are in. */
export const shards = 4
export const jobShard = 2

/** The monitor number `n`, of those whose jobs are in a shard. */
const monitor = (n: number, shard: number): MonitorId => {
  for (let i = 0; ; i++) {
    const id = MonitorId.make(`00000000-0000-4000-8${i.toString(16).padStart(3, "0")}-${String(n).padStart(12, "0")}`)
    if (shardOf(id, shards) === shard) return id
  }
}

/** The job number `n`: all of them are in one shard, where there are several, and so in order. */
export const job = (n: number, shard = jobShard): Job => ({
  v: jobVersion,
  monitorId: monitor(n, shard),
  slot: 1_700_000_000_000 + n,
  deadline: 1_700_000_120_000 + n,
  configVersion: 1,
  spec: { kind: "http", url: `https://example.com/${n}`, timeoutMs: 10_000 },
})

/** The jobs number `from` to `to`, both among them. */
export const jobs = (from: number, to: number): ReadonlyArray<Job> =>
  Array.from({ length: to - from + 1 }, (_, i) => job(from + i))

/** The number of a job. */
export const numberOf = ({ job: { slot } }: { readonly job: Job }): number => slot - 1_700_000_000_000

/** The jobs number `from` to `to`, over all shards by turns. */
export const spreadJobs = (from: number, to: number): ReadonlyArray<Job> =>
  Array.from({ length: to - from + 1 }, (_, i) => job(from + i, (from + i) % shards))
