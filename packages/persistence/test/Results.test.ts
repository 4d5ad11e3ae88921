import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, layer } from "@effect/vitest"
import type { CheckStatus } from "@uptime/domain/CheckStatus"
import type { MonitorId } from "@uptime/domain/Ids"
import { bucketOf, bucketValue, gamma, maxBucket, minMs } from "@uptime/domain/LatencyHistogram"
import { Region } from "@uptime/domain/Region"
import { toMicroseconds } from "@uptime/domain/Result"
import { type Stats, type StatsWindow, windowMs } from "@uptime/domain/Stats"
import { coverage, durationsWithin, type StateInterval, uptimePercent } from "@uptime/domain/Uptime"
import { Effect, FastCheck as fc } from "effect"
import { Housekeeping } from "../src/Housekeeping.ts"
import { ResultStore } from "../src/ResultStore.ts"
import { type ResultCursor, Results } from "../src/Results.ts"
import { histogramBucketSql } from "../src/RollupSql.ts"
import { backends } from "./Backends.ts"
import {
  databaseNow,
  india,
  makeMonitor,
  makeOwnMonitor,
  makeUser,
  result,
  services,
  unknownMonitorId,
  usa,
} from "./Fixtures.ts"

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

interface Row {
  readonly at: number
  readonly location: Region
  readonly status: CheckStatus
  readonly ms: number | null
}

/** Puts a history into the tables as if it had been stored over the last months; a quarter of each time went to DNS. */
const putHistory = (id: MonitorId, rows: ReadonlyArray<Row>) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    yield* sql.withTransaction(sql`
      INSERT INTO check_results (monitor_id, location, scheduled_at, checked_at, status, response_time_ms, dns_ms)
      SELECT ${id}, location, to_timestamp(at / 1000), to_timestamp(at / 1000), status, ms, ms / 4
      FROM unnest(${rows.map((row) => row.location)}::text[], ${rows.map((row) => row.at)}::float8[],
        ${rows.map((row) => row.status)}::text[], ${rows.map((row) => row.ms)}::real[]) AS row (location, at, status, ms)`)
  })

const putIntervals = (id: MonitorId, location: string, intervals: ReadonlyArray<StateInterval>) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    yield* sql`INSERT INTO monitor_status VALUES (${id}, ${location}, 'Unknown', now(), now())`
    yield* sql`
      INSERT INTO state_intervals (monitor_id, location, state, started_at, ended_at)
      SELECT ${id}, ${location}, state, to_timestamp(started / 1000), to_timestamp(ended / 1000)
      FROM unnest(${intervals.map(({ state }) => state)}::text[], ${intervals.map(({ startedAt }) => startedAt)}::float8[],
        ${intervals.map(({ endedAt }) => endedAt)}::float8[]) AS interval (state, started, ended)`
  })

/** Lets the rollups begin this long ago, as on an installation of that age with one monitor, and runs them to their end. */
const rollUpFrom = (id: MonitorId, ageMs: number) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    yield* sql`DELETE FROM monitors WHERE id <> ${id}`
    const housekeeping = yield* Housekeeping
    const now = yield* databaseNow
    for (const [name, length] of [
      ["hourly", hour],
      ["daily", day],
    ] as const) {
      const at = Math.floor((now - ageMs) / length) * length
      yield* sql`UPDATE rollup_watermarks SET up_to = to_timestamp(${at}::float8 / 1000), done_to = NULL WHERE name = ${name}`
    }
    yield* housekeeping.rollUp
  })

/** Every state that an interval may have. */
const states: ReadonlyArray<StateInterval["state"]> = [
  "Up",
  "Degraded",
  "Partial",
  "Down",
  "Unknown",
  "Paused",
  "Maintenance",
  "Unreachable",
]

/** The value at rank ⌈q × n⌉. */
const exactQuantile = (values: ReadonlyArray<number>, q: number): number | undefined =>
  [...values].sort((a, b) => a - b)[Math.max(1, Math.ceil(q * values.length)) - 1]

const assertQuantile = (actual: number | null, values: ReadonlyArray<number>, q: number) => {
  const exact = exactQuantile(values, q)
  if (exact === undefined) assert.isNull(actual)
  else assert.strictEqual(actual, toMicroseconds(bucketValue(bucketOf(exact))))
}

