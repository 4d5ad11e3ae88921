import * as Crypto from "node:crypto"
import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { Region } from "@uptime/domain/Region"
import { DueMonitors } from "@uptime/persistence/DueMonitors"
import { Housekeeping } from "@uptime/persistence/Housekeeping"
import { migrate } from "@uptime/persistence/Migrations"
import * as PostgresSql from "@uptime/persistence/PostgresSql"
import { Users } from "@uptime/persistence/Users"
import { CheckStream } from "@uptime/stream/CheckStream"
import * as MemoryEvents from "@uptime/stream/MemoryEvents"
import * as RedisStream from "@uptime/stream/RedisStream"
import { startPostgres, startRedis } from "@uptime/testing/Servers"
import { migratedDatabase } from "@uptime/testing/TestDatabase"
import { redisUrl } from "@uptime/testing/TestRedis"
import { Clock, type Context, Duration, Effect, Layer, Redacted, Schedule } from "effect"
import * as Producer from "../src/Producer.ts"
import { noAlerts } from "./Fakes.ts"

const region = Region.make("USA")
const regions = [region]

type Stores = CheckStream | DueMonitors | Housekeeping | SqlClient | Users

/** What a producer runs on, as `main.ts` composes it. */
const stores = (databaseUrl: string, streamUrl: string, key: string) =>
  Layer.mergeAll(DueMonitors.layer, Housekeeping.layer, Users.layer).pipe(
    Layer.provideMerge(RedisStream.layer({ url: Redacted.make(streamUrl), key })),
    Layer.provideMerge(
      PostgresSql.layer({ url: Redacted.make(databaseUrl), applicationName: "test", maxConnections: 4 }),
    ),
  )

const randomKey = Effect.sync(() => `test:${Crypto.randomUUID()}`)

/** Starts one more producer, for the life of the scope. */
const startProducer = (context: Context.Context<Stores>) =>
  Layer.build(
    Layer.provide(Producer.layer({ regions, retentionDays: 90, incidentRetentionDays: 730 }), [
      noAlerts,
      MemoryEvents.layer,
    ]),
  ).pipe(Effect.provide(context))

/** So many monitors that are due since a second ago. */
const insertDue = (count: number) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    yield* sql`INSERT INTO users (id, email, name, password_hash, created_at, updated_at)
      VALUES ('00000000-0000-4000-8000-000000000001', 'a@example.com', 'A', 'x', now(), now()) ON CONFLICT DO NOTHING`
    yield* sql`
      INSERT INTO monitors (id, user_id, name, kind, url, interval_seconds, timeout_ms, enabled, next_check_at, created_at, updated_at)
      SELECT gen_random_uuid(), '00000000-0000-4000-8000-000000000001', 'm' || n, 'http', 'http://127.0.0.1/' || n, 86400,
        10000, true, date_trunc('milliseconds', now()) - interval '1 second', now(), now()
      FROM generate_series(1, ${count}) AS n`
  })

const dueCount = Effect.gen(function* () {
  const sql = yield* SqlClient
  const [row] = yield* sql<{ readonly n: number }>`SELECT count(*)::int AS n FROM monitors WHERE next_check_at <= now()`
  return row?.n ?? 0
})

/** Waits until no monitor is due, within a bound. */
const drained = dueCount.pipe(
  Effect.filterOrFail(
    (n) => n === 0,
    (n) => `${n} monitors are still due`,
  ),
  Effect.retry(Schedule.spaced("20 millis").pipe(Schedule.upTo("15 seconds"))),
)

/** What is on the stream for the region: the monitors, and how often each job, by monitor and slot. To its end. */
const takeJobs = Effect.scoped(
  Effect.gen(function* () {
    const stream = yield* CheckStream
    const consumer = yield* stream.consumer(region, `reader-${Crypto.randomUUID()}`)
    const monitors = new Set<string>()
    const jobs = new Map<string, number>()
    while (true) {
      const deliveries = yield* consumer.read(1000)
      if (deliveries.length === 0) return { monitors: monitors.size, repeated: [...jobs.values()].filter((n) => n > 1) }
      for (const { job } of deliveries) {
        monitors.add(job.monitorId)
        const key = `${job.monitorId} ${job.slot}`
        jobs.set(key, (jobs.get(key) ?? 0) + 1)
      }
      yield* consumer.acknowledge(deliveries.map(({ id }) => id))
    }
  }),
)

