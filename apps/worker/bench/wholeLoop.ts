import * as Fs from "node:fs"
import { SqlClient } from "@effect/sql/SqlClient"
import { MonitorId } from "@uptime/domain/Ids"
import { type Job, jobDeadline, jobVersion } from "@uptime/domain/Job"
import { Region } from "@uptime/domain/Region"
import { migrate } from "@uptime/persistence/Migrations"
import * as PostgresSql from "@uptime/persistence/PostgresSql"
import { CheckStream } from "@uptime/stream/CheckStream"
import * as RedisStream from "@uptime/stream/RedisStream"
import { type AppProcess, bundled, startApp } from "@uptime/testing/AppProcess"
import { eventually } from "@uptime/testing/Eventually"
import { startPostgres, startRedis } from "@uptime/testing/Servers"
import { Clock, Console, Effect, Layer, Redacted, Schema } from "effect"

const monitors = 1_000
const warmUpJobs = 5_000
const jobs = 30_000
const concurrency = 100
const region = Region.make("USA")

/** CPU time of a process so far in microseconds, user and system (proc(5): clock ticks, 100 a second). */
const cpuOf = (pid: number) =>
  Effect.sync(() => {
    const fields = Fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10_000
  })

const numberAfter = (word: string, output: string) => Number(new RegExp(`${word} ([\\d.]+)`).exec(output)?.[1])

/**
 * CPU time of the worker per check, whole loop (read, probe on a new connection, bulk insert, acknowledge), beside a bare
 * `node:net` request to the same target in the same run. Linux only: it reads /proc.
 */
const main = Effect.gen(function* () {
  const entry = (file: string) => bundled(new URL(file, import.meta.url))
  const [postgres, redis, targetBundle, bareBundle] = yield* Effect.all(
    [startPostgres(), startRedis(), entry("./target.ts"), entry("./bareRequests.ts")],
    { concurrency: "unbounded" },
  )
  const workerBundle = yield* bundled(new URL("../src/main.ts", import.meta.url))
  const target = yield* startApp(targetBundle, {})
  yield* target.awaitOutput("listening")
  const targetPort = numberAfter("listening", yield* target.output)

  return yield* Effect.gen(function* () {
    const sql = yield* SqlClient
    const stream = yield* CheckStream
    yield* migrate
    yield* sql`
      INSERT INTO users (id, email, name, password_hash, created_at, updated_at)
      VALUES ('00000000-0000-4000-8000-000000000000', 'bench@example.com', 'Bench', '-', now(), now())`
    const ids = (yield* sql<{ readonly id: string }>`
      INSERT INTO monitors (id, user_id, name, kind, url, interval_seconds, timeout_ms, enabled, next_check_at, created_at, updated_at)
      SELECT gen_random_uuid(), '00000000-0000-4000-8000-000000000000', 'monitor ' || n, 'http',
             ${`http://127.0.0.1:${targetPort}/`}, 86400, 5000, true, now() + interval '1 day', now(), now()
      FROM generate_series(1, ${monitors}) n RETURNING id`).map(({ id }) => Schema.decodeSync(MonitorId)(id))

    const rows = sql<{ rows: number }>`SELECT count(*)::int AS rows FROM check_results`.pipe(
      Effect.map(([row]) => row?.rows ?? 0),
    )
    const worker = yield* startApp(workerBundle, {
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      REGION: region,
      PORT: "0",
      PROBE_CONCURRENCY: String(concurrency),
      PROBE_ALLOW_CIDRS: "127.0.0.0/8",
      NODE_ENV: "production",
    })

    const runJobs = (count: number) =>
      Effect.gen(function* () {
        const before = yield* rows
        const base = yield* Clock.currentTimeMillis
        for (let done = 0; done < count; done += monitors) {
          const slot = base + done / monitors
          yield* stream.publish(
            ids.map(
              (monitorId): Job => ({
                v: jobVersion,
                monitorId,
                slot,
                deadline: jobDeadline(slot, 300),
                configVersion: 1,
                spec: { kind: "http", url: `http://127.0.0.1:${targetPort}/`, timeoutMs: 5000 },
              }),
            ),
          )
        }
        yield* eventually(rows, (now) => now >= before + count, "120 seconds")
      })

    yield* runJobs(warmUpJobs)
    const cpuBefore = yield* cpuOf(worker.pid)
    const began = yield* Clock.currentTimeMillis
    yield* runJobs(jobs)
    const seconds = ((yield* Clock.currentTimeMillis) - began) / 1000
    const wholeLoop = ((yield* cpuOf(worker.pid)) - cpuBefore) / jobs

    const bare = yield* bareCpu(bareBundle, targetPort)
    yield* Console.log(
      [
        `worker, whole loop   ${wholeLoop.toFixed(0)} µs of CPU per check (${jobs} checks in ${seconds.toFixed(1)} s)`,
        `bare node:net        ${bare.toFixed(0)} µs of CPU per request`,
        `ratio                ${(wholeLoop / bare).toFixed(2)} (budget 2.0)`,
      ].join("\n"),
    )
  }).pipe(
    Effect.provide(
      Layer.merge(
        PostgresSql.layer({ url: Redacted.make(postgres.url), applicationName: "bench", maxConnections: 2 }),
        RedisStream.layer({ url: Redacted.make(redis.url), key: "BetterUptime:Websites" }),
      ),
    ),
  )
})

const bareCpu = (bundle: string, targetPort: number) =>
  Effect.gen(function* () {
    const app: AppProcess = yield* startApp(bundle, {
      TARGET_PORT: String(targetPort),
      REQUESTS: String(jobs),
      CONCURRENCY: String(concurrency),
    })
    yield* app.ended
    return numberAfter("cpu", yield* app.output)
  })

await Effect.runPromise(Effect.scoped(main))
