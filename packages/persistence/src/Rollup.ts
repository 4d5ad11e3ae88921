import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId } from "@uptime/domain/Ids"
import { Clock, Effect, Option } from "effect"
import { tryLock } from "./ChoreLock.ts"
import { rollDays, rollHours } from "./RollupSql.ts"
import { transaction } from "./SqlFailure.ts"

/** How long after its end an hour is rolled up: until then its results come in, in milliseconds. */
export const graceMs = 10 * 60_000

/**
 * SQL of the beginning of the first hour that is certainly not rolled up yet, with five minutes for a transaction that
 * takes its time. Whoever writes a result or a state of before then notes the hour in `rollup_dirty`.
 */
export const rolledUpFrom = "date_trunc('hour', now() - interval '5 minutes', 'UTC')"

/** The most time that one round takes, in milliseconds; the next one goes on where it ended. */
const roundLimitMs = 20_000

/** Monitors, times hours or days of each, that one transaction rolls up. */
const chunk = 500

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/**
 * Rolls up the hours and days that are over, chunk by chunk, each in a transaction of its own, and those that were given
 * late results. What is written is computed from the results each time, never added to, so that a round may be repeated,
 * killed, and run by several processes, which take turns chunk by chunk.
 *
 * @returns how many rows were written
 */
export const rollUp = Effect.fnUntraced(function* (sql: SqlClient) {
  const began = yield* Clock.currentTimeMillis
  let written = 0
  while (true) {
    const step = yield* nextStep(sql).pipe(transaction(sql, "Housekeeping.rollUp"))
    if (Option.isNone(step)) return written
    written += step.value
    if ((yield* Clock.currentTimeMillis) - began >= roundLimitMs) return written
  }
})

interface Watermark {
  readonly name: "hourly" | "daily"
  readonly up_to: number
  readonly done_to: MonitorId | null
  readonly now: number
}

/** One chunk of what there is to do; none when there is nothing, or another process is at it. */
const nextStep = Effect.fnUntraced(function* (sql: SqlClient) {
  if (!(yield* tryLock(sql, "rollUp"))) return Option.none<number>()
  const watermarks = yield* sql<Watermark>`
    SELECT name, date_part('epoch', up_to) * 1000 AS up_to, done_to, date_part('epoch', now()) * 1000 AS now
    FROM rollup_watermarks`
  const hourly = watermarks.find(({ name }) => name === "hourly")
  const daily = watermarks.find(({ name }) => name === "daily")
  if (hourly === undefined || daily === undefined) return yield* Effect.dieMessage("a rollup has no watermark")
  const healed = yield* healLate(sql, hourly.up_to, daily.up_to)
  if (Option.isSome(healed)) return healed
  const hoursTo = Math.floor((hourly.now - graceMs) / hourMs) * hourMs
  if (hourly.up_to < hoursTo) return yield* advance(sql, hourly, hoursTo, hourMs, rollHours)
  const daysTo = Math.floor(hourly.up_to / dayMs) * dayMs
  if (daily.up_to < daysTo) return yield* advance(sql, daily, daysTo, dayMs, rollDays)
  return Option.none<number>()
})

const healLate = Effect.fnUntraced(function* (sql: SqlClient, hourlyTo: number, dailyTo: number) {
  // Waits for transactions that have noted these hours and are not over: what they write is then seen.
  const late = yield* sql<{ readonly monitor_id: MonitorId; readonly hour: number }>`
    DELETE FROM rollup_dirty USING (
      SELECT hour AS late_hour, monitor_id AS late_monitor FROM rollup_dirty
      WHERE hour = (SELECT min(hour) FROM rollup_dirty WHERE hour < to_timestamp(${hourlyTo}::float8 / 1000))
      ORDER BY monitor_id LIMIT ${chunk} FOR UPDATE
    ) AS late
    WHERE hour = late_hour AND monitor_id = late_monitor
    RETURNING monitor_id, date_part('epoch', hour) * 1000 AS hour`
  const [first] = late
  if (first === undefined) return Option.none<number>()
  const ids = late.map(({ monitor_id }) => monitor_id)
  const hours = yield* rollHours(sql, ids, first.hour, first.hour + hourMs)
  const day = Math.floor(first.hour / dayMs) * dayMs
  return Option.some(day < dailyTo ? hours + (yield* rollDays(sql, ids, day, day + dayMs)) : hours)
})

const advance = Effect.fnUntraced(function* <E>(
  sql: SqlClient,
  watermark: Watermark,
  last: number,
  lengthMs: number,
  roll: (sql: SqlClient, ids: ReadonlyArray<MonitorId>, from: number, to: number) => Effect.Effect<number, E>,
) {
  const monitors = yield* sql<{ readonly id: MonitorId }>`
    SELECT id FROM monitors WHERE ${watermark.done_to}::uuid IS NULL OR id > ${watermark.done_to}::uuid
    ORDER BY id LIMIT ${chunk}`
  const ids = monitors.map(({ id }) => id)
  const isLast = ids.length < chunk
  // A small installation catches up on a time that it was off in few steps.
  const steps = isLast && watermark.done_to === null ? Math.max(1, Math.floor(chunk / Math.max(1, ids.length))) : 1
  const to = Math.min(last, watermark.up_to + steps * lengthMs)
  const written = ids.length === 0 ? 0 : yield* roll(sql, ids, watermark.up_to, to)
  yield* isLast
    ? sql`
          UPDATE rollup_watermarks SET up_to = to_timestamp(${to}::float8 / 1000), done_to = NULL
          WHERE name = ${watermark.name}`
    : sql`UPDATE rollup_watermarks SET done_to = ${ids.at(-1)} WHERE name = ${watermark.name}`
  return Option.some(written)
})
