/** Measures what a job and a result take in Redis, in PostgreSQL and on the wire: `npm run scale:measure`. See `costs.ts`. */
import { Console, Context, Effect, Layer, Redacted } from "effect"
import { MonitorId } from "../../packages/domain/src/Ids.ts"
import { encodeJob, type Job, jobDeadline, jobVersion } from "../../packages/domain/src/Job.ts"
import { defaultRegions } from "../../packages/domain/src/Region.ts"
import { makePartitions } from "../../packages/persistence/src/Partitions.ts"
import { columnsOf } from "../../packages/persistence/src/ResultColumns.ts"
import { ResultStore } from "../../packages/persistence/src/ResultStore.ts"
import { CheckStream } from "../../packages/stream/src/CheckStream.ts"
import * as RedisConnection from "../../packages/stream/src/RedisConnection.ts"
import * as RedisStream from "../../packages/stream/src/RedisStream.ts"
import { startRedis } from "../../packages/testing/src/Servers.ts"
import { patientClient, startDatabase } from "../bench/database.ts"
import { addMonitors, addStatuses, addUser } from "../bench/monitors.ts"
import { upResult } from "../bench/upResult.ts"

const jobs = 100_000
const monitors = 10_000
const slotsPerMonitor = 10
const batchRows = 500

const jobOf = (n: number): Job => {
  const slot = 1_800_000_000_000 + n
  return {
    v: jobVersion,
    monitorId: MonitorId.make(`7c1b0bb0-6f62-4b52-9f0e-${n.toString(16).padStart(12, "0")}`),
    slot,
    deadline: jobDeadline(slot, 60),
    configVersion: 1,
    spec: { kind: "http", url: `https://service-${n}.example.com/health`, timeoutMs: 10_000 },
  }
}

/** Bytes of a job as text, as an entry, and as an entry that one group holds. */
const redis = Effect.gen(function* () {
  const { url } = yield* startRedis()
  const key = "stream"
  const stream = Context.get(yield* Layer.build(RedisStream.layer({ url: Redacted.make(url), key })), CheckStream)
  const connection = yield* RedisConnection.make({ url: Redacted.make(url), key, name: "measure", announce: false })
  const used = Effect.map(
    connection.run("measure", (client) => client.memory("USAGE", key, "SAMPLES", 0)),
    Number,
  )
  for (let n = 0; n < jobs; n += 1_000) {
    yield* stream.publish(Array.from({ length: 1_000 }, (_, i) => jobOf(n + i)))
  }
  const waiting = yield* used
  const consumer = yield* stream.consumer(defaultRegions[0], "a")
  for (let read = 0; read < jobs; ) read += (yield* consumer.read(5_000)).length
  const held = yield* used
  yield* Console.log(`a job as text: ${Buffer.byteLength(encodeJob(jobOf(0)))} bytes`)
  yield* Console.log(`an entry of the stream: ${(waiting / jobs).toFixed(0)} bytes`)
  yield* Console.log(`its being pending in one group: ${((held - waiting) / jobs).toFixed(0)} bytes`)
})

/** Bytes of a row with its indexes, of what is written ahead for it, and of what is sent for it. */
const postgres = Effect.gen(function* () {
  const { sql, url } = yield* startDatabase
  yield* addUser(sql)
  const ids = yield* addMonitors(sql, {
    count: monitors,
    url: "http://127.0.0.1",
    intervalSeconds: 60,
    dueInMs: 0,
  })
  yield* makePartitions(sql)
  yield* addStatuses(sql, Date.now() - 86_400_000)
  const store = Context.get(yield* Layer.build(Layer.provide(ResultStore.layer, patientClient(url, 1))), ResultStore)
  const sizes = sql<{ readonly heap: number; readonly all: number; readonly wal: number }>`
    SELECT sum(pg_relation_size(relid))::float8 AS heap, sum(pg_total_relation_size(relid))::float8 AS all,
      pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 AS wal
    FROM pg_partition_tree('check_results')`
  yield* sql`CHECKPOINT`
  const [before] = yield* sizes
  const started = Date.now() - slotsPerMonitor * 60_000
  let sent = 0
  for (let slot = 0; slot < slotsPerMonitor; slot++) {
    for (const region of defaultRegions) {
      for (let at = 0; at < ids.length; at += batchRows) {
        const batch = ids.slice(at, at + batchRows).map((id) => upResult(id, region, started + slot * 60_000))
        sent += JSON.stringify(columnsOf(batch)).length
        yield* store.insert(batch)
      }
    }
  }
  const [after] = yield* sizes
  const rows = ids.length * slotsPerMonitor * defaultRegions.length
  const each = (of: "all" | "heap" | "wal") => (((after?.[of] ?? 0) - (before?.[of] ?? 0)) / rows).toFixed(0)
  yield* Console.log(`a row: ${each("heap")} bytes, with its indexes ${each("all")}`)
  yield* Console.log(`written ahead for it, its status and full pages among that: ${each("wal")} bytes`)
  yield* Console.log(`sent for it: ${(sent / rows).toFixed(0)} bytes`)
})

await Effect.runPromise(Effect.scoped(Effect.zipRight(redis, postgres)))