const assertSummary = (
  actual: {
    readonly checks: Stats["checks"]
    readonly avgMs: number | null
    readonly p50Ms: number | null
    readonly p95Ms: number | null
    readonly p99Ms: number | null
  },
  rows: ReadonlyArray<Row>,
) => {
  const count = (status: CheckStatus) => rows.filter((row) => row.status === status).length
  assert.deepStrictEqual(actual.checks, {
    up: count("Up"),
    degraded: count("Degraded"),
    down: count("Down"),
    unknown: count("Unknown"),
  })
  const values = rows.flatMap(({ ms, status }) =>
    (status === "Up" || status === "Degraded") && ms !== null ? [ms] : [],
  )
  if (values.length === 0) assert.isNull(actual.avgMs)
  else assert.closeTo(actual.avgMs ?? Number.NaN, values.reduce((sum, ms) => sum + ms, 0) / values.length, 1e-3)
  assertQuantile(actual.p50Ms, values, 0.5)
  assertQuantile(actual.p95Ms, values, 0.95)
  assertQuantile(actual.p99Ms, values, 0.99)
}

const windows: ReadonlyArray<StatsWindow> = ["24h", "7d", "30d", "90d"]

/** Ages within 100 days, dense near the ends of windows and near now. */
const age = fc.oneof(
  fc.integer({ min: 1, max: 100 * day }),
  fc.integer({ min: 1, max: 3 * hour }),
  fc
    .tuple(fc.constantFrom(1, 7, 30, 90), fc.integer({ min: -90, max: 90 }))
    .map(([days, minutes]) => days * day + minutes * minute + 1),
)

const someRows = fc.array(
  fc.record({
    age,
    location: fc.constantFrom(usa, india),
    status: fc.constantFrom<CheckStatus>("Up", "Up", "Up", "Degraded", "Down", "Unknown"),
    ms: fc.oneof(
      fc.constant(null),
      fc.integer({ min: 1, max: 30_000 }).map((n) => n / 8),
    ),
  }),
  { maxLength: 120 },
)

const someIntervals = fc
  .tuple(
    fc.array(age, { maxLength: 40 }),
    fc.infiniteStream(fc.constantFrom<StateInterval["state"]>(...states)),
    fc.boolean(),
  )
  .map(([ages, states, isOpen]) => {
    const bounds = [...new Set(ages)].sort((a, b) => b - a)
    return bounds.flatMap((startAge, i) => {
      const endAge = bounds[i + 1] ?? null
      const state = states.next().value
      return (endAge === null && !isOpen) || state === undefined ? [] : [{ state, startAge, endAge }]
    })
  })

