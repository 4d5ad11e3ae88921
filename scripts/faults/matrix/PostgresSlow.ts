import { Effect, Fiber } from "effect"
import { eventually } from "../../../packages/testing/src/Eventually.ts"
import { recovered, recoveredAfter } from "../../../packages/testing/src/faults/Recovery.ts"
import type { Fault } from "../Fault.ts"
import { jobLoad } from "../JobLoad.ts"
import { expect, rowOf } from "../rowOf.ts"
import { startAll } from "../Started.ts"
import type { World } from "../World.ts"

/** How many of the workers' sessions wait for a lock; within a transaction what was seen first would be seen for ever. */
const waiting = ({ sql }: World): Effect.Effect<number, unknown> =>
  Effect.zipRight(
    sql`SELECT pg_stat_clear_snapshot()`,
    Effect.map(
      sql<{ readonly n: number }>`
        SELECT count(*)::int AS n FROM pg_stat_activity
        WHERE application_name = 'uptime-worker' AND wait_event_type = 'Lock'`,
      ([row]) => row?.n ?? 0,
    ),
  )

/** Holds the table of results, so that nobody can read or write it, for so many seconds. */
const holdResults = ({ sql }: World, seconds: number): Effect.Effect<void, unknown> =>
  sql.withTransaction(
    Effect.gen(function* () {
      yield* sql`SET LOCAL idle_in_transaction_session_timeout = 0`
      yield* sql`SET LOCAL lock_timeout = 0`
      yield* sql`LOCK TABLE check_results IN ACCESS EXCLUSIVE MODE`
      yield* Effect.sleep(seconds * 1_000)
    }),
  )

/** Takes two rows of status in the other order than a worker that has the first of them: one of the two sessions is ended. */
const crossWorker = (world: World, publish: Effect.Effect<void>): Effect.Effect<void, unknown> => {
  const { sql } = world
  const lock = (order: "ASC" | "DESC") => sql`
    SELECT monitor_id FROM monitor_status
    WHERE location = 'USA' AND monitor_id IN (SELECT id FROM monitors WHERE url LIKE '%/crossed/%') ORDER BY monitor_id ${sql.literal(order)} LIMIT 1 FOR UPDATE`
  return sql
    .withTransaction(
      Effect.gen(function* () {
        yield* sql`SET LOCAL deadlock_timeout = '5s'`
        yield* lock("DESC")
        yield* publish
        yield* eventually(waiting(world), (n) => n > 0, "20 seconds")
        yield* lock("ASC")
      }),
    )
    .pipe(Effect.ignore)
}

/** A database that answers half a second late, then one whose results are locked, then a session that takes locks crosswise. */
export const postgresSlow: Fault = {
  id: "F18",
  name: "PostgreSQL slow, locked, in a deadlock",
  promise: "reads less instead of growing; nothing asked twice; keeps up again within 30 s",
  run: Effect.fnUntraced(function* (world) {
    const { apps, isWhole, links, now, regions, samples, sql } = world
    const load = yield* jobLoad(world, 300)
    yield* startAll(regions.map((region) => apps.worker(region, { observed: true })))
    yield* load.untilStored
    const crossed = yield* jobLoad(world, 20, "crossed")
    yield* crossed.untilStored

    yield* links.worker.postgres.delay(500, 100)
    yield* load.run(isWhole ? 30 : 8, 100)
    yield* links.worker.postgres.heal
    const healed = yield* now
    yield* load.run(4, 100)
    yield* world.quiet(30)
    yield* Effect.sleep("3 seconds")
    const afterSlowMs = recoveredAfter(samples.backlogs, healed)

    const seconds = isWhole ? 60 : 15
    const loading = yield* Effect.forkScoped(load.run(seconds + 6, 100))
    yield* holdResults(world, seconds)
    const released = yield* now
    yield* Fiber.join(loading)
    yield* world.quiet(30)
    yield* Effect.sleep("3 seconds")
    const afterLockMs = recoveredAfter(samples.backlogs, released)

    yield* crossWorker(
      world,
      Effect.flatMap(now, (slot) => crossed.publish(0, 20, slot)),
    )
    const ended = yield* now
    const isQuiet = yield* world.quiet(30)
    const afterDeadlockMs = (yield* now) - ended
    // A session's counters come to the view when it is idle for a second.
    const [deadlocks] = yield* eventually(
      sql<{ readonly n: number }>`SELECT deadlocks::int AS n FROM pg_stat_database WHERE datname = 'postgres'`,
      ([row]) => row !== undefined && row.n > 0,
      "15 seconds",
    )
    const slowestMs = afterSlowMs === null || afterLockMs === null ? null : Math.max(afterSlowMs, afterLockMs)
    return yield* rowOf(postgresSlow, world, {
      recoverMs: slowestMs,
      twiceAtMost: 0,
      breaches: [
        ...expect("everything is stored", isQuiet, "entries still pending after 30 s"),
        ...recovered(slowestMs, 30_000),
        ...expect("a deadlock is over within 5 s", afterDeadlockMs <= 5_000, `${afterDeadlockMs} ms`),
      ],
      remarks: [
        `kept up again ${afterSlowMs} ms after half a second of delay, ${afterLockMs} ms after a lock of ${seconds} s; ${
          deadlocks?.n
        } deadlocks, stored ${afterDeadlockMs} ms after`,
      ],
    })
  }),
}
