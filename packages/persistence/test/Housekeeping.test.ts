import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, layer } from "@effect/vitest"
import type { MonitorId } from "@uptime/domain/Ids"
import { makeOldPartitions } from "@uptime/testing/OldPartitions"
import { Effect } from "effect"
import { Housekeeping } from "../src/Housekeeping.ts"
import { Monitors } from "../src/Monitors.ts"
import { daysAhead } from "../src/Partitions.ts"
import { ResultStore } from "../src/ResultStore.ts"
import { Results } from "../src/Results.ts"
import { backends } from "./Backends.ts"
import {
  databaseNow,
  india,
  intervalsOf,
  makeMonitor,
  makeOwnMonitor,
  makeUser,
  result,
  services,
  statusOf,
} from "./Fixtures.ts"
import { makeChannel } from "./IncidentFixtures.ts"

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const dayName = (ms: number) => `check_results_p${new Date(ms).toISOString().slice(0, 10).replaceAll("-", "")}`

const partitionNames = Effect.flatMap(SqlClient, (sql) =>
  Effect.map(
    sql<{ readonly name: string }>`
      SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
      WHERE inhparent = 'check_results'::regclass ORDER BY relname`,
    (rows) => rows.map(({ name }) => name),
  ),
)

const putResult = (id: MonitorId, at: number) =>
  Effect.flatMap(
    SqlClient,
    (sql) => sql`
      INSERT INTO check_results (monitor_id, location, scheduled_at, checked_at, status, response_time_ms)
      VALUES (${id}, 'USA', to_timestamp(${at}::float8 / 1000), now(), 'Up', 5)`,
  )

const setWatermarks = (hourly: number, daily: number) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    for (const [name, at] of [
      ["hourly", hourly],
      ["daily", daily],
    ] as const) {
      yield* sql`UPDATE rollup_watermarks SET up_to = to_timestamp(${at}::float8 / 1000), done_to = NULL WHERE name = ${name}`
    }
  })

const hoursOf = (id: MonitorId) =>
  Effect.flatMap(
    SqlClient,
    (sql) => sql<{ readonly at: number; readonly location: string; readonly up: number; readonly down: number }>`
      SELECT date_part('epoch', bucket) * 1000 AS at, location, up, down FROM rollup_hourly
      WHERE monitor_id = ${id} AND up + down > 0 ORDER BY bucket, location`,
  )

