import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, layer } from "@effect/vitest"
import type { CheckStatus } from "@uptime/domain/CheckStatus"
import type { MonitorId } from "@uptime/domain/Ids"
import { applyResult, type Needs, type RegionState } from "@uptime/domain/MonitorState"
import { type MonitorStatus, overallStatus } from "@uptime/domain/MonitorStatus"
import type { Region } from "@uptime/domain/Region"
import type { NewResult } from "@uptime/domain/Result"
import { Deferred, Effect, Fiber, FastCheck as fc, Schedule } from "effect"
import { Monitors } from "../src/Monitors.ts"
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
  settings,
  statusOf,
  unknownMonitorId,
  usa,
} from "./Fixtures.ts"

const minute = 60_000

const storedRows = (monitorId: MonitorId) =>
  Effect.flatMap(SqlClient, (sql) =>
    Effect.map(
      sql<{ readonly slot: number; readonly location: Region; readonly status: CheckStatus }>`
        SELECT round(date_part('epoch', scheduled_at) * 1000) AS slot, location, status FROM check_results
        WHERE monitor_id = ${monitorId} ORDER BY scheduled_at, location`,
      (rows) => rows.map(({ location, slot, status }) => `${slot} ${location} ${status}`),
    ),
  )

/** The pure fold: what states and intervals are when every result is delivered in the order of slots. */
const replay = (results: ReadonlyArray<NewResult>, needs: Needs) => {
  const regions = new Map<Region, RegionState>()
  const intervals = new Map<string, Array<{ state: MonitorStatus; startedAt: number }>>([["*", []]])
  let overall: MonitorStatus | null = null
  let begun = Number.NEGATIVE_INFINITY
  for (const { outcome, region, slot } of results) {
    const { state, transition } = applyResult(regions.get(region) ?? null, { slot, status: outcome.status }, needs)
    regions.set(region, state)
    if (transition === null) continue
    intervals.set(region, [...(intervals.get(region) ?? []), { state: transition.to, startedAt: transition.at }])
    const next: MonitorStatus = overallStatus(
      overall ?? "Unknown",
      [...regions.values()].map(({ status }) => status),
    )
    if (next !== overall) {
      begun = Math.max(begun, transition.at)
      intervals.get("*")?.push({ state: next, startedAt: begun })
    }
    overall = next
  }
  return { regions, overall, intervals }
}

/** Intervals without those of no length, neighbours of one state as one. */
const normal = (intervals: ReadonlyArray<{ readonly state: string; readonly startedAt: number }>) => {
  const merged: Array<{ state: string; startedAt: number }> = []
  for (const [i, { startedAt, state }] of intervals.entries()) {
    if (intervals[i + 1]?.startedAt === startedAt) continue
    if (merged.at(-1)?.state !== state) merged.push({ state, startedAt })
  }
  return merged
}

