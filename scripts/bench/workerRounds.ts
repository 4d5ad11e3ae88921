import { SqlClient } from "@effect/sql/SqlClient"
import { Console, Effect, Layer, Redacted } from "effect"
import { Region } from "../../packages/domain/src/Region.ts"
import { migrate } from "../../packages/persistence/src/Migrations.ts"
import * as PostgresSql from "../../packages/persistence/src/PostgresSql.ts"
import { CheckStream } from "../../packages/stream/src/CheckStream.ts"
import * as RedisStream from "../../packages/stream/src/RedisStream.ts"
import { bundled, startApp } from "../../packages/testing/src/AppProcess.ts"
import { startPostgres, startRedis } from "../../packages/testing/src/Servers.ts"
import { type Exporter, startExporter } from "./blackboxExporter.ts"
import { jobRunner } from "./jobs.ts"
import { addMonitors, addUser } from "./monitors.ts"
import { cpuPer } from "./processUse.ts"
import type { SectionOptions } from "./section.ts"
import { startTargetApp } from "./targetApp.ts"

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

interface Sizes {
  /** How many checks and requests a round counts; a handshake takes ten times as long as a plain request. */
  readonly perRound: Readonly<Record<Scheme, number>>
  /** Probes of the exporter, which takes several times as long. */
  readonly probes: number
}

const sizesOf = (quick: boolean): Sizes =>
  quick
    ? { perRound: { http: 2_000, https: 1_000 }, probes: 200 }
    : { perRound: { http: 10_000, https: 2_000 }, probes: 2_000 }

const numberAfter = (word: string, output: string) => Number(new RegExp(`\\b${word} ([\\d.]+)`).exec(output)?.[1])

/** Measures a worker against a target on this machine, with a PostgreSQL and a Redis of its own, one round after the other. */
export const measureWorker = Effect.fnUntraced(function* ({ quick, rounds }: SectionOptions) {
  const { perRound, probes: probesPerRound } = sizesOf(quick)
  const entry = (file: string) => bundled(new URL(file, import.meta.url))
  const [postgres, redis, { ports }, bareBundle, workerBundle, exporter] = yield* Effect.all(
    [
      startPostgres(),
      startRedis(),
      startTargetApp,
      entry("./bareRequests.ts"),
      entry("../../apps/worker/src/main.ts"),
      startExporter,
    ],
    { concurrency: "unbounded" },
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

  const bare = (scheme: Scheme) =>
    Effect.scoped(
      Effect.gen(function* () {
        const app = yield* startApp(bareBundle, {
          TARGET_PORT: String(ports[scheme]),
          REQUESTS: String(perRound[scheme]),
          WARM_UP: String(perRound[scheme] / 5),
          CONCURRENCY: String(concurrency),
          TLS: scheme === "https" ? "1" : "0",
        })
        yield* app.ended
        return numberAfter("cpu", yield* app.output)
      }),
    )

  return yield* Effect.gen(function* () {
    const runJobs = yield* checksOf(ports)
    const cost = (scheme: Scheme) =>
      Effect.all({
        check: cpuPer(worker.pid, perRound[scheme], runJobs(scheme, perRound[scheme])),
        bare: bare(scheme),
      })
    yield* runJobs("http", perRound.http)
    yield* runJobs("https", perRound.https)
    return yield* Effect.forEach(Array.from({ length: rounds }), (_, n) =>
      Effect.all({
        http: cost("http"),
        https: cost("https"),
        exporter: exporter === null ? Effect.succeed(null) : probes(exporter, ports, probesPerRound),
      }).pipe(
        Effect.tap(({ http, https }: Round) =>
          Console.error(
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
}, Effect.scoped)

/** Runs so many checks of a scheme, and waits until the result of each is stored. */
const checksOf = Effect.fnUntraced(function* (ports: Readonly<Record<Scheme, number>>) {
  const sql = yield* SqlClient
  yield* migrate
  yield* addUser(sql)
  const url = `http://127.0.0.1:${ports.http}`
  const ids = yield* addMonitors(sql, { count: monitors, url, intervalSeconds: 86_400, dueInMs: 86_400_000 })
  const run = yield* jobRunner(yield* CheckStream, region, ids)
  return (scheme: Scheme, count: number) =>
    run(count, {
      kind: "http",
      url: `${scheme}://127.0.0.1:${ports[scheme]}/`,
      timeoutMs: 5000,
      ...(scheme === "https" && { http: { ignoreTls: true } }),
    })
})

const probes = (exporter: Exporter, ports: Readonly<Record<Scheme, number>>, count: number) => {
  const of = (scheme: Scheme) =>
    cpuPer(
      exporter.pid,
      count,
      Effect.forEach(Array.from({ length: count }), () => exporter.probe(`${scheme}://127.0.0.1:${ports[scheme]}/`), {
        concurrency: 50,
        discard: true,
      }),
    )
  return Effect.all({ http: of("http"), https: of("https") })
}
