import { SqlClient } from "@effect/sql/SqlClient"
import { Clock, Effect } from "effect"
import type { MonitorId } from "../../packages/domain/src/Ids.ts"
import type { NewResult } from "../../packages/domain/src/Result.ts"
import { Housekeeping } from "../../packages/persistence/src/Housekeeping.ts"
import { plainArray, textArray } from "../../packages/persistence/src/PgArray.ts"
import { columnNames, columnsOf, unnestColumns } from "../../packages/persistence/src/ResultColumns.ts"
import { ResultStore } from "../../packages/persistence/src/ResultStore.ts"
import type { Entry } from "./Catalogue.ts"
import { minuteMs, regionsOf, resultAt } from "./Results.ts"

/** A monitor of the catalogue that was made. */
export interface Made extends Entry {
  readonly id: MonitorId
}

/** The minutes that the store takes results of: a day, but for what it takes to write them. */
const recentMinutes = 1_430

/** How far back the history goes, in minutes. */
const wholeMinutes = 365 * 1_440

/** Results of one call of the store, and of one statement of the history before. */
const batch = 1_000
const largeBatch = 4_000

/** How a monitor was in a location for a time; minutes before now, null for now. */
interface Interval {
  readonly location: string
  readonly state: "Up" | "Down" | "Partial" | "Paused"
  readonly from: number
  readonly to: number | null
}

/** What was before the day that the store takes results of, oldest first, in a region or as a whole (`*`). */
const intervalsOf = ({ behaviour, paused }: Entry, location: string): ReadonlyArray<Interval> => {
  const intervals: Array<Interval> = []
  let from = wholeMinutes
  const end = (state: Interval["state"], to: number) => {
    intervals.push({ location, state, from, to })
    from = to
  }
  const seen = behaviour.outages
    .filter(
      ({ began, regions }) => began > recentMinutes && (location === "*" || regions?.includes(location) !== false),
    )
    .toSorted((one, other) => other.began - one.began)
  for (const { began, lasted, regions } of seen) {
    end("Up", began)
    end(regions === undefined || location !== "*" ? "Down" : "Partial", began - (lasted ?? 0))
  }
  if (paused !== undefined) end("Up", paused)
  return [...intervals, { location, state: paused === undefined ? "Up" : "Paused", from, to: null }]
}

/** The slots of a monitor before that day: every hour, or, of a job, every night; in milliseconds since the epoch. */
const oldSlots = ({ behaviour, paused = recentMinutes }: Entry, now: number): ReadonlyArray<number> => {
  const isJob = behaviour.phases === "run"
  const every = (isJob ? 1_440 : 60) * minuteMs
  const first = isJob ? Math.floor(now / every) * every + 134 * minuteMs : Math.floor(now / every) * every
  return Array.from({ length: Math.ceil((wholeMinutes * minuteMs) / every) }, (_, i) => first - i * every)
    .filter((slot) => slot < now - Math.max(recentMinutes, paused) * minuteMs && slot > now - wholeMinutes * minuteMs)
    .toReversed()
}

const resultsOf = ({ behaviour, id, monitor }: Made, slots: ReadonlyArray<number>, now: number) =>
  slots.flatMap((slot) =>
    regionsOf(behaviour).map((region) => resultAt(id, monitor.name, behaviour, region, slot, now)),
  )

const inBatches = <A>(items: ReadonlyArray<A>, size: number): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))

/** Results that are older than the store takes them. */
const insertOld = (sql: SqlClient, results: ReadonlyArray<NewResult>) =>
  sql.unsafe(
    `INSERT INTO check_results (monitor_id, location, scheduled_at, checked_at, status, response_time_ms, dns_ms, connect_ms,
       tls_ms, first_byte_ms, transfer_ms, http_status, error_kind, error_message, certificate_expires_at, attempts, evidence)
     SELECT monitor_id, location, to_timestamp(slot_ms / 1000), to_timestamp(checked_ms / 1000), status, response_time_ms,
       dns_ms, connect_ms, tls_ms, first_byte_ms, transfer_ms, http_status, error_kind, error_message,
       to_timestamp(certificate_ms / 1000), attempts, evidence
     FROM ${unnestColumns(1)} AS input (${columnNames})`,
    columnsOf(results),
  )

/**
 * Writes a year: hourly results, and what follows from them, for what is older than the store takes; then a day of results
 * every minute by the store itself, so that what goes on now is judged and told like anything else; then the rollups.
 *
 * @param now the minute that has just begun, in milliseconds since the epoch
 */
