import { SqlClient } from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import { assert, describe, it } from "@effect/vitest"
import type { CheckStatus } from "@uptime/domain/CheckStatus"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import { overallStatus } from "@uptime/domain/MonitorStatus"
import type { User } from "@uptime/domain/User"
import { eventually } from "@uptime/testing/Eventually"
import { migratedDatabase } from "@uptime/testing/TestDatabase"
import { Deferred, Effect, Fiber, type Layer, Option } from "effect"
import { Heartbeats } from "../src/Heartbeats.ts"
import { Housekeeping } from "../src/Housekeeping.ts"
import { type ChangeError, Monitors } from "../src/Monitors.ts"
import { ResultStore } from "../src/ResultStore.ts"
import type { StoreError } from "../src/StoreError.ts"
import { postgres } from "./Backends.ts"
import {
  databaseNow,
  india,
  intervalsOf,
  makeMonitor,
  makeUser,
  result,
  services,
  settings,
  statusOf,
  usa,
} from "./Fixtures.ts"

const minute = 60_000
const hour = 60 * minute

/**
 * Runs on a database of its own, and gives how many deadlocks there were. The server counts a connection's when it ends,
 * whether what met one was tried again or not.
 */
const deadlocksIn = <A, E>(
  effect: Effect.Effect<A, E, Layer.Layer.Success<ReturnType<typeof services>>>,
): Effect.Effect<number, E> =>
  Effect.scoped(
    Effect.gen(function* () {
      const url = yield* migratedDatabase
      yield* Effect.provide(effect, services(postgres(url)))
      return yield* Effect.gen(function* () {
        const sql = yield* SqlClient
        const others = sql`
          SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`
        yield* eventually(others, (rows) => rows.length === 0, "10 seconds")
        const [row] = yield* sql<{ readonly deadlocks: number }>`
          SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()`
        return row?.deadlocks ?? Number.NaN
      }).pipe(Effect.provide(postgres(url, 1)), Effect.orDie)
    }),
  )