for (const [name, database] of backends) {
  describe.sequential(name, () => {
    layer(services(database), { excludeTestServices: true, timeout: "60 seconds" })("Results", (it) => {
      it.effect("lists newest first, then by location, page by page, each result once", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const monitor = yield* makeMonitor(user.id)
          const results = yield* Results
          const base = (yield* databaseNow) - 20 * hour
          const all = Array.from({ length: 9 }, (_, i) => base + i * 2 * hour).flatMap((slot) =>
            [usa, india].map((region) => result(monitor.id, slot, "Up", { region })),
          )
          yield* (yield* ResultStore).insert(all)
          const listed: Array<string> = []
          let after: ResultCursor | null = null
          for (let page = 0; page < 5; page++) {
            const items: ReadonlyArray<{
              readonly scheduledAt: { readonly epochMillis: number }
              readonly location: Region
            }> = yield* results.list(user.id, monitor.id, {}, 5, after)
            listed.push(...items.map(({ location, scheduledAt }) => `${scheduledAt.epochMillis} ${location}`))
            const last = items.at(-1)
            if (last !== undefined) after = { scheduledAt: last.scheduledAt.epochMillis, location: last.location }
          }
          assert.deepStrictEqual(
            listed,
            [...all]
              .sort((a, b) => b.slot - a.slot || (a.region < b.region ? -1 : 1))
              .map(({ region, slot }) => `${slot} ${region}`),
          )
        }),
      )

      it.effect("filters by location, status and time, from inclusive, to exclusive", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const monitor = yield* makeMonitor(user.id)
          const results = yield* Results
          const base = (yield* databaseNow) - hour
          yield* (yield* ResultStore).insert([
            result(monitor.id, base),
            result(monitor.id, base + minute, "Down"),
            result(monitor.id, base + 2 * minute, "Down", { region: india }),
            result(monitor.id, base + 3 * minute),
          ])
          const found = (filter: Parameters<typeof results.list>[2]) =>
            Effect.map(results.list(user.id, monitor.id, filter, 10, null), (items) =>
              items.map(({ scheduledAt }) => (scheduledAt.epochMillis - base) / minute),
            )
          assert.deepStrictEqual(yield* found({ location: india }), [2])
          assert.deepStrictEqual(yield* found({ location: Region.make("Mars") }), [])
          assert.deepStrictEqual(yield* found({ status: "Down" }), [2, 1])
          assert.deepStrictEqual(yield* found({ status: "Down", location: usa }), [1])
          assert.deepStrictEqual(yield* found({ from: base + minute, to: base + 3 * minute }), [2, 1])
        }),
      )

      it.effect("answers a stranger exactly as if the monitor did not exist", () =>
        Effect.gen(function* () {
          const monitor = yield* makeOwnMonitor()
          const stranger = yield* makeUser
          const results = yield* Results
          const stored = yield* (yield* ResultStore).insert([result(monitor.id, (yield* databaseNow) - hour)])
          assert.strictEqual(stored.inserted, 1)
          const calls = (id: MonitorId) =>
            Effect.all([
              Effect.flip(results.list(stranger.id, id, {}, 10, null)),
              Effect.flip(results.stats(stranger.id, id, "24h")),
              Effect.flip(results.cleanup(stranger.id, id, 0)),
            ])
          const missing = yield* unknownMonitorId
          const unknown = (yield* calls(missing)).map((error) => JSON.stringify(error).replaceAll(missing, "id"))
          const foreign = (yield* calls(monitor.id)).map((error) => JSON.stringify(error).replaceAll(monitor.id, "id"))
          assert.deepStrictEqual(foreign, unknown)
        }),
      )

      it.effect("cleans up what is older than so many days, and only that monitor's", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const monitor = yield* makeMonitor(user.id)
          const other = yield* makeMonitor(user.id)
          const results = yield* Results
          const now = yield* databaseNow
          const rows = Array.from(
            { length: 50 },
            (_, i): Row => ({
              at: now - i * day + minute,
              location: usa,
              status: "Up",
              ms: 1,
            }),
          )
          yield* putHistory(monitor.id, rows)
          yield* putHistory(other.id, rows)
          assert.strictEqual(yield* results.cleanup(user.id, monitor.id, 30), 19)
          assert.strictEqual(yield* results.cleanup(user.id, monitor.id, 30), 0)
          assert.lengthOf(yield* results.list(user.id, monitor.id, {}, 100, null), 31)
          assert.lengthOf(yield* results.list(user.id, other.id, {}, 100, null), 50)
        }),
      )

      it.effect("says nothing of a monitor without results", () =>
        Effect.gen(function* () {
          const user = yield* makeUser
          const monitor = yield* makeMonitor(user.id)
          for (const window of windows) {
            const stats = yield* (yield* Results).stats(user.id, monitor.id, window)
            assert.deepInclude(stats, {
              monitorId: monitor.id,
              window,
              uptime: null,
              coverage: 0,
              avgMs: null,
              p99Ms: null,
              locations: [],
            })
            assert.strictEqual(stats.to.epochMillis - stats.from.epochMillis, windowMs[window])
            const length = window === "24h" || window === "7d" ? hour : day
            assert.strictEqual(stats.series[0]?.at.epochMillis, Math.floor(stats.from.epochMillis / length) * length)
            assert.strictEqual(
              stats.series.at(-1)?.at.epochMillis,
              Math.floor((stats.to.epochMillis - 1) / length) * length,
            )
          }
        }),
      )

      it.effect.prop(
        "counts, averages and percentiles are those of the results in the window, rolled up or not",
        { rows: someRows, rolledFrom: fc.constantFrom(0, 2 * hour, 40 * day, 101 * day) },
        ({ rolledFrom, rows }) =>
          Effect.gen(function* () {
            const user = yield* makeUser
            const monitor = yield* makeMonitor(user.id)
            const now = yield* databaseNow
            const distinct = new Map(
              rows
                // What is older than the rollups' beginning was never rolled up: no such results on such an installation.
                .filter((row) => (rolledFrom === 0 ? row.age < hour : row.age < rolledFrom - hour))
                .map(({ age, ...row }) => [`${age} ${row.location}`, { ...row, at: now - age }]),
            )
            const history = [...distinct.values()]
            yield* putHistory(monitor.id, history)
            yield* rollUpFrom(monitor.id, rolledFrom === 0 ? hour : rolledFrom)
            for (const window of windows) {
              const stats = yield* (yield* Results).stats(user.id, monitor.id, window)
              const from = stats.from.epochMillis
              const within = history.filter(({ at }) => at >= from && at < stats.to.epochMillis)
              assertSummary(stats, within)
              const locations = [...new Set(within.map(({ location }) => location))].sort()
              assert.deepStrictEqual(
                stats.locations.map(({ location }) => location),
                locations,
              )
              for (const location of stats.locations) {
                assertSummary(
                  location,
                  within.filter((row) => row.location === location.location),
                )
              }
              const length = window === "24h" || window === "7d" ? hour : day
              for (const point of stats.series) {
                assertSummary(
                  point,
                  within.filter(({ at }) => Math.floor(at / length) * length === point.at.epochMillis),
                )
              }
            }
          }),
        { fastCheck: { numRuns: 12 }, timeout: 120_000 },
      )

      it.effect.prop(
        "uptime and coverage are those of the intervals, clipped to the window",
        { whole: someIntervals, part: someIntervals, isRolledUp: fc.boolean() },
        ({ isRolledUp, part, whole }) =>
          Effect.gen(function* () {
            const user = yield* makeUser
            const monitor = yield* makeMonitor(user.id)
            const now = yield* databaseNow
            const at = (intervals: typeof whole): ReadonlyArray<StateInterval> =>
              (isRolledUp ? intervals : intervals.filter(({ startAge }) => startAge < hour)).map(
                ({ endAge, startAge, state }) => ({
                  state,
                  startedAt: now - startAge,
                  endedAt: endAge === null ? null : now - endAge,
                }),
              )
            yield* putIntervals(monitor.id, "*", at(whole))
            yield* putIntervals(monitor.id, usa, at(part))
            // The rollups begin with the installation: nothing is recorded from before, or this is a young one.
            yield* rollUpFrom(monitor.id, isRolledUp ? 101 * day : hour)
            for (const window of windows) {
              const stats = yield* (yield* Results).stats(user.id, monitor.id, window)
              const from = stats.from.epochMillis
              const to = stats.to.epochMillis
              const expected = (intervals: typeof whole) => {
                const spent = durationsWithin(at(intervals), from, to)
                return { ...spent, uptime: uptimePercent(spent), coverage: coverage(spent, from, to) }
              }
              assert.deepInclude(stats, expected(whole))
              const location = stats.locations.find((entry) => entry.location === usa)
              if (location === undefined) assert.deepInclude(expected(part), { upMs: 0, downMs: 0, uptime: null })
              else assert.deepInclude(location, expected(part))
            }
          }),
        { fastCheck: { numRuns: 16 }, timeout: 60_000 },
      )

      it.effect.prop(
        "gives a series in which every result of a stretch is counted once, whatever is rolled up",
        {
          rows: someRows,
          length: fc.constantFrom(3 * hour, day, 3 * day, 30 * day, 90 * day, 100 * day),
          isRolledUp: fc.boolean(),
        },
        ({ isRolledUp, length, rows }) =>
          Effect.gen(function* () {
            const user = yield* makeUser
            const monitor = yield* makeMonitor(user.id)
            const now = yield* databaseNow
            const history = [
              ...new Map(
                rows
                  .filter((row) => isRolledUp || row.age < hour)
                  .map((row): readonly [string, Row] => [
                    `${row.age} ${row.location}`,
                    { at: now - row.age, location: row.location, status: row.status, ms: row.ms },
                  ]),
              ).values(),
            ]
            yield* putHistory(monitor.id, history)
            yield* rollUpFrom(monitor.id, isRolledUp ? 101 * day : hour)
            const results = yield* Results
            for (const location of [undefined, india]) {
              const series = yield* results.series(user.id, monitor.id, { from: now - length, to: now, location })
              const ms = series.bucketSeconds * 1000
              assert.isAtMost(length / ms, 300)
              const first = Math.floor((now - length) / ms) * ms
              const points = series.locations.flatMap((place) =>
                place.points.map((point) => ({ ...point, at: point.at.epochMillis, location: place.location })),
              )
              for (const point of points) assert.strictEqual(point.at % ms, 0)
              const expected = history.filter(
                (row) => row.at >= first && row.at < now && (location === undefined || row.location === location),
              )
              assert.strictEqual(
                points.reduce((sum, { count }) => sum + count, 0),
                expected.length,
              )
              for (const point of points) {
                const within = expected.filter(
                  (row) => row.location === point.location && Math.floor(row.at / ms) * ms === point.at,
                )
                const { avg: avgMs, down, p50: p50Ms, p95: p95Ms, p99: p99Ms, unknown, up } = point
                const degraded = within.filter(({ status }) => status === "Degraded").length
                const checks = { up: up - degraded, degraded, down, unknown }
                assertSummary({ checks, avgMs, p50Ms, p95Ms, p99Ms }, within)
                const times = within.flatMap((row) => row.ms ?? [])
                if (times.length === 0) assert.isNull(point.phases)
                else {
                  const { dns, ...others } = point.phases ?? { dns: null }
                  assert.closeTo(dns ?? Number.NaN, times.reduce((sum, each) => sum + each, 0) / times.length / 4, 1e-3)
                  assert.deepStrictEqual(others, { connect: null, tls: null, firstByte: null, transfer: null })
                }
              }
            }
          }),
        { fastCheck: { numRuns: 12 }, timeout: 60_000 },
      )

      it.effect.prop(
        "gives every day of a year with its own uptime, today among them",
        { whole: someIntervals, days: fc.constantFrom(1, 2, 40, 120) },
        ({ days, whole }) =>
          Effect.gen(function* () {
            const user = yield* makeUser
            const monitor = yield* makeMonitor(user.id)
            const now = yield* databaseNow
            const intervals = whole.map(
              ({ endAge, startAge, state }): StateInterval => ({
                state,
                startedAt: now - startAge,
                endedAt: endAge === null ? null : now - endAge,
              }),
            )
            yield* putIntervals(monitor.id, "*", intervals)
            yield* rollUpFrom(monitor.id, 101 * day)
            const items = yield* (yield* Results).days(user.id, monitor.id, days)
            assert.lengthOf(items, days)
            const later = yield* databaseNow
            const today = new Date(later).toISOString().slice(0, 10)
            assert.strictEqual(items.at(-1)?.day, today)
            for (const item of items.slice(0, -1)) {
              const from = Date.parse(item.day)
              const spent = durationsWithin(intervals, from, from + day)
              assert.strictEqual(item.uptime, uptimePercent(spent))
              assert.strictEqual(item.downSeconds, Math.round(spent.downMs / 1000))
              assert.strictEqual(item.coverage, coverage(spent, from, from + day))
              assert.strictEqual(item.checks, 0)
            }
          }),
        { fastCheck: { numRuns: 12 }, timeout: 60_000 },
      )

      it.effect("puts response times into the very buckets of the domain", () =>
        Effect.gen(function* () {
          const sql = yield* SqlClient
          const bounds = Array.from({ length: maxBucket + 3 }, (_, i) => minMs * gamma ** i)
          const values = [
            0,
            minMs,
            ...bounds.flatMap((bound) => [bound * 0.999, bound * 1.001]),
            ...Array.from({ length: 5000 }, (_, i) => (i * 7919.37) % 90_000),
            700_000,
            1e9,
          ].map(Math.fround)
          const rows = yield* sql<{ readonly bucket: number }>`
            SELECT ${sql.literal(histogramBucketSql)} AS bucket
            FROM unnest(${values}::float8[]) WITH ORDINALITY AS value (response_time_ms, n) ORDER BY n`
          assert.deepStrictEqual(
            rows.map(({ bucket }) => bucket),
            values.map(bucketOf),
          )
        }),
      )
    })
  })
}
