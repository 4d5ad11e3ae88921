import * as Fs from "node:fs"
import { SqlClient } from "@effect/sql/SqlClient"
import { Clock, Console, Effect, Layer, Redacted, Schema } from "effect"
import { MonitorId } from "../../packages/domain/src/Ids.ts"
import { type Job, jobDeadline, jobVersion } from "../../packages/domain/src/Job.ts"
import { Region } from "../../packages/domain/src/Region.ts"
import { migrate } from "../../packages/persistence/src/Migrations.ts"
import * as PostgresSql from "../../packages/persistence/src/PostgresSql.ts"
import { CheckStream } from "../../packages/stream/src/CheckStream.ts"
import * as RedisStream from "../../packages/stream/src/RedisStream.ts"
import { bundled, startApp } from "../../packages/testing/src/AppProcess.ts"
import { selfSigned } from "../../packages/testing/src/Certificates.ts"
import { eventually } from "../../packages/testing/src/Eventually.ts"
import { startPostgres, startRedis } from "../../packages/testing/src/Servers.ts"
import { type Exporter, startExporter } from "./blackboxExporter.ts"

/** The processor time of one check and of one bare request, in microseconds. */
export interface Cost {
  readonly check: number
  readonly bare: number
}

/** What one round took. */
export interface Round {
  readonly http: Cost
  readonly https: Cost
  /** The processor time of one probe of blackbox_exporter, in microseconds; null where it is not installed. */
  readonly exporter: { readonly http: number; readonly https: number } | null
}

type Scheme = "http" | "https"

const monitors = 1_000
const concurrency = 100
const region = Region.make("USA")

/** How many checks and requests a round counts; a handshake takes ten times as long as a plain request. */
const perRound: Readonly<Record<Scheme, number>> = { http: 10_000, https: 2_000 }
const warmUp: Readonly<Record<Scheme, number>> = { http: 10_000, https: 2_000 }
/** Probes of the exporter, which takes several times as long. */
const probesPerRound = 2_000

/** Processor time of a process so far in microseconds, user and system (proc(5): clock ticks, 100 a second). */
const cpuOf = (pid: number) =>
  Effect.sync(() => {
    const fields = Fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10_000
  })

/** The processor time that a process takes for something, per unit of it, in microseconds. */
const cpuPer = <A, E, R>(pid: number, units: number, work: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const before = yield* cpuOf(pid)
    yield* work
    return ((yield* cpuOf(pid)) - before) / units
  })

const numberAfter = (word: string, output: string) => Number(new RegExp(`\\b${word} ([\\d.]+)`).exec(output)?.[1])