/** How many sessions wait for a lock. */
const waiting = Effect.flatMap(SqlClient, (sql) =>
  Effect.map(
    sql`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    (rows) => rows.length,
  ),
)

const untilWaiting = (n: number) => eventually(waiting, (found) => found >= n, "10 seconds")

/** Two monitors of an owner, in the order of their ids. */
const makePair = (userId: UserId) =>
  Effect.gen(function* () {
    const made = yield* (yield* Monitors).create(userId, [settings(), settings()])
    const [first, second] = made.map(({ monitor }) => monitor.id).sort()
    if (first === undefined || second === undefined) return yield* Effect.dieMessage("no monitors were made")
    return [first, second] as const
  })

/** Holds what a statement locks, as a transaction does that is not over, until `release`. */
const holdBy = (statement: Effect.Effect<unknown, SqlError>) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    const isHeld = yield* Deferred.make<void>()
    const release = yield* Deferred.make<void>()
    const fiber = yield* Effect.fork(
      statement.pipe(
        Effect.zipRight(Deferred.succeed(isHeld, undefined)),
        Effect.zipRight(Deferred.await(release)),
        sql.withTransaction,
      ),
    )
    yield* Deferred.await(isHeld)
    return Effect.zipRight(Deferred.succeed(release, undefined), Fiber.join(fiber))
  })

/** Holds the row of a monitor as a whole, as a transaction that moves its status does, until `release`. */
const holdOverall = (id: MonitorId) =>
  Effect.flatMap(SqlClient, (sql) =>
    holdBy(sql`SELECT FROM monitor_status WHERE monitor_id = ${id} AND location = '*' FOR UPDATE`),
  )

/** How many rows say, or said, what the status of monitors is. */
const statusRows = (ids: ReadonlyArray<MonitorId>) =>
  Effect.flatMap(SqlClient, (sql) =>
    Effect.map(
      sql`
        SELECT monitor_id FROM monitor_status WHERE monitor_id = ANY(${ids}::uuid[])
        UNION ALL SELECT monitor_id FROM status_changes WHERE monitor_id = ANY(${ids}::uuid[])`,
      (rows) => rows.length,
    ),
  )

/** That what is said of a monitor holds together; `enabled` is what it was turned to last. */
const assertSound = (id: MonitorId, enabled: boolean) =>
  Effect.gen(function* () {
    const regions: Array<CheckStatus> = []
    for (const location of ["USA", "India", "*"]) {
      const status = yield* statusOf(id, location)
      const intervals = yield* intervalsOf(id, location)
      if (status === null) {
        assert.lengthOf(intervals, 0)
        continue
      }
      if (location !== "*" && status.status !== "Partial") regions.push(status.status)
      for (const [i, { endedAt }] of intervals.entries()) {
        assert.strictEqual(endedAt, intervals[i + 1]?.startedAt ?? null)
      }
      assert.deepInclude(intervals.at(-1) ?? {}, {
        state: enabled ? status.status : "Paused",
        startedAt: status.since,
        endedAt: null,
      })
      if (!enabled) assert.strictEqual(status.status, "Unknown")
      if (location === "*") assert.strictEqual(overallStatus(status.status, regions), status.status)
    }
  })

describe("locks", () => {
  it.live("let a pause pass between the first results of a region", () =>
    Effect.gen(function* () {
      const deadlocks = yield* deadlocksIn(
        Effect.gen(function* () {
          const user = yield* makeUser
          const [first, second] = yield* makePair(user.id)
          const monitors = yield* Monitors
          const store = yield* ResultStore
          const slot = (yield* databaseNow) - 10 * minute
          yield* store.insert([result(first, slot)])
          const release = yield* holdOverall(first)
          const storing = yield* Effect.fork(
            store.insert([result(first, slot + 1000, "Down", { region: india }), result(second, slot + 1000)]),
          )
          yield* untilWaiting(1)
          const others = yield* Effect.fork(store.insert([result(second, slot + 500, "Down")]))
          yield* eventually(
            Effect.zip(Fiber.poll(others), waiting),
            ([exit, n]) => Option.isSome(exit) || n >= 2,
            "10 seconds",
          )
          const before = yield* waiting
          const pausing = yield* Effect.fork(
            monitors.update(
              user.id,
              [first, second].map((id) => ({ id, settings: { enabled: false } })),
            ),
          )
          yield* untilWaiting(before + 1)
          yield* release
          assert.strictEqual((yield* Fiber.join(storing)).inserted, 2)
          assert.strictEqual((yield* Fiber.join(others)).inserted, 1)
          yield* Fiber.join(pausing)
          yield* assertSound(first, false)
          yield* assertSound(second, false)
        }),
      )
      assert.strictEqual(deadlocks, 0)
    }),
  )

  it.live("let a deletion pass between a result and the status that it moves", () =>
    Effect.gen(function* () {
      const deadlocks = yield* deadlocksIn(
        Effect.gen(function* () {
          const user = yield* makeUser
          const [first, second] = yield* makePair(user.id)
          const monitors = yield* Monitors
          const store = yield* ResultStore
          const slot = (yield* databaseNow) - 10 * minute
          yield* store.insert([result(first, slot), result(second, slot)])
          const release = yield* holdOverall(first)
          const storing = yield* Effect.fork(
            // Two in a row: one alone would not be believed, and move no status.
            store.insert(
              [first, second].flatMap((id) => [result(id, slot + 1000, "Down"), result(id, slot + 2000, "Down")]),
            ),
          )
          yield* untilWaiting(1)
          const removing = yield* Effect.fork(monitors.remove(user.id, [second]))
          yield* untilWaiting(2)
          yield* release
          assert.strictEqual((yield* Fiber.join(storing)).inserted, 4)
          yield* Fiber.join(removing)
          yield* assertSound(first, true)
          assert.strictEqual((yield* statusOf(first, "*"))?.status, "Down")
          assert.strictEqual(yield* statusRows([second]), 0)
        }),
      )
      assert.strictEqual(deadlocks, 0)
    }),
  )

  it.live("let results pass while one transaction deletes some monitors and pauses others", () =>
    Effect.gen(function* () {
      const deadlocks = yield* deadlocksIn(
        Effect.gen(function* () {
          const user = yield* makeUser
          const [first, second] = yield* makePair(user.id)
          const monitors = yield* Monitors
          const store = yield* ResultStore
          const sql = yield* SqlClient
          const slot = (yield* databaseNow) - 10 * minute
          yield* store.insert([result(first, slot), result(second, slot)])
          const isDeleted = yield* Deferred.make<void>()
          const goOn = yield* Deferred.make<void>()
          const changing = yield* Effect.fork(
            Effect.gen(function* () {
              yield* monitors.lock(user.id, { deleted: [second], changed: [first], moved: [first] })
              yield* monitors.remove(user.id, [second])
              yield* Deferred.succeed(isDeleted, undefined)
              yield* Deferred.await(goOn)
              yield* monitors.update(user.id, [{ id: first, settings: { enabled: false } }])
            }).pipe(sql.withTransaction),
          )
          yield* Deferred.await(isDeleted)
          const storing = yield* Effect.fork(
            store.insert(
              [first, second].flatMap((id) => [result(id, slot + 1000, "Down"), result(id, slot + 2000, "Down")]),
            ),
          )
          yield* untilWaiting(1)
          yield* Deferred.succeed(goOn, undefined)
          yield* Fiber.join(changing)
          yield* Fiber.join(storing)
          yield* assertSound(first, false)
          assert.strictEqual(yield* statusRows([second]), 0)
        }),
      )
      assert.strictEqual(deadlocks, 0)
    }),
  )

  it.live("let a pause follow what was said after it had begun, before it got them", () =>
    Effect.gen(function* () {
      const deadlocks = yield* deadlocksIn(
        Effect.gen(function* () {
          const user = yield* makeUser
          const [id] = yield* makePair(user.id)
          const monitors = yield* Monitors
          const sql = yield* SqlClient
          yield* (yield* ResultStore).insert([result(id, (yield* databaseNow) - 10 * minute)])
          const begun = yield* Deferred.make<void>()
          const goOn = yield* Deferred.make<void>()
          const pausing = yield* Effect.fork(
            Effect.gen(function* () {
              yield* sql`SELECT now()`
              yield* Deferred.succeed(begun, undefined)
              yield* Deferred.await(goOn)
              yield* monitors.update(user.id, [{ id, settings: { enabled: false } }])
            }).pipe(sql.withTransaction),
          )
          yield* Deferred.await(begun)
          yield* monitors.update(user.id, [{ id, settings: { confirmation: { minRegions: 2 } } }])
          yield* Deferred.succeed(goOn, undefined)
          yield* Fiber.join(pausing)
          yield* assertSound(id, false)
        }),
      )
      assert.strictEqual(deadlocks, 0)
    }),
  )

  it.live("make a rollup wait for a late result that is on its way", () =>
    Effect.gen(function* () {
      const deadlocks = yield* deadlocksIn(
        Effect.gen(function* () {
          const user = yield* makeUser
          const [id] = yield* makePair(user.id)
          const store = yield* ResultStore
          const housekeeping = yield* Housekeeping
          const sql = yield* SqlClient
          const slot = Math.floor((yield* databaseNow) / hour) * hour - 3 * hour
          yield* store.insert([result(id, slot)])
          const isStored = yield* Deferred.make<void>()
          const commit = yield* Deferred.make<void>()
          const storing = yield* Effect.fork(
            store
              .insert([result(id, slot + minute)])
              .pipe(
                Effect.zipRight(Deferred.succeed(isStored, undefined)),
                Effect.zipRight(Deferred.await(commit)),
                sql.withTransaction,
              ),
          )
          yield* Deferred.await(isStored)
          const rolling = yield* Effect.fork(housekeeping.rollUp)
          yield* eventually(
            Effect.zip(Fiber.poll(rolling), waiting),
            ([exit, n]) => Option.isSome(exit) || n >= 1,
            "10 seconds",
          )
          yield* Deferred.succeed(commit, undefined)
          yield* Fiber.join(storing)
          yield* Fiber.join(rolling)
          yield* housekeeping.rollUp
          const rolled = yield* sql<{ readonly up: number }>`
            SELECT up FROM rollup_hourly
            WHERE monitor_id = ${id} AND location = 'USA' AND bucket = to_timestamp(${slot}::float8 / 1000)`
          assert.deepStrictEqual(rolled, [{ up: 2 }])
        }),
      )
      assert.strictEqual(deadlocks, 0)
    }),
  )

  it.live("let a heartbeat be deleted while its addresses are made", () =>
    Effect.gen(function* () {
      const deadlocks = yield* deadlocksIn(
        Effect.gen(function* () {
          const user = yield* makeUser
          const { id } = yield* makeMonitor(user.id)
          const sql = yield* SqlClient
          yield* sql`
            UPDATE monitors SET kind = 'heartbeat', url = 'heartbeat://', spec = '{"heartbeat":{"periodSeconds":60}}'
            WHERE id = ${id}`
          const { plan } = yield* Heartbeats
          const release = yield* holdBy(sql`DELETE FROM monitors WHERE id = ${id}`)
          const planning = yield* Effect.fork(plan)
          yield* untilWaiting(1)
          yield* release
          yield* Fiber.join(planning)
          assert.strictEqual(yield* plan, 0)
        }).pipe(Effect.provide(Heartbeats.layer)),
      )
      assert.strictEqual(deadlocks, 0)
    }),
  )

  it.live(
    "never cross: first results, late ones, pauses, resumes, recounts, deletions and chores of the same monitors, all at once",
    () =>
      Effect.gen(function* () {
        const deadlocks = yield* deadlocksIn(
          Effect.gen(function* () {
            const users = yield* Effect.all([makeUser, makeUser, makeUser])
            for (let round = 0; round < 3; round++) yield* stormRound(users, round)
          }),
        )
        assert.strictEqual(deadlocks, 0)
      }),
    60_000,
  )
})

/** Does all at once to new monitors of several owners, asks that all is sound then, and that all of them go on. */
const stormRound = (users: ReadonlyArray<User>, round: number) =>
  Effect.gen(function* () {
    const monitors = yield* Monitors
    const store = yield* ResultStore
    const { purgeDeleted, rollUp, sweepNoData } = yield* Housekeeping
    const now = yield* databaseNow
    const fleets = yield* Effect.forEach(users, ({ id: userId }) =>
      Effect.map(
        monitors.create(
          userId,
          Array.from({ length: 12 }, () => settings()),
        ),
        (made) => ({ userId, ids: made.map(({ monitor }) => monitor.id) }),
      ),
    )
    const all = fleets.flatMap(({ ids }) => ids)
    const kept = fleets.flatMap(({ ids, userId }) => ids.slice(4).map((id) => ({ userId, id })))
    const turn = (userId: UserId, ids: ReadonlyArray<MonitorId>, enabled: boolean) =>
      monitors.update(
        userId,
        ids.map((id) => ({ id, settings: { enabled } })),
      )
    const stores = Array.from({ length: 16 }, (_, i) => {
      // Some of this hour, some of hours that were rolled up: those note the hours in passing.
      const slot = now - (i % 4 === 3 ? (i + 2) * hour : (i + 1) * minute) + round
      const batch = all.map((id, n) =>
        result(id, slot, (n + i) % 3 === 0 ? "Down" : "Up", { region: i % 2 === 0 ? usa : india }),
      )
      return store.insert(i % 3 === 0 ? batch.reverse() : batch)
    })
    // A monitor's turns in their order, those of several beside each other: the even ones end turned off. Some of them are
    // said by more regions than there are for a while.
    const recount = (userId: UserId, id: MonitorId, minRegions: number) =>
      monitors.update(userId, [{ id, settings: { confirmation: { minRegions } } }])
    const turns = kept.map(({ id, userId }, n) =>
      Effect.all([
        ...[false, true].map((enabled) => turn(userId, [id], enabled)),
        ...(n % 3 === 0 ? [3, 1].map((minRegions) => recount(userId, id, minRegions)) : []),
        ...(n % 2 === 0 ? [turn(userId, [id], false)] : []),
      ]),
    )
    const renames = fleets.map(({ ids, userId }) =>
      monitors.update(
        userId,
        ids
          .slice(4)
          .reverse()
          .map((id) => ({ id, settings: { name: "renamed" } })),
      ),
    )
    const removals = fleets.flatMap(({ ids, userId }) =>
      [ids.slice(0, 2).reverse(), ids.slice(2, 3), ids.slice(3, 4)].map((few) => monitors.remove(userId, few)),
    )
    const chores = [sweepNoData, rollUp, purgeDeleted, sweepNoData, rollUp]
    const work: ReadonlyArray<Effect.Effect<unknown, StoreError | ChangeError>> = [
      ...stores,
      ...turns,
      ...renames,
      ...removals,
      ...chores,
    ]
    // The kinds in turn, so that all of them are under way at the same time.
    const mixed = work.map((effect, i) => ({ effect, rank: (i * 7919 + round * 31) % work.length }))
    yield* Effect.forEach(
      mixed.sort((a, b) => a.rank - b.rank),
      ({ effect }) => effect,
      { concurrency: 16, discard: true },
    )
    assert.strictEqual(yield* statusRows(fleets.flatMap(({ ids }) => ids.slice(0, 4))), 0)
    yield* Effect.forEach(
      kept,
      ({ id, userId }, n) =>
        Effect.gen(function* () {
          const overview = yield* monitors.get(userId, id)
          assert.deepInclude(overview, { name: "renamed", enabled: n % 2 === 1 })
          yield* assertSound(id, n % 2 === 1)
        }),
      { concurrency: 8, discard: true },
    )
    for (const { ids, userId } of fleets) yield* turn(userId, ids.slice(4), true)
    const next = yield* databaseNow
    // Two in a row are believed, whatever was said before.
    for (const slot of [next, next + 1000]) {
      yield* store.insert([usa, india].flatMap((region) => kept.map(({ id }) => result(id, slot, "Up", { region }))))
    }
    yield* Effect.forEach(
      kept,
      ({ id, userId }) =>
        Effect.gen(function* () {
          const { locations, status } = yield* monitors.get(userId, id)
          assert.deepStrictEqual([status, ...locations.map((location) => location.status)], ["Up", "Up", "Up"])
          yield* assertSound(id, true)
        }),
      { concurrency: 8, discard: true },
    )
  })