describe.concurrent("the producer on PostgreSQL and Redis", () => {
  it.scopedLive(
    "puts every due monitor on the stream once, with two producers at it",
    () =>
      Effect.gen(function* () {
        const context = yield* Layer.build(stores(yield* migratedDatabase, yield* redisUrl, yield* randomKey))
        const twoProducers = Effect.scoped(
          Effect.zipRight(Effect.all([startProducer(context), startProducer(context)]), drained),
        )
        yield* Effect.gen(function* () {
          yield* insertDue(7000)
          yield* twoProducers
          assert.deepStrictEqual(yield* takeJobs, { monitors: 7000, repeated: [] })
          const sql = yield* SqlClient
          yield* sql`UPDATE monitors SET next_check_at = date_trunc('milliseconds', now())`
          yield* twoProducers
          assert.deepStrictEqual(yield* takeJobs, { monitors: 7000, repeated: [] })
        }).pipe(Effect.provide(context))
      }),
    60_000,
  )

  it.scopedLive(
    "drains a backlog of 10,000 monitors within seconds",
    () =>
      Effect.gen(function* () {
        const context = yield* Layer.build(stores(yield* migratedDatabase, yield* redisUrl, yield* randomKey))
        yield* Effect.gen(function* () {
          yield* insertDue(10_000)
          const [took] = yield* Effect.timed(Effect.scoped(Effect.zipRight(startProducer(context), drained)))
          const ms = Math.round(Duration.toMillis(took))
          yield* Effect.logInfo(`10,000 monitors claimed and published in ${ms} ms: ${Math.round(1e7 / ms)}/s`)
          assert.isBelow(ms, 8000)
          assert.deepStrictEqual(yield* takeJobs, { monitors: 10_000, repeated: [] })
        }).pipe(Effect.provide(context))
      }),
    60_000,
  )

  it.scopedLive(
    "moves no monitor on while Redis is away, and publishes within 5 s of its return, empty as it is",
    () =>
      Effect.gen(function* () {
        const redis = yield* startRedis()
        const context = yield* Layer.build(stores(yield* migratedDatabase, redis.url, yield* randomKey))
        yield* Effect.gen(function* () {
          yield* startProducer(context)
          yield* insertDue(10)
          yield* drained
          assert.strictEqual((yield* takeJobs).monitors, 10)

          yield* redis.stop
          yield* insertDue(20)
          const stillDue = yield* dueCount.pipe(Effect.delay("1 second"), Effect.repeatN(4))
          assert.strictEqual(stillDue, 20)

          yield* redis.start
          const began = yield* Clock.currentTimeMillis
          yield* drained
          assert.isBelow((yield* Clock.currentTimeMillis) - began, 5000)
          assert.strictEqual((yield* takeJobs).monitors, 20)
        }).pipe(Effect.provide(context))
      }),
    60_000,
  )

  it.scopedLive(
    "goes on within 5 s of the return of PostgreSQL",
    () =>
      Effect.gen(function* () {
        const postgres = yield* startPostgres()
        const context = yield* Layer.build(stores(postgres.url, yield* redisUrl, yield* randomKey))
        yield* Effect.gen(function* () {
          yield* migrate
          yield* startProducer(context)
          yield* insertDue(10)
          yield* drained
          yield* insertDue(20).pipe(Effect.zipRight(postgres.stop))
          yield* Effect.sleep("3 seconds")
          yield* postgres.start
          const began = yield* Clock.currentTimeMillis
          yield* drained
          assert.isBelow((yield* Clock.currentTimeMillis) - began, 5000)
          assert.strictEqual((yield* takeJobs).monitors, 30)
        }).pipe(Effect.provide(context))
      }),
    60_000,
  )
})
