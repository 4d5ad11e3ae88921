/**
 * What one of each costs, as measured; what `simulate.ts` computes with. "Bench" is `npm run bench`, "measure" is
 * `npm run scale:measure`, both on two cores of a virtual machine (Node 20, Redis 7.0, PostgreSQL 15), everything on loopback.
 */
export const costs = {
  /** Processor time of a worker for a check, microseconds: the whole loop, a new connection each (bench). */
  plainCheckUs: 291,
  /** The same with a TLS handshake (bench). */
  tlsCheckUs: 1_900,
  /** `XADD` a second on one core of Redis, a thousand in one command (bench). */
  addsPerSecond: 95_000,
  /** `XREADGROUP` with `XACK` a second on one core of Redis (bench). */
  readsPerSecond: 107_000,
  /** Rows a second by `unnest` on one connection, and on four, where the two cores were full (bench). */
  rowsPerConnection: 89_000,
  rowsPerServer: 168_000,
  /** A job as text, an entry of the stream, and what it takes more while a region's worker holds it, bytes (measure). */
  jobBytes: 208,
  entryBytes: 244,
  pendingBytes: 548,
  /** A row of results with its indexes, what is written ahead for it, and what is sent for it, bytes (measure). */
  rowBytes: 190,
  walBytes: 528,
  sentBytes: 141,
  /** A check on the wire, bytes both ways: connection, request, answer without a body; with TLS its certificates too (assumed). */
  plainWireBytes: 1_500,
  tlsWireBytes: 6_500,
} as const

/** How an installation is set up; what was not measured, but chosen. */
export const choices = {
  /** How much of a core, or of a server, is planned with: the rest is for what comes at once. */
  load: 0.6,
  /** How long an entry is kept where a region has not acknowledged it, in seconds: `maxEntryAgeMs`. */
  entryAgeSeconds: 900,
  /** How long a healthy region holds an entry: the probe, the batch, the acknowledgement, in seconds. */
  heldSeconds: 1.5,
  /** How long a target takes on average to answer, in seconds. */
  targetSeconds: 0.2,
  retentionDays: 90,
  /** Database connections and places of a worker process. */
  connectionsPerWorker: 4,
  /** Connections of a worker to each shard: commands, and the read that waits. */
  connectionsPerShard: 2,
  /** What one node or server can hold or carry before it is the wrong size: connections, bytes a second, bytes. */
  redisConnections: 10_000,
  networkBytesPerSecond: 1.25e9,
  postgresConnections: 2_000,
  postgresBytes: 20e12,
  maxShards: 128,
} as const