const history = fc
  .array(
    fc.record({
      step: fc.integer({ min: 0, max: 30 }),
      region: fc.constantFrom(usa, india),
      status: fc.constantFrom<CheckStatus>("Up", "Up", "Down", "Down", "Degraded", "Unknown"),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((items) => {
    const distinct = new Map(items.map((item) => [`${item.step} ${item.region}`, item]))
    return [...distinct.values()].sort((a, b) => a.step - b.step || (a.region < b.region ? -1 : 1))
  })

const batches = <A>(items: ReadonlyArray<A>, size: number): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))

for (const [name, database] of backends) {
  describe.sequential(name, () => {
    layer(services(database), { excludeTestServices: true, timeout: "60 seconds" })("ResultStore", (it) => {
      it.effect("stores a result as it was found, and gives it back", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const monitor = yield* makeMonitor(user.id)
          const store = yield* ResultStore
          const slot = (yield* databaseNow) - minute
          const evidence = {
            address: "192.0.2.1",
            headers: [["server", 'a "quoted" \\ back\\slash {1}']] as const,
            body: "NULL, {} and \n a line ü 🦆",
            certificate: { subject: "CN=a", issuer: "CN=b", validFrom: 1, validTo: null, fingerprint: "AA:BB" },
          }
          const found = result(monitor.id, slot, "Down", {
            outcome: {
              responseTimeMs: 12.5,
              phases: { dns: 1, connect: 2.25, tls: null, firstByte: 4, transfer: 0 },
              httpStatus: 503,
              errorKind: "status",
              errorMessage: 'a "quoted" \\ back\\slash, {braces}, NULL and \n a line ü 🦆',
              certificateExpiresAt: slot + 86_400_000,
              attempts: 2,
              evidence,
            },
          })
          const report = yield* store.insert([found])
          assert.deepStrictEqual(report, { inserted: 1, duplicates: 0, dropped: 0, rejected: [] })
          const [stored] = yield* (yield* Results).list(user.id, monitor.id, {}, 10, null)
          const overview = yield* (yield* Monitors).get(user.id, monitor.id)
          assert.isDefined(stored)
          assert.deepStrictEqual(stored, {
            ...(overview.latest ?? assert.fail("no latest result")),
            attempts: 2,
            maintenance: false,
            evidence,
          })
          assert.strictEqual(stored?.status, "Down")
          assert.strictEqual(stored?.scheduledAt.epochMillis, slot)
          assert.strictEqual(stored?.checkedAt.epochMillis, slot + 250)
          assert.strictEqual(stored?.responseTimeMs, 12.5)
          assert.deepStrictEqual(stored?.phases, found.outcome.phases)
          assert.strictEqual(stored?.httpStatus, 503)
          assert.deepStrictEqual(stored?.error, { kind: "status", message: found.outcome.errorMessage ?? "" })
          assert.strictEqual(stored?.certificateExpiresAt?.epochMillis, slot + 86_400_000)
          assert.strictEqual(overview.status, "Down")
          assert.strictEqual(overview.since?.epochMillis, slot)
        }),
      )

      it.effect("stores a key once, whether it comes twice in a batch or again later", () =>
        Effect.gen(function* () {
          const monitor = yield* makeOwnMonitor()
          const store = yield* ResultStore
          const slot = (yield* databaseNow) - minute
          const first = yield* store.insert([result(monitor.id, slot), result(monitor.id, slot, "Down")])
          assert.deepStrictEqual(first, { inserted: 1, duplicates: 1, dropped: 0, rejected: [] })
          const again = yield* store.insert([result(monitor.id, slot, "Down"), result(monitor.id, slot + 1000)])
          assert.deepStrictEqual(again, { inserted: 1, duplicates: 1, dropped: 0, rejected: [] })
          assert.deepStrictEqual(yield* storedRows(monitor.id), [`${slot} USA Up`, `${slot + 1000} USA Up`])
          assert.strictEqual((yield* statusOf(monitor.id, "USA"))?.status, "Up")
        }),
      )

      it.effect("drops results of deleted and unknown monitors and of slots out of range, not their neighbours", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const gone = yield* makeMonitor(user.id)
          const kept = yield* makeMonitor(user.id)
          yield* (yield* Monitors).remove(user.id, [gone.id])
          const store = yield* ResultStore
          const now = yield* databaseNow
          const report = yield* store.insert([
            result(gone.id, now - minute),
            result(yield* unknownMonitorId, now - minute),
            result(kept.id, now - 25 * 60 * minute),
            result(kept.id, now + 61 * minute),
            result(kept.id, now - minute),
          ])
          assert.deepStrictEqual(report, { inserted: 1, duplicates: 0, dropped: 4, rejected: [] })
          assert.lengthOf(yield* storedRows(kept.id), 1)
          assert.lengthOf(yield* storedRows(gone.id), 0)
        }),
      )

      it.effect("sets a bad row apart and stores its neighbours", () =>
        Effect.gen(function* () {
          const monitor = yield* makeOwnMonitor()
          const store = yield* ResultStore
          const now = yield* databaseNow
          const good = Array.from({ length: 30 }, (_, i) => result(monitor.id, now - (i + 2) * minute))
          const nul = result(monitor.id, now - minute, "Down", { outcome: { errorMessage: "a\u0000b" } })
          const huge = result(monitor.id, now, "Down", { outcome: { httpStatus: 99_999 } })
          const report = yield* store.insert([...good.slice(0, 17), nul, ...good.slice(17), huge])
          assert.strictEqual(report.inserted, 30)
          assert.deepStrictEqual(
            report.rejected.map(({ result }) => result),
            [nul, huge],
          )
          assert.match(report.rejected[0]?.reason ?? "", /^22021: /)
          assert.match(report.rejected[1]?.reason ?? "", /^22003: /)
          assert.lengthOf(yield* storedRows(monitor.id), 30)
        }),
      )

      it.effect("stores what comes from a monitor that is turned off, and moves nothing by it", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const monitor = yield* makeMonitor(user.id)
          const monitors = yield* Monitors
          const store = yield* ResultStore
          const now = yield* databaseNow
          yield* store.insert([result(monitor.id, now - 2 * minute)])
          yield* monitors.update(user.id, [{ id: monitor.id, settings: { enabled: false } }])
          const report = yield* store.insert([result(monitor.id, now + minute, "Down")])
          assert.strictEqual(report.inserted, 1)
          assert.lengthOf(yield* storedRows(monitor.id), 2)
          const { locations, status } = yield* monitors.get(user.id, monitor.id)
          assert.strictEqual(status, "Unknown")
          assert.deepStrictEqual(
            locations.map((location) => location.status),
            ["Unknown"],
          )
          assert.deepStrictEqual(
            (yield* intervalsOf(monitor.id, "*")).map(({ state }) => state),
            ["Up", "Paused"],
          )
        }),
      )

      it.effect("leaves a monitor paused that is turned off while its results are stored", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const monitors = yield* Monitors
          const store = yield* ResultStore
          const base = (yield* databaseNow) - 30 * minute
          const made = yield* monitors.create(
            user.id,
            Array.from({ length: 30 }, () => settings()),
          )
          const ids = made.map(({ monitor }) => monitor.id)
          yield* Effect.all(
            [
              ...Array.from({ length: 8 }, (_, i) =>
                store.insert(ids.map((id) => result(id, base + i * minute, i % 2 === 0 ? "Up" : "Down"))),
              ),
              ...ids.map((id) => monitors.update(user.id, [{ id, settings: { enabled: false } }])),
            ],
            { concurrency: 12, discard: true },
          )
          for (const id of ids) {
            for (const location of ["USA", "*"]) {
              const status = yield* statusOf(id, location)
              if (status === null) continue
              assert.strictEqual(status.status, "Unknown")
              assert.deepInclude((yield* intervalsOf(id, location)).at(-1) ?? {}, { state: "Paused", endedAt: null })
            }
          }
        }),
      )

      // The embedded database has one connection: nothing comes between two statements of a transaction there.
      if (name === "PostgreSQL") {
        it.effect.each(["the first results", "a change of status"])(
          "moves nothing by %s of a monitor whose pause was under way when they were stored",
          (what) =>
            Effect.gen(function* () {
              const user = yield* makeUser
              const monitor = yield* makeMonitor(user.id)
              const monitors = yield* Monitors
              const store = yield* ResultStore
              const sql = yield* SqlClient
              const now = yield* databaseNow
              if (what === "a change of status") yield* store.insert([result(monitor.id, now - 3 * minute)])
              const isWaiting = Effect.map(
                sql`
                  SELECT FROM pg_stat_activity
                  WHERE datname = current_database() AND wait_event_type = 'Lock'`,
                (rows) => rows.length > 0,
              )
              const isPaused = yield* Deferred.make<void>()
              const commit = yield* Deferred.make<void>()
              const pausing = yield* Effect.fork(
                monitors
                  .update(user.id, [{ id: monitor.id, settings: { enabled: false } }])
                  .pipe(
                    Effect.zipRight(Deferred.succeed(isPaused, undefined)),
                    Effect.zipRight(Deferred.await(commit)),
                    sql.withTransaction,
                  ),
              )
              yield* Deferred.await(isPaused)
              const storing = yield* Effect.fork(store.insert([result(monitor.id, now + minute, "Down")]))
              yield* Effect.repeat(isWaiting, { until: (waiting) => waiting, schedule: Schedule.spaced("20 millis") })
              yield* Deferred.succeed(commit, undefined)
              yield* Fiber.join(pausing)
              assert.strictEqual((yield* Fiber.join(storing)).inserted, 1)
              assert.strictEqual((yield* statusOf(monitor.id, "*"))?.status, "Unknown")
              assert.strictEqual((yield* intervalsOf(monitor.id, "*")).at(-1)?.state, "Paused")
              assert.notInclude(
                (yield* intervalsOf(monitor.id, "USA")).map(({ state }) => state),
                "Down",
              )
            }),
        )
      }

      it.effect("does nothing for an empty batch", () =>
        Effect.gen(function* () {
          const report = yield* (yield* ResultStore).insert([])
          assert.deepStrictEqual(report, { inserted: 0, duplicates: 0, dropped: 0, rejected: [] })
        }),
      )

      it.effect.prop(
        "states and intervals are the fold over the results, delivered in order in any batches",
        {
          items: history,
          size: fc.integer({ min: 1, max: 25 }),
          needs: fc.record({ failures: fc.integer({ min: 1, max: 3 }), successes: fc.integer({ min: 1, max: 3 }) }),
        },
        ({ items, needs, size }) =>
          Effect.gen(function* () {
            const monitor = yield* makeOwnMonitor()
            const sql = yield* SqlClient
            yield* sql`
              UPDATE monitors SET confirm_failures = ${needs.failures}, confirm_successes = ${needs.successes}
              WHERE id = ${monitor.id}`
            const store = yield* ResultStore
            const base = (yield* databaseNow) - 40 * minute
            const results = items.map(({ region, status, step }) =>
              result(monitor.id, base + step * minute, status, { region }),
            )
            for (const batch of batches(results, size)) yield* store.insert([...batch, ...batch.slice(0, 2)])
            yield* store.insert(results.slice(0, 10))
            const expected = replay(results, needs)
            for (const [region, state] of expected.regions) {
              const status = yield* statusOf(monitor.id, region)
              assert.deepInclude(status ?? {}, { status: state.status, since: state.since, lastSlot: state.lastSlot })
              assert.deepStrictEqual(
                normal(yield* intervalsOf(monitor.id, region)),
                normal(expected.intervals.get(region) ?? []),
              )
            }
            assert.strictEqual((yield* statusOf(monitor.id, "*"))?.status, expected.overall ?? undefined)
            assert.deepStrictEqual(
              normal(yield* intervalsOf(monitor.id, "*")),
              normal(expected.intervals.get("*") ?? []),
            )
          }),
        { fastCheck: { numRuns: 30 }, timeout: 90_000 },
      )

      it.effect.prop(
        "late, repeated and concurrent batches never contradict the results",
        { items: history, seed: fc.integer({ min: 1, max: 1_000_000 }), size: fc.integer({ min: 1, max: 12 }) },
        ({ items, seed, size }) =>
          Effect.gen(function* () {
            const monitor = yield* makeOwnMonitor()
            const store = yield* ResultStore
            const base = (yield* databaseNow) - 40 * minute
            const shuffled = [...items, ...items.slice(0, 20)]
              .map((item, i) => ({ item, rank: (i * 7919 + seed * 104_729) % 10_007 }))
              .sort((a, b) => a.rank - b.rank)
              .map(({ item: { region, status, step } }) => result(monitor.id, base + step * minute, status, { region }))
            const reports = yield* Effect.forEach(batches(shuffled, size), (batch) => store.insert(batch), {
              concurrency: 4,
            })
            assert.strictEqual(
              reports.reduce((sum, { inserted }) => sum + inserted, 0),
              items.length,
            )
            assert.strictEqual(
              reports.reduce((sum, { duplicates }) => sum + duplicates, 0),
              shuffled.length - items.length,
            )
            assert.deepStrictEqual(
              yield* storedRows(monitor.id),
              items
                .map(({ region, status, step }) => ({ at: base + step * minute, region, status }))
                .sort((a, b) => a.at - b.at || (a.region < b.region ? -1 : 1))
                .map(({ at, region, status }) => `${at} ${region} ${status}`),
            )
            const statuses: Array<CheckStatus> = []
            for (const region of new Set(items.map((item) => item.region))) {
              const own = items.filter((item) => item.region === region)
              const newest = own.at(-1)
              const status = yield* statusOf(monitor.id, region)
              assert.deepInclude(status ?? {}, {
                status: newest?.status,
                lastSlot: base + (newest?.step ?? 0) * minute,
              })
              if (status !== null && status.status !== "Partial") statuses.push(status.status)
              const intervals = yield* intervalsOf(monitor.id, region)
              for (const { startedAt, state } of intervals) {
                assert.isTrue(own.some((item) => base + item.step * minute === startedAt && item.status === state))
              }
            }
            const overall = (yield* statusOf(monitor.id, "*"))?.status ?? "Unknown"
            assert.strictEqual(overallStatus(overall, statuses), overall)
            for (const location of ["*", ...new Set(items.map((item) => item.region))]) {
              const intervals = yield* intervalsOf(monitor.id, location)
              const status = yield* statusOf(monitor.id, location)
              assert.lengthOf(
                intervals.filter(({ endedAt }) => endedAt === null),
                1,
              )
              assert.deepInclude(intervals.at(-1) ?? {}, {
                state: status?.status,
                startedAt: status?.since,
                endedAt: null,
              })
              for (const [i, { endedAt }] of intervals.entries()) {
                assert.strictEqual(endedAt, intervals[i + 1]?.startedAt ?? null)
              }
            }
          }),
        { fastCheck: { numRuns: 30 }, timeout: 90_000 },
      )

      it.effect("overlapping batches of many monitors at once neither fail nor double", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const made = yield* (yield* Monitors).create(
            user.id,
            Array.from({ length: 100 }, () => settings()),
          )
          const store = yield* ResultStore
          const base = (yield* databaseNow) - 30 * minute
          const slots = Array.from({ length: 6 }, (_, i) => base + i * minute)
          const of = (slot: number, i: number) =>
            made.map(({ monitor }, n) =>
              result(monitor.id, slot, (n + i) % 3 === 0 ? "Down" : "Up", { region: i % 2 === 0 ? usa : india }),
            )
          const work = slots.flatMap((slot, i) => [
            of(slot, i),
            of(slot, i).reverse(),
            [...of(slot, i), ...of(slots[i - 1] ?? slot, i)],
          ])
          const reports = yield* Effect.forEach(work, (batch) => store.insert(batch), { concurrency: 8 })
          assert.strictEqual(
            reports.reduce((sum, { rejected }) => sum + rejected.length, 0),
            0,
          )
          const sql = yield* SqlClient
          const [open] = yield* sql<{ readonly n: number }>`
            SELECT count(*)::int AS n FROM state_intervals JOIN monitor_status USING (monitor_id, location)
            JOIN monitors ON monitors.id = monitor_id
            WHERE user_id = ${user.id} AND ended_at IS NULL AND state = status AND started_at = since`
          assert.strictEqual(open?.n, 300)
        }),
      )
    })
  })
}
