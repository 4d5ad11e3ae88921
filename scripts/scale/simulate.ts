import { choices, costs } from "./costs.ts"

/** An installation to work out. */
export interface Scenario {
  readonly monitors: number
  readonly regions: number
  readonly intervalSeconds: number
  /** How many of the checks make a TLS handshake, 0 to 1. */
  readonly tls: number
  readonly seed: number
}

/** What it needs; per second, bytes and cores unless it says otherwise. */
export interface Needs {
  readonly jobs: number
  readonly checks: number
  /** Checks of the busiest second as a multiple of the mean, as the simulation found it. */
  readonly peak: number
  readonly workerCores: number
  readonly redisCores: number
  readonly shards: number
  readonly redisMemory: number
  readonly redisMemoryBehind: number
  readonly redisNetwork: number
  readonly redisConnections: number
  readonly postgresServers: number
  readonly rowsPerDay: number
  readonly storage: number
  readonly wal: number
  readonly postgresConnections: number
  readonly postgresNetwork: number
  readonly targetNetwork: number
  /** Seconds from the slot to the start of the check at the 99th of a hundred, in a region whose workers are loaded as planned. */
  readonly lateness: number
  readonly bottlenecks: ReadonlyArray<string>
}

/** Numbers from 0 to 1 by a seed: mulberry32 (https://github.com/bryc/code/blob/master/jshash/PRNGs.md). */
const randomOf = (seed: number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Monitors that are drawn one by one; a larger installation is so many of these. */
const drawn = 200_000

/** How long one claim takes to be on the stream, and how often there is one, in seconds. */
const tickSeconds = 1

/**
 * Plays one interval: each monitor has a phase of its grid and a shard, both by chance as their hashes are; the producers
 * claim once a second; each shard's jobs queue for its core, and all of them for a region's workers, which are as many as the
 * plan says. Gives the busiest second of a shard as a multiple of the mean, and the lateness of the starts.
 */
const play = ({ intervalSeconds, monitors, seed }: Scenario, shards: number, checksPerSecond: number) => {
  const random = randomOf(seed)
  const count = Math.min(monitors, drawn)
  const scale = monitors / count
  const due = Array.from({ length: intervalSeconds }, () => new Float64Array(shards))
  const seconds = new Float64Array(intervalSeconds)
  for (let i = 0; i < count; i++) {
    const second = Math.floor(random() * intervalSeconds)
    const shard = Math.floor(random() * shards)
    const row = due[second]
    if (row !== undefined) row[shard] = (row[shard] ?? 0) + scale
    seconds[second] = (seconds[second] ?? 0) + scale
  }
  const mean = monitors / intervalSeconds
  const shardRate = costs.addsPerSecond * choices.load
  let workersBehind = 0
  const late: Array<number> = []
  for (let second = 0; second < intervalSeconds; second++) {
    const slowest = Math.max(...(due[second] ?? [0])) / shardRate
    const arrived = seconds[second] ?? 0
    workersBehind = Math.max(0, workersBehind + arrived - checksPerSecond)
    // A job waits for its second's claim, for its shard, and for those of the region that came before it.
    for (let i = 0; i < 20; i++) {
      late.push(random() * tickSeconds + random() * slowest + (workersBehind + random() * arrived) / checksPerSecond)
    }
  }
  late.sort((a, b) => a - b)
  return { peak: Math.max(...seconds) / mean, lateness: late[Math.floor(late.length * 0.99)] ?? 0 }
}

/** Works out what an installation needs: rates times measured costs, and the queues by playing them. */
export const simulate = (scenario: Scenario): Needs => {
  const { intervalSeconds, monitors, regions, tls } = scenario
  const jobs = monitors / intervalSeconds
  const checks = jobs * regions
  const checkUs = costs.plainCheckUs * (1 - tls) + costs.tlsCheckUs * tls
  const workerCores = Math.ceil((jobs * checkUs) / 1e6 / choices.load)
  const redisCores = jobs / costs.addsPerSecond + checks / costs.readsPerSecond
  const needed = redisCores / choices.load
  const shards = needed <= 1 ? 1 : 2 ** Math.ceil(Math.log2(needed))
  const workers = workerCores * regions
  const servers = Math.ceil(checks / (costs.rowsPerServer * choices.load))
  const storage = checks * 86_400 * choices.retentionDays * costs.rowBytes
  const storageServers = Math.ceil(storage / choices.postgresBytes)
  const redisNetwork = jobs * costs.jobBytes * (1 + regions)
  const redisConnections = (workers * shards * choices.connectionsPerShard) / Math.max(1, Math.ceil(needed))
  const postgresServers = Math.max(servers, storageServers)
  const postgresConnections = (workers * choices.connectionsPerWorker) / postgresServers
  const { lateness, peak } = play(scenario, shards, jobs / choices.load)

  const bottlenecks = [
    [
      storage / choices.postgresBytes,
      `storage: ${storageServers} PostgreSQL servers of 20 TB for ${choices.retentionDays} days`,
    ],
    [checks / (costs.rowsPerServer * choices.load), `rows: ${servers} PostgreSQL servers for the inserts alone`],
    [needed, `Redis: ${Math.ceil(needed)} cores of it, ${shards} shards`],
    [shards / choices.maxShards, `shards: more than ${choices.maxShards}`],
    [redisConnections / choices.redisConnections, "connections to a node of Redis"],
    [
      (workers * choices.connectionsPerWorker) / choices.postgresConnections,
      "connections to PostgreSQL, without a pooler",
    ],
    [redisNetwork / Math.max(1, Math.ceil(needed)) / choices.networkBytesPerSecond, "network of a node of Redis"],
  ] as const
  return {
    jobs,
    checks,
    peak,
    workerCores,
    redisCores,
    shards,
    redisMemory: jobs * choices.heldSeconds * (costs.entryBytes + regions * costs.pendingBytes),
    redisMemoryBehind: jobs * choices.entryAgeSeconds * costs.entryBytes,
    redisNetwork,
    redisConnections,
    postgresServers,
    rowsPerDay: checks * 86_400,
    storage,
    wal: checks * costs.walBytes,
    postgresConnections,
    postgresNetwork: checks * costs.sentBytes,
    targetNetwork: jobs * (costs.plainWireBytes * (1 - tls) + costs.tlsWireBytes * tls),
    lateness,
    bottlenecks: [...bottlenecks]
      .filter(([times]) => times > 1)
      .sort(([a], [b]) => b - a)
      .map(([times, what]) => `${times.toFixed(1)} × one: ${what}`),
  }
}