export const writeHistory = Effect.fnUntraced(function* (made: ReadonlyArray<Made>, now: number) {
  const sql = yield* SqlClient
  const ids = plainArray(made, ({ id }) => id)
  const begun = now - wholeMinutes * minuteMs
  // What making them said of them now; and no worker is to look for names that are not there.
  yield* sql`DELETE FROM state_intervals WHERE monitor_id = ANY(${ids}::uuid[])`
  yield* sql`DELETE FROM status_changes WHERE monitor_id = ANY(${ids}::uuid[])`
  yield* sql`DELETE FROM monitor_status WHERE monitor_id = ANY(${ids}::uuid[])`
  yield* sql`UPDATE users SET created_at = to_timestamp(${begun}::float8 / 1000)`
  yield* sql`
      UPDATE monitors SET created_at = to_timestamp(${begun}::float8 / 1000) + n * interval '1 second'
      FROM unnest(${ids}::uuid[]) WITH ORDINALITY AS made (made_id, n) WHERE id = made_id`
  const on = made.filter(({ paused }) => paused === undefined)
  yield* holdBack(on)

  const old = made.flatMap((one) => resultsOf(one, oldSlots(one, now), now))
  yield* Effect.forEach(inBatches(old, largeBatch), (results) => insertOld(sql, results), { discard: true })
  const intervals = made.flatMap((one) =>
    ["*", ...regionsOf(one.behaviour)].flatMap((location) =>
      intervalsOf(one, location).map((interval) => ({ ...interval, id: one.id })),
    ),
  )
  const instant = (minutes: number | null) => (minutes === null ? null : now - minutes * minuteMs)
  yield* sql`
      INSERT INTO state_intervals (monitor_id, location, state, started_at, ended_at)
      SELECT id, location, state, to_timestamp(started / 1000), to_timestamp(ended / 1000)
      FROM unnest(${plainArray(intervals, ({ id }) => id)}::uuid[], ${textArray(intervals, ({ location }) => location)}::text[],
        ${textArray(intervals, ({ state }) => state)}::text[], ${plainArray(intervals, ({ from }) => instant(from))}::float8[],
        ${plainArray(intervals, ({ to }) => instant(to))}::float8[]) AS given (id, location, state, started, ended)`
  yield* sql`
      INSERT INTO monitor_status (monitor_id, location, status, since, last_slot)
      SELECT monitor_id, location, CASE state WHEN 'Paused' THEN 'Unknown' ELSE state END, started_at,
        greatest(started_at, to_timestamp(${now - recentMinutes * minuteMs}::float8 / 1000) - interval '1 hour')
      FROM state_intervals WHERE ended_at IS NULL`

  const { insert } = yield* ResultStore
  const minutes = Array.from({ length: recentMinutes }, (_, i) => now - (recentMinutes - 1 - i) * minuteMs)
  const night = Math.floor(now / 86_400_000) * 86_400_000 + 134 * minuteMs
  const recent = on
    .flatMap((one) =>
      resultsOf(one, one.behaviour.phases === "run" ? [night > now ? night - 86_400_000 : night] : minutes, now),
    )
    .sort((one, other) => one.slot - other.slot)
  yield* Effect.forEach(inBatches(recent, batch), insert, { discard: true })

  yield* sql`
      UPDATE rollup_watermarks
      SET up_to = date_trunc(CASE name WHEN 'hourly' THEN 'hour' ELSE 'day' END, to_timestamp(${begun}::float8 / 1000), 'UTC'),
        done_to = NULL`
  const { rollUp } = yield* Housekeeping
  yield* rollUp.pipe(Effect.repeat({ until: (rows) => rows === 0 }))
  yield* writeMinute(made, Math.floor((yield* Clock.currentTimeMillis) / minuteMs) * minuteMs, now)
})

/**
 * Lets nobody look for the targets of monitors, which are on no network, and nobody miss their results while the history
 * is written.
 */
const holdBack = (made: ReadonlyArray<Made>) =>
  Effect.flatMap(
    SqlClient,
    (sql) => sql`
      UPDATE monitors SET enabled = true, next_check_at = now() + interval '1 day', interval_seconds = 86400
      WHERE id = ANY(${plainArray(made, ({ id }) => id)}::uuid[])`,
  )

/** Lets monitors be checked every minute, and the next check always be yet to come: its results are made up here. */
const awaitNext = (made: ReadonlyArray<Made>) =>
  Effect.flatMap(
    SqlClient,
    (sql) => sql`
      UPDATE monitors SET next_check_at = now() + interval '52 seconds', interval_seconds = 60
      WHERE id = ANY(${plainArray(made, ({ id }) => id)}::uuid[])`,
  )

/** Stores the results of one more minute, so that nobody falls silent; `now` as of the history. */
export const writeMinute = Effect.fnUntraced(function* (made: ReadonlyArray<Made>, slot: number, now: number) {
  const { insert } = yield* ResultStore
  const checked = made.filter(({ behaviour, paused }) => paused === undefined && behaviour.phases !== "run")
  yield* awaitNext(checked)
  yield* insert(checked.flatMap((one) => resultsOf(one, [slot], now)))
})
