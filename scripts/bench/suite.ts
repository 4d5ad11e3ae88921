import { Clock, Effect, Option } from "effect"
import { defaultRegions } from "../../packages/domain/src/Region.ts"
import { bundled, startApp } from "../../packages/testing/src/AppProcess.ts"
import { eventually } from "../../packages/testing/src/Eventually.ts"
import { freePort } from "../../packages/testing/src/FreePort.ts"
import { startRedis } from "../../packages/testing/src/Servers.ts"
import { metricsOf } from "./app.mjs"
import { startDatabase } from "./database.ts"
import { addMonitors, addStatuses, addUser } from "./monitors.ts"
import { cpuOf, memoryOf } from "./processUse.ts"
import { ask, startTargetApp } from "./targetApp.ts"

const streamKey = "BetterUptime:Websites"
const intervalSeconds = 60

/** How long after the start of the processes the first monitor is due, in milliseconds. */
const dueInMs = 5_000

/** Slots of the last moment are published by then: a producer looks once a second. */
const untilPublished = "3 seconds"

/** What is still to be done when the producer has stopped is done or expired by then: a job expires after two minutes. */
const drainLimit = "180 seconds"

/** How late checks began after their slots in milliseconds, of the slots within a time. */
export interface Lateness {
  readonly checks: number
  readonly p50: number
  readonly p99: number
  readonly max: number
  /** Checks whose turn came too late: stored as `Unknown`, and in the figures above too. */
  readonly expired: number
}

/** What became of all jobs. */
export interface Account {
  readonly rows: number
  /** Results that are missing of the jobs that were published. */
  readonly lost: number
  /** Requests to the target beyond those that the rows tell of. */
  readonly doubled: number
  /** Slots that the producer passed over because a newer one was due already. */
  readonly coalesced: number
}

/**
 * The whole of an installation on this machine: PostgreSQL, Redis, a target, a producer, and a worker for each region, with so
 * many monitors at 60 s, all of them up, whose slots are spread over the minute.
 */
export const startSuite = Effect.fnUntraced(function* (monitors: number) {
  const entry = (file: string) => bundled(new URL(file, import.meta.url))
  const [database, redis, target, producerBundle, workerBundle] = yield* Effect.all(
    [
      startDatabase,
      startRedis(),
      startTargetApp,
      entry("../../apps/producer/src/main.ts"),
      entry("../../apps/worker/src/main.ts"),
    ],
    { concurrency: "unbounded" },
  )
  const { sql } = database
  yield* addUser(sql)
  yield* addMonitors(sql, { count: monitors, url: `http://127.0.0.1:${target.ports.http}`, intervalSeconds, dueInMs })
  yield* addStatuses(sql, (yield* Clock.currentTimeMillis) - 60_000)
  const environment = {
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    STREAM_KEY: streamKey,
    PROBE_ALLOW_CIDRS: "127.0.0.0/8",
    NODE_ENV: "production",
  }
  const producerPort = yield* freePort
  const producer = yield* startApp(producerBundle, { ...environment, PORT: String(producerPort) })
  const workers = yield* Effect.forEach(defaultRegions, (region) =>
    Effect.map(startApp(workerBundle, { ...environment, REGION: region, PORT: "0" }), ({ pid }) => ({ region, pid })),
  )
  const processes: ReadonlyArray<{ readonly name: string; readonly pid: number; readonly share?: number }> = [
    { name: "producer", pid: producer.pid },
    ...workers.map(({ pid, region }) => ({ name: `worker ${region}`, pid, share: 1 / defaultRegions.length })),
    { name: "PostgreSQL", pid: database.pid },
    { name: "Redis", pid: Option.getOrElse(yield* redis.pid, () => 0) },
    { name: "target", pid: target.pid },
  ]

  const stream = Effect.map(ask(redis.port, `XINFO STREAM ${streamKey}\r\nQUIT\r\n`), (answer) => {
    const field = (name: string) => Number(new RegExp(`\\b${name}\\r\\n:(\\d+)`).exec(answer)?.[1] ?? 0)
    return { length: field("length"), published: field("entries-added") }
  })
  const groups = Effect.map(ask(redis.port, `XINFO GROUPS ${streamKey}\r\nQUIT\r\n`), (answer) => {
    const sum = (name: string) =>
      [...answer.matchAll(new RegExp(`\\b${name}\\r\\n:(\\d+)`, "g"))].reduce((total, [, n]) => total + Number(n), 0)
    return sum("lag") + sum("pending")
  })

  /** The processor time, in microseconds, and the memory, in bytes, of each process so far; it has that share of the checks. */
  const use = Effect.forEach(processes, ({ name, pid, share = 1 }) =>
    Effect.map(Effect.all({ cpu: cpuOf(pid), memory: memoryOf(pid) }), (used) => ({ name, share, ...used })),
  )

  /** Stops the producer, waits until all that it published is done, and counts. */
  const finish: Effect.Effect<Account, unknown> = Effect.gen(function* () {
    yield* Effect.sleep(untilPublished)
    const metric = yield* Effect.promise(() => metricsOf(`http://127.0.0.1:${producerPort}`))
    const coalesced = metric("uptime_coalesced_slots_total")
    yield* producer.kill("SIGTERM")
    yield* producer.ended
    yield* eventually(groups, (left) => left === 0, drainLimit)
    const [counted] = yield* sql<{ readonly rows: number; readonly requests: number }>`
        SELECT count(*) AS rows, coalesce(sum(attempts) FILTER (WHERE error_kind IS DISTINCT FROM 'internal'), 0) AS requests
        FROM check_results`
    const { requests, rows } = counted ?? { requests: 0, rows: 0 }
    return {
      rows,
      lost: (yield* stream).published * defaultRegions.length - rows,
      doubled: (yield* target.requests) - requests,
      coalesced,
    }
  })

  /** The lateness of the checks of slots from one instant to another, in milliseconds since the epoch. */
  const lateness = (from: number, to: number): Effect.Effect<Lateness, unknown> =>
    sql<Lateness>`
        SELECT count(*) AS checks, coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY late), 0) AS p50,
          coalesce(percentile_disc(0.99) WITHIN GROUP (ORDER BY late), 0) AS p99, coalesce(max(late), 0) AS max,
          count(*) FILTER (WHERE error_kind = 'internal') AS expired
        FROM (
          SELECT date_part('epoch', checked_at - scheduled_at) * 1000 AS late, error_kind FROM check_results
          WHERE scheduled_at >= to_timestamp(${from}::float8 / 1000)
            AND scheduled_at < to_timestamp(${to}::float8 / 1000)
        ) AS checked`.pipe(Effect.map(([row]) => row ?? { checks: 0, p50: 0, p99: 0, max: 0, expired: 0 }))

  return { use, stream, finish, lateness }
})
