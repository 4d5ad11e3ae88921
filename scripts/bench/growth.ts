import { Clock, Console, Context, Effect, Layer, Redacted } from "effect"
import { defaultRegions } from "../../packages/domain/src/Region.ts"
import { CheckStream } from "../../packages/stream/src/CheckStream.ts"
import * as RedisStream from "../../packages/stream/src/RedisStream.ts"
import { bundled, startApp } from "../../packages/testing/src/AppProcess.ts"
import { startRedis } from "../../packages/testing/src/Servers.ts"
import { startDatabase } from "./database.ts"
import { type Figure, figure, median } from "./figure.ts"
import { fillHistory } from "./history.ts"
import { jobRunner } from "./jobs.ts"
import { addMonitors, addStatuses, addUser } from "./monitors.ts"
import { cpuOf } from "./processUse.ts"
import type { Section, SectionOptions } from "./section.ts"
import { startTargetApp } from "./targetApp.ts"

const sizesOf = (quick: boolean) =>
  quick
    ? { monitors: [1_000, 2_000], histories: [10_000, 100_000], checks: 1_000 }
    : { monitors: [1_000, 10_000, 100_000], histories: [100_000, 1_000_000, 10_000_000], checks: 20_000 }

const streamKey = "BetterUptime:Websites"
const region = defaultRegions[0]
const apartMs = 60_000

/** Processor time per check, in microseconds. */
interface Cost {
  readonly worker: number
  readonly postgres: number
}

/** A database with a worker of one region, and the cost of a check there as monitors and results are added. */
const startOne = Effect.fnUntraced(function* (monitors: number, checks: number, rounds: number) {
  const [database, redis, target, workerBundle] = yield* Effect.all(
    [startDatabase, startRedis(), startTargetApp, bundled(new URL("../../apps/worker/src/main.ts", import.meta.url))],
    { concurrency: "unbounded" },
  )
  const { sql } = database
  yield* addUser(sql)
  const url = `http://127.0.0.1:${target.ports.http}`
  const ids = yield* addMonitors(sql, { count: monitors, url, intervalSeconds: 60, dueInMs: 0 })
  const until = (yield* Clock.currentTimeMillis) - apartMs
  yield* addStatuses(sql, until - 90 * 86_400_000)
  const stream = Context.get(
    yield* Layer.build(RedisStream.layer({ url: Redacted.make(redis.url), key: streamKey })),
    CheckStream,
  )
  const worker = yield* startApp(workerBundle, {
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    STREAM_KEY: streamKey,
    REGION: region,
    PORT: "0",
    PROBE_ALLOW_CIDRS: "127.0.0.0/8",
    NODE_ENV: "production",
  })
  const runJobs = yield* jobRunner(stream, region, ids)
  const run = runJobs(checks, { kind: "http", url: `${url}/`, timeoutMs: 5_000 })
  const once = Effect.gen(function* () {
    const before = yield* Effect.all({ worker: cpuOf(worker.pid), postgres: cpuOf(database.pid) })
    yield* run
    return {
      worker: ((yield* cpuOf(worker.pid)) - before.worker) / checks,
      postgres: ((yield* cpuOf(database.pid)) - before.postgres) / checks,
    }
  })
  let filled = 0
  return {
    /** Fills in results until there are so many. */
    fill: (rows: number) =>
      Effect.suspend(() => {
        const [firstSlot, lastSlot] = [filled + 1, Math.round(rows / monitors / 2)]
        filled = lastSlot
        return fillHistory(database.url, { ids, until, apartMs, firstSlot, lastSlot })
      }),
    /** The median cost of a check over some rounds, after one that warms up. */
    cost: Effect.gen(function* () {
      yield* run
      const costs: ReadonlyArray<Cost> = yield* Effect.all(Array.from({ length: rounds }, () => once))
      return {
        worker: median(costs.map(({ worker }) => worker)),
        postgres: median(costs.map(({ postgres }) => postgres)),
      }
    }),
  }
})

/** Costs beside that of the least, which is their floor: the line is flat where the ratio stays one. */
const lineOf = (
  costs: ReadonlyArray<{ readonly name: string; readonly cost: Cost }>,
  what: keyof Cost,
): ReadonlyArray<Figure> =>
  costs.map(({ cost, name }) =>
    figure(`${what === "worker" ? "worker" : "PostgreSQL"}, per check: ${name}`, cost[what], "µs", {
      floor: costs[0]?.cost[what] ?? null,
    }),
  )

const measure = Effect.fnUntraced(function* ({ quick, rounds }: SectionOptions) {
  const { checks, histories, monitors } = sizesOf(quick)
  const counted = (count: number, what: string) => `${count.toLocaleString("en")} ${what}`
  const byMonitors = yield* Effect.forEach(
    monitors,
    Effect.fnUntraced(function* (count) {
      const { cost } = yield* startOne(count, checks, rounds)
      yield* Console.error(`${counted(count, "monitors")} …`)
      return { name: counted(count, "monitors"), cost: yield* cost }
    }, Effect.scoped),
  )
  const byHistory = yield* Effect.gen(function* () {
    const { cost, fill } = yield* startOne(monitors[1] ?? 1_000, checks, rounds)
    return yield* Effect.forEach(
      histories,
      Effect.fnUntraced(function* (rows) {
        yield* fill(rows)
        return { name: counted(rows, "results"), cost: yield* cost }
      }),
    )
  }).pipe(Effect.scoped)
  return [
    ...lineOf(byMonitors, "worker"),
    ...lineOf(byMonitors, "postgres"),
    ...lineOf(byHistory, "worker"),
    ...lineOf(byHistory, "postgres"),
  ]
})

/**
 * What a check costs a worker and PostgreSQL in processor time, as monitors and history grow a hundredfold, each beside the
 * first of its line.
 */
export const growth: Section = { name: "growth", run: measure }