/** Measures a worker against a target on this machine, with a PostgreSQL and a Redis of its own, one round after the other. */
export const measureWorker = (rounds: number) =>
  Effect.gen(function* () {
    const entry = (file: string) => bundled(new URL(file, import.meta.url))
    const [postgres, redis, targetBundle, bareBundle, workerBundle, exporter, certificate] = yield* Effect.all(
      [
        startPostgres(),
        startRedis(),
        entry("./targetProcess.ts"),
        entry("./bareRequests.ts"),
        entry("../../apps/worker/src/main.ts"),
        startExporter,
        selfSigned({ addresses: ["127.0.0.1"] }),
      ],
      { concurrency: "unbounded" },
    )
    const target = yield* startApp(targetBundle, { CERT: certificate.cert, KEY: certificate.key })
    yield* Effect.all([target.awaitOutput("http "), target.awaitOutput("https ")])
    const said = yield* target.output
    const ports: Readonly<Record<Scheme, number>> = {
      http: numberAfter("http", said),
      https: numberAfter("https", said),
    }
    const worker = yield* startApp(workerBundle, {
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      REGION: region,
      PORT: "0",
      PROBE_CONCURRENCY: String(concurrency),
      PROBE_ALLOW_CIDRS: "127.0.0.0/8",
      NODE_ENV: "production",
    })

    const bare = (scheme: Scheme) =>
      Effect.scoped(
        Effect.gen(function* () {
          const app = yield* startApp(bareBundle, {
            TARGET_PORT: String(ports[scheme]),
            REQUESTS: String(perRound[scheme]),
            WARM_UP: String(warmUp[scheme] / 5),
            CONCURRENCY: String(concurrency),
            TLS: scheme === "https" ? "1" : "0",
          })
          yield* app.ended
          return numberAfter("cpu", yield* app.output)
        }),
      )

    return yield* Effect.gen(function* () {
      const runJobs = yield* jobsFor(ports)
      const cost = (scheme: Scheme) =>
        Effect.all({
          check: cpuPer(worker.pid, perRound[scheme], runJobs(scheme, perRound[scheme])),
          bare: bare(scheme),
        })
      yield* runJobs("http", warmUp.http)
      yield* runJobs("https", warmUp.https)
      return yield* Effect.forEach(Array.from({ length: rounds }), (_, n) =>
        Effect.all({
          http: cost("http"),
          https: cost("https"),
          exporter: exporter === null ? Effect.succeed(null) : probes(exporter, ports),
        }).pipe(
          Effect.tap(({ http, https }: Round) =>
            Console.log(
              `round ${n + 1} of ${rounds}: http ${http.check.toFixed(0)} µs against ${http.bare.toFixed(0)}, ` +
                `https ${https.check.toFixed(0)} against ${https.bare.toFixed(0)}`,
            ),
          ),
        ),
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

/** Publishes jobs and waits until the result of each is stored. */
const jobsFor = (ports: Readonly<Record<Scheme, number>>) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    const stream = yield* CheckStream
    yield* migrate
    yield* sql`
      INSERT INTO users (id, email, name, password_hash, created_at, updated_at)
      VALUES ('00000000-0000-4000-8000-000000000000', 'bench@example.com', 'Bench', '-', now(), now())`
    const ids = (yield* sql<{ readonly id: string }>`
      INSERT INTO monitors (id, user_id, name, kind, url, interval_seconds, timeout_ms, enabled, next_check_at, created_at, updated_at)
      SELECT gen_random_uuid(), '00000000-0000-4000-8000-000000000000', 'monitor ' || n, 'http',
             ${`http://127.0.0.1:${ports.http}/`}, 86400, 5000, true, now() + interval '1 day', now(), now()
      FROM generate_series(1, ${monitors}) n RETURNING id`).map(({ id }) => Schema.decodeSync(MonitorId)(id))
    const rows = sql<{ readonly rows: number }>`SELECT count(*)::int AS rows FROM check_results`.pipe(
      Effect.map(([row]) => row?.rows ?? 0),
    )
    let lastSlot = yield* Clock.currentTimeMillis
    const spec = (scheme: Scheme): Job["spec"] => ({
      kind: "http",
      url: `${scheme}://127.0.0.1:${ports[scheme]}/`,
      timeoutMs: 5000,
      ...(scheme === "https" && { http: { ignoreTls: true } }),
    })
    return (scheme: Scheme, count: number) =>
      Effect.gen(function* () {
        const before = yield* rows
        for (let done = 0; done < count; done += monitors) {
          const slot = ++lastSlot
          yield* stream.publish(
            ids.map(
              (monitorId): Job => ({
                v: jobVersion,
                monitorId,
                slot,
                deadline: jobDeadline(slot, 300),
                configVersion: 1,
                spec: spec(scheme),
              }),
            ),
          )
        }
        yield* eventually(rows, (now) => now >= before + count, "120 seconds")
      })
  })

const probes = (exporter: Exporter, ports: Readonly<Record<Scheme, number>>) => {
  const of = (scheme: Scheme) =>
    cpuPer(
      exporter.pid,
      probesPerRound,
      Effect.forEach(
        Array.from({ length: probesPerRound }),
        () => exporter.probe(`${scheme}://127.0.0.1:${ports[scheme]}/`),
        { concurrency: 50, discard: true },
      ),
    )
  return Effect.all({ http: of("http"), https: of("https") })
}