for (const [name, database] of backends) {
  describe.sequential(name, () => {
    layer(services(database), { excludeTestServices: true, timeout: "60 seconds" })("Housekeeping", (it) => {
      it.effect("makes the partitions that are missing, with what the default one holds of their days", () =>
        Effect.gen(function* () {
          const housekeeping = yield* Housekeeping
          const sql = yield* SqlClient
          const now = yield* databaseNow
          const expected = Array.from({ length: daysAhead + 2 }, (_, i) => dayName(now + (i - 1) * day))
          assert.includeMembers([...(yield* partitionNames)], expected)
          assert.strictEqual(yield* housekeeping.ensurePartitions, 0)
          const user = yield* makeUser
          const monitor = yield* makeMonitor(user.id)
          yield* sql`DROP TABLE ${sql(dayName(now + day))}`
          yield* sql`DROP TABLE ${sql(dayName(now + 3 * day))}`
          yield* putResult(monitor.id, now + day)
          yield* putResult(monitor.id, now)
          assert.strictEqual(yield* housekeeping.defaultPartitionRows, 1)
          const made = yield* Effect.all(
            Array.from({ length: 4 }, () => housekeeping.ensurePartitions),
            {
              concurrency: "unbounded",
            },
          )
          assert.strictEqual(
            made.reduce((sum, n) => sum + n, 0),
            2,
          )
          assert.strictEqual(yield* housekeeping.defaultPartitionRows, 0)
          assert.includeMembers([...(yield* partitionNames)], expected)
          assert.lengthOf(yield* (yield* Results).list(user.id, monitor.id, {}, 10, null), 2)
        }),
      )

      it.effect("drops what expired, and keeps the day that only began to", () =>
        Effect.gen(function* () {
          const housekeeping = yield* Housekeeping
          const sql = yield* SqlClient
          const now = yield* databaseNow
          const user = yield* makeUser
          const monitor = yield* makeMonitor(user.id)
          yield* makeOldPartitions(sql, now - 32 * day, now - 30 * day)
          for (const days of [32, 31, 30]) {
            yield* putResult(monitor.id, Math.floor((now - days * day) / day) * day + hour)
          }
          for (const table of ["rollup_hourly", "rollup_daily"]) {
            for (const days of [40, 31.5, 20]) {
              yield* sql`
                INSERT INTO ${sql(table)} VALUES (${monitor.id}, 'USA', to_timestamp(${now - days * day}::float8 / 1000),
                  1, 0, 0, 1, 1, 1, '{1}', '{1}', 0, 0)`
            }
          }
          yield* sql`
            INSERT INTO state_intervals (monitor_id, location, state, started_at, ended_at) VALUES
              (${monitor.id}, 'USA', 'Up', now() - interval '50 days', now() - interval '40 days'),
              (${monitor.id}, 'USA', 'Down', now() - interval '40 days', now() - interval '10 days'),
              (${monitor.id}, 'USA', 'Up', now() - interval '10 days', NULL)`
          assert.strictEqual(yield* housekeeping.dropExpired(30), 2)
          assert.strictEqual(yield* housekeeping.dropExpired(30), 0)
          assert.lengthOf(yield* (yield* Results).list(user.id, monitor.id, {}, 10, null), 1)
          assert.deepStrictEqual(
            (yield* intervalsOf(monitor.id, "USA")).map(({ state }) => state),
            ["Down", "Up"],
          )
          for (const table of ["rollup_hourly", "rollup_daily"]) {
            const left = yield* sql`SELECT FROM ${sql(table)} WHERE monitor_id = ${monitor.id}`
            assert.lengthOf(left, 1)
          }
          yield* sql`DROP TABLE ${sql(dayName(now - 30 * day))}`
        }),
      )

      it.effect("forgets old changes and incidents with what was told of them, and nothing that is still needed", () =>
        Effect.gen(function* () {
          const housekeeping = yield* Housekeeping
          const sql = yield* SqlClient
          const user = yield* makeUser
          const monitor = yield* makeMonitor(user.id)
          const channel = yield* makeChannel(user.id)
          const ages = { changeDays: 90, incidentDays: 730 }
          yield* sql`
            INSERT INTO status_changes (monitor_id, to_status, at, noticed_at, judged)
            SELECT ${monitor.id}, 'Down', now(), now() - days * interval '1 day', days <> 92
            FROM unnest('{89,91,92,93}'::int[]) AS days`
          yield* sql`
            INSERT INTO incidents (id, user_id, key, title, severity, started_at, noticed_at, tell_at, resolved_at, updated_at)
            SELECT gen_random_uuid(), ${user.id}, title, title, 'Down', long_ago, long_ago, long_ago,
              now() - days * interval '1 day', now()
            FROM (SELECT now() - interval '2000 days' AS long_ago) AS start,
              (VALUES ('recent', 729), ('old', 731), ('open', NULL), ('being told', 731)) AS given (title, days)`
          yield* sql`
            INSERT INTO incident_monitors (incident_id, monitor_id, name, url, role, severity, started_at, news_at)
            SELECT id, ${monitor.id}, '', '', 'failing', 'Down', now(), now() FROM incidents WHERE user_id = ${user.id}`
          yield* sql`
            INSERT INTO incident_updates (id, incident_id, at, kind, body, is_public)
            SELECT gen_random_uuid(), id, now(), 'comment', '', false FROM incidents WHERE user_id = ${user.id}`
          yield* sql`
            INSERT INTO alert_outbox (incident_id, change, channel_id, at, due_at, next_attempt_at, state)
            SELECT id, 'opened', ${channel}, now(), now(), now(), CASE title WHEN 'being told' THEN 'pending' ELSE 'dead' END
            FROM incidents WHERE user_id = ${user.id}`
          const deleted = yield* Effect.all(
            Array.from({ length: 4 }, () => housekeeping.forgetHistory(ages)),
            { concurrency: "unbounded" },
          )
          assert.strictEqual(
            deleted.reduce((sum, n) => sum + n, 0),
            3,
          )
          assert.strictEqual(yield* housekeeping.forgetHistory(ages), 0)
          const changes = yield* sql`
            SELECT round(date_part('epoch', now() - noticed_at) / 86400) AS days FROM status_changes
            WHERE monitor_id = ${monitor.id} ORDER BY days`
          assert.deepStrictEqual(changes, [{ days: 89 }, { days: 92 }])
          const kept = yield* sql<{ readonly title: string }>`
            SELECT title FROM incidents WHERE user_id = ${user.id} ORDER BY title`
          assert.deepStrictEqual(
            kept.map(({ title }) => title),
            ["being told", "open", "recent"],
          )
          for (const table of ["incident_monitors", "incident_updates", "alert_outbox"]) {
            const left =
              yield* sql`SELECT FROM ${sql(table)} JOIN incidents ON incidents.id = incident_id WHERE user_id = ${user.id}`
            assert.lengthOf(left, 3)
            assert.lengthOf(
              yield* sql`SELECT FROM ${sql(table)} WHERE incident_id NOT IN (SELECT id FROM incidents)`,
              0,
            )
          }
        }),
      )

      it.effect("rolls up each hour when it is over, once, the same however often", () =>
        Effect.gen(function* () {
          const housekeeping = yield* Housekeeping
          const store = yield* ResultStore
          const monitor = yield* makeOwnMonitor()
          const now = yield* databaseNow
          const thisHour = Math.floor((now - 10 * minute) / hour) * hour
          const slots = [-4 * hour, -4 * hour + minute, -3 * hour, -hour, 0].map((offset) => thisHour + offset)
          yield* store.insert([
            ...slots.map((slot) => result(monitor.id, slot)),
            result(monitor.id, slots[0] ?? 0, "Down", { region: india }),
          ])
          yield* setWatermarks(thisHour - 5 * hour, Math.floor((thisHour - 5 * hour) / day) * day)
          const written = yield* Effect.all(
            Array.from({ length: 4 }, () => housekeeping.rollUp),
            {
              concurrency: "unbounded",
            },
          )
          assert.isAtLeast(
            written.reduce((sum, n) => sum + n, 0),
            4,
          )
          const expected = [
            { at: thisHour - 4 * hour, location: "India", up: 0, down: 1 },
            { at: thisHour - 4 * hour, location: "USA", up: 2, down: 0 },
            { at: thisHour - 3 * hour, location: "USA", up: 1, down: 0 },
            { at: thisHour - hour, location: "USA", up: 1, down: 0 },
          ]
          assert.deepStrictEqual(yield* hoursOf(monitor.id), expected)
          // Late results were noted as they came; after they are healed there is nothing left to do.
          yield* housekeeping.rollUp
          assert.strictEqual(yield* housekeeping.rollUp, 0)
          assert.deepStrictEqual(yield* hoursOf(monitor.id), expected)
        }),
      )

      it.effect("heals an hour, and its day, that a late result came to", () =>
        Effect.gen(function* () {
          const housekeeping = yield* Housekeeping
          const store = yield* ResultStore
          const user = yield* makeUser
          const monitor = yield* makeMonitor(user.id)
          const now = yield* databaseNow
          const late = Math.floor((now - 20 * hour) / hour) * hour
          yield* store.insert([result(monitor.id, late)])
          const dayOf = Math.floor(late / day) * day
          yield* setWatermarks(Math.floor(now / hour) * hour - hour, dayOf)
          yield* housekeeping.rollUp
          // As if the day of the late result had long been over.
          yield* setWatermarks(Math.floor(now / hour) * hour - hour, dayOf + day)
          yield* store.insert([result(monitor.id, late + minute, "Down")])
          yield* housekeeping.rollUp
          assert.deepStrictEqual(yield* hoursOf(monitor.id), [{ at: late, location: "USA", up: 1, down: 1 }])
          const sql = yield* SqlClient
          const days = yield* sql`
            SELECT up, down FROM rollup_daily WHERE monitor_id = ${monitor.id} AND up + down > 0`
          assert.deepStrictEqual(days, [{ up: 1, down: 1 }])
          const stats = yield* (yield* Results).stats(user.id, monitor.id, "7d")
          assert.deepStrictEqual(stats.checks, { up: 1, degraded: 0, down: 1, unknown: 0 })
        }),
      )

      it.effect("heals the hours of a state that turns out to have ended earlier", () =>
        Effect.gen(function* () {
          const housekeeping = yield* Housekeeping
          const user = yield* makeUser
          const monitor = yield* makeMonitor(user.id, { intervalSeconds: 3600 })
          const now = yield* databaseNow
          const thisHour = Math.floor((now - 10 * minute) / hour) * hour
          const last = thisHour - 5 * hour - 30 * minute
          yield* (yield* ResultStore).insert([result(monitor.id, last)])
          yield* setWatermarks(thisHour - 7 * hour, Math.floor((thisHour - 7 * hour) / day) * day)
          yield* housekeeping.rollUp
          const upMs = Effect.map(
            (yield* SqlClient)<{ readonly ms: number }>`
              SELECT sum(up_ms) AS ms FROM rollup_hourly WHERE monitor_id = ${monitor.id} AND location = '*'`,
            ([row]) => row?.ms,
          )
          assert.strictEqual(yield* upMs, thisHour - last)
          assert.isAtLeast(yield* housekeeping.sweepNoData, 1)
          yield* housekeeping.rollUp
          assert.strictEqual(yield* upMs, hour)
          assert.strictEqual((yield* (yield* Results).stats(user.id, monitor.id, "24h")).upMs, hour)
        }),
      )

      it.effect("looks for silent regions by reading their table once, not by a look-up for each", () =>
        Effect.gen(function* () {
          const { sweepNoData } = yield* Housekeeping
          const sql = yield* SqlClient
          const user = yield* makeUser
          const monitors = 5_000
          yield* sql`
            INSERT INTO monitors (id, user_id, name, kind, url, interval_seconds, timeout_ms, enabled, next_check_at, created_at, updated_at)
            SELECT gen_random_uuid(), ${user.id}::uuid, 'quiet', 'http', 'http://192.0.2.1/', 86400, 5000, true,
              now() + interval '1 day', now(), now() FROM generate_series(1, ${monitors}::int)`
          yield* sql`
            INSERT INTO monitor_status (monitor_id, location, status, since, last_slot)
            SELECT id, location, 'Up', now(), now() FROM monitors, unnest('{USA,India,*}'::text[]) AS location
            WHERE name = 'quiet'`
          yield* sql`ANALYZE monitors, monitor_status`
          const fetched = Effect.map(
            sql<{ readonly rows: number }>`
              SELECT sum(idx_tup_fetch) AS rows FROM pg_stat_xact_user_tables WHERE relname IN ('monitors', 'monitor_status')`,
            ([row]) => Number(row?.rows),
          )
          const looked = Effect.gen(function* () {
            const before = yield* fetched
            yield* sweepNoData
            return (yield* fetched) - before
          })
          assert.isBelow(yield* sql.withTransaction(looked), monitors)
          yield* sql`DELETE FROM monitors WHERE name = 'quiet'`
        }),
      )

      it.effect("turns silent regions to Unknown from the slot that was missed, and the monitor with them", () =>
        Effect.gen(function* () {
          const housekeeping = yield* Housekeeping
          const store = yield* ResultStore
          const user = yield* makeUser
          const interval = { intervalSeconds: 60 }
          yield* housekeeping.sweepNoData
          const silent = yield* makeMonitor(user.id, interval)
          const half = yield* makeMonitor(user.id, interval)
          const slow = yield* makeMonitor(user.id, { intervalSeconds: 3600 })
          const off = yield* makeMonitor(user.id, interval)
          const now = yield* databaseNow
          const last = now - 10 * minute
          yield* store.insert([
            result(silent.id, last),
            result(silent.id, last + 1000, "Up", { region: india }),
            result(half.id, last, "Down"),
            result(half.id, last + 1000, "Up", { region: india }),
            result(half.id, now - minute, "Up", { region: india }),
            result(slow.id, last),
            result(off.id, last),
          ])
          yield* (yield* Monitors).update(user.id, [{ id: off.id, settings: { enabled: false } }])
          const swept = yield* Effect.all(
            Array.from({ length: 3 }, () => housekeeping.sweepNoData),
            {
              concurrency: "unbounded",
            },
          )
          assert.strictEqual(
            swept.reduce((sum, n) => sum + n, 0),
            3,
          )
          assert.strictEqual(yield* housekeeping.sweepNoData, 0)
          assert.deepStrictEqual(yield* intervalsOf(silent.id, "USA"), [
            { state: "Up", startedAt: last, endedAt: last + minute },
            { state: "Unknown", startedAt: last + minute, endedAt: null },
          ])
          assert.deepStrictEqual(yield* intervalsOf(silent.id, "*"), [
            { state: "Up", startedAt: last, endedAt: last + 1000 + minute },
            { state: "Unknown", startedAt: last + 1000 + minute, endedAt: null },
          ])
          assert.deepInclude((yield* statusOf(silent.id, "*")) ?? {}, { status: "Unknown" })
          assert.deepInclude((yield* statusOf(half.id, "USA")) ?? {}, { status: "Unknown", since: last + minute })
          assert.deepInclude((yield* statusOf(half.id, "*")) ?? {}, { status: "Up", since: last + minute })
          assert.deepInclude((yield* statusOf(slow.id, "USA")) ?? {}, { status: "Up" })
          assert.deepStrictEqual(
            (yield* intervalsOf(off.id, "*")).map(({ state }) => state),
            ["Up", "Paused"],
          )
          // What comes at last ends the silence.
          yield* store.insert([result(silent.id, now - minute)])
          assert.deepInclude((yield* statusOf(silent.id, "*")) ?? {}, { status: "Up", since: now - minute })
          assert.deepStrictEqual(
            (yield* intervalsOf(silent.id, "*")).map(({ state }) => state),
            ["Up", "Unknown", "Up"],
          )
        }),
      )

      it.effect("gives a region as long as a check may take before it says that nothing comes from it", () =>
        Effect.gen(function* () {
          const housekeeping = yield* Housekeeping
          const store = yield* ResultStore
          const user = yield* makeUser
          // A check of this one may end 81 s after its slot: two tries of 40 s each, with a second between them.
          const slow = yield* makeMonitor(user.id, { intervalSeconds: 10, timeoutMs: 40_000 })
          const fast = yield* makeMonitor(user.id, { intervalSeconds: 10, timeoutMs: 1_000 })
          const now = yield* databaseNow
          yield* store.insert([result(slow.id, now - minute, "Down"), result(fast.id, now - minute, "Down")])
          yield* housekeeping.sweepNoData
          assert.strictEqual((yield* statusOf(slow.id, "*"))?.status, "Down")
          assert.strictEqual((yield* statusOf(fast.id, "*"))?.status, "Unknown")
          yield* store.insert([result(slow.id, now - 150_000, "Down", { region: india })])
          yield* housekeeping.sweepNoData
          assert.strictEqual((yield* statusOf(slow.id, "India"))?.status, "Unknown")
        }),
      )

      it.effect("clears what belonged to deleted monitors, what comes late too, and forgets them after a day", () =>
        Effect.gen(function* () {
          const housekeeping = yield* Housekeeping
          const sql = yield* SqlClient
          const user = yield* makeUser
          const gone = yield* makeMonitor(user.id)
          const kept = yield* makeMonitor(user.id)
          const now = yield* databaseNow
          const slots = Array.from({ length: 30 }, (_, i) => now - (i * hour) / 2)
          yield* (yield* ResultStore).insert(slots.flatMap((slot) => [result(gone.id, slot), result(kept.id, slot)]))
          yield* setWatermarks(Math.floor(now / hour) * hour - 5 * hour, Math.floor(now / day) * day)
          yield* housekeeping.rollUp
          yield* (yield* Monitors).remove(user.id, [gone.id])
          assert.strictEqual(yield* housekeeping.purgeDeleted, 30)
          yield* putResult(gone.id, now - minute)
          assert.strictEqual(yield* housekeeping.purgeDeleted, 1)
          const left = (table: string, id: MonitorId) =>
            Effect.map(sql`SELECT FROM ${sql(table)} WHERE monitor_id = ${id}`, (rows) => rows.length)
          for (const table of ["check_results", "monitor_status", "state_intervals", "rollup_hourly", "rollup_dirty"]) {
            assert.strictEqual(yield* left(table, gone.id), 0)
          }
          assert.strictEqual(yield* left("check_results", kept.id), 30)
          assert.isAbove(yield* left("rollup_hourly", kept.id), 0)
          assert.strictEqual(yield* left("monitor_deletions", gone.id), 1)
          yield* sql`UPDATE monitor_deletions SET deleted_at = now() - interval '25 hours'`
          yield* housekeeping.purgeDeleted
          assert.strictEqual(yield* left("monitor_deletions", gone.id), 0)
        }),
      )
    })
  })
}
