import * as Net from "node:net"
import { SqlClient } from "@effect/sql/SqlClient"
import { MonitorId } from "@uptime/domain/Ids"
import { type Job, jobDeadline, jobVersion } from "@uptime/domain/Job"
import { defaultRegions } from "@uptime/domain/Region"
import { migrate } from "@uptime/persistence/Migrations"
import * as PostgresSql from "@uptime/persistence/PostgresSql"
import { CheckStream } from "@uptime/stream/CheckStream"
import * as RedisStream from "@uptime/stream/RedisStream"
import { type AppProcess, bundled, startApp } from "@uptime/testing/AppProcess"
import { eventually } from "@uptime/testing/Eventually"
import { startPostgres, startRedis } from "@uptime/testing/Servers"
import { targetFarm } from "@uptime/testing/TargetFarm"
import { Clock, Context, Effect, Layer, Redacted, Ref, Schedule, Schema, type Scope } from "effect"

const streamKey = "faults"

/** What became of what was scheduled, read from the database and the stream. */
export interface Account {
  /** Jobs × regions: the rows that must be there. */
  readonly scheduled: number
  readonly rows: number
  readonly up: number
  readonly unknown: number
  /** Requests that reached the targets. */
  readonly hits: number
  readonly pending: number
  readonly lag: number
  readonly dead: number
}

/**
 * A PostgreSQL, a Redis, targets and workers of one test's own, all real: what a fault is made in.
 *
 * @param monitors how many monitors there are, each with a path of its own on the farm
 */
export const faultWorld = (monitors: number) =>
  Effect.gen(function* () {
    const [postgres, redis, farm, bundle] = yield* Effect.all(
      [startPostgres(), startRedis(), targetFarm, bundled(new URL("./dyingWorker.ts", import.meta.url))],
      { concurrency: "unbounded" },
    )
    const context = yield* Layer.build(
      Layer.merge(
        PostgresSql.layer({ url: Redacted.make(postgres.url), applicationName: "test", maxConnections: 4 }),
        RedisStream.layer({ url: Redacted.make(redis.url), key: streamKey }),
      ),
    )
    const sql = Context.get(context, SqlClient)
    const stream = Context.get(context, CheckStream)
    yield* Effect.provide(migrate, context)
    yield* sql`
      INSERT INTO users (id, email, name, password_hash, created_at, updated_at)
      VALUES ('00000000-0000-4000-8000-000000000000', 'faults@example.com', 'Faults', '-', now(), now())`
    const ids = yield* sql<{ readonly id: string }>`
      INSERT INTO monitors (id, user_id, name, kind, url, interval_seconds, timeout_ms, enabled, next_check_at, created_at, updated_at)
      SELECT gen_random_uuid(), '00000000-0000-4000-8000-000000000000', 'monitor ' || n, 'http',
             ${`${farm.url}/ok/`}::text || n, 86400, 5000, true, now() + interval '1 day', now(), now()
      FROM generate_series(1, ${monitors}) n
      RETURNING id`.pipe(Effect.map((rows) => rows.map(({ id }) => Schema.decodeSync(MonitorId)(id))))
    yield* stream.trim(defaultRegions)

    const scheduled = yield* Ref.make(0)

    const worker = (region: string, deathsBeforeAcknowledge = 0): Effect.Effect<AppProcess, never, Scope.Scope> =>
      startApp(bundle, {
        DATABASE_URL: postgres.url,
        REDIS_URL: redis.url,
        STREAM_KEY: streamKey,
        REGION: region,
        PROBE_CONCURRENCY: "100",
        PROBE_ALLOW_CIDRS: "127.0.0.0/8",
        PORT: "0",
        DEATHS_BEFORE_ACKNOWLEDGE: String(deathsBeforeAcknowledge),
        LOG_FORMAT: "json",
      })

    /** Publishes one job for each of `count` monitors, all for one slot. Retries until the stream has them. */
    const publish = (from: number, count: number, slot: number) => {
      const jobs = ids.slice(from, from + count).map(
        (monitorId, i): Job => ({
          v: jobVersion,
          monitorId,
          slot,
          deadline: jobDeadline(slot, 300),
          configVersion: 1,
          spec: { kind: "http", url: `${farm.url}/ok/${from + i}`, timeoutMs: 5000 },
        }),
      )
      return stream
        .publish(jobs)
        .pipe(
          Effect.retry(Schedule.spaced("200 millis")),
          Effect.zipRight(Ref.update(scheduled, (n) => n + jobs.length * defaultRegions.length)),
        )
    }

    /** Publishes `slots` jobs for every monitor, at so many jobs a second, each slot a millisecond apart. */
    const load = (slots: number, jobsPerSecond: number) =>
      Effect.gen(function* () {
        const base = yield* Clock.currentTimeMillis
        const chunk = Math.min(monitors, Math.ceil(jobsPerSecond / 4))
        for (let slot = 0; slot < slots; slot++) {
          for (let from = 0; from < monitors; from += chunk) {
            yield* publish(from, chunk, base + slot)
            yield* Effect.sleep((1000 * chunk) / jobsPerSecond)
          }
        }
      })

    // The stream first: what it no longer holds is in the database by then. The other way round, a batch that is stored
    // and acknowledged between the two questions would be in neither.
    const account: Effect.Effect<Account> = Effect.gen(function* () {
      const groups = yield* stream.groups(defaultRegions)
      const sum = (of: (group: (typeof groups)[number]) => number) =>
        groups.reduce((total, group) => total + of(group), 0)
      const [rows] = yield* sql<{ rows: number; up: number; unknown: number }>`
        SELECT count(*)::int AS rows, (count(*) FILTER (WHERE status = 'Up'))::int AS up,
               (count(*) FILTER (WHERE status = 'Unknown'))::int AS unknown FROM check_results`
      return {
        scheduled: yield* Ref.get(scheduled),
        rows: rows?.rows ?? 0,
        up: rows?.up ?? 0,
        unknown: rows?.unknown ?? 0,
        hits: yield* farm.totalHits,
        pending: sum(({ pending }) => pending),
        lag: sum(({ lag }) => lag),
        dead: sum(({ dead }) => dead),
      }
    }).pipe(Effect.retry(Schedule.spaced("500 millis").pipe(Schedule.upTo("30 seconds"))), Effect.orDie)

    /** Waits until nothing is unread or pending, at most so long; gives the account then. */
    const quiet = (limit: "60 seconds" | "120 seconds") =>
      eventually(account, (now) => now.pending === 0 && now.lag === 0, limit)

    /** How many rows a slot has. */
    const rowsOfSlot = (slot: number) =>
      sql<{
        rows: number
      }>`SELECT count(*)::int AS rows FROM check_results WHERE scheduled_at = ${new Date(slot)}`.pipe(
        Effect.map(([row]) => row?.rows ?? 0),
        Effect.orDie,
      )

    /** Empties Redis: stream, groups and all. */
    const flush = Effect.async<void>((resume) => {
      const socket = Net.connect(redis.port, "127.0.0.1", () => socket.write("FLUSHALL\r\n"))
      socket.on("error", (error) => resume(Effect.die(error)))
      socket.on("data", () => {
        socket.destroy()
        resume(Effect.void)
      })
    })

    return { postgres, farm, stream, worker, publish, load, account, quiet, rowsOfSlot, flush }
  })
