import { SqlClient } from "@effect/sql/SqlClient"
import { Clock, Console, Context, Effect, Layer, type Scope } from "effect"
import type { MonitorId } from "../../packages/domain/src/Ids.ts"
import { defaultRegions } from "../../packages/domain/src/Region.ts"
import type { NewResult } from "../../packages/domain/src/Result.ts"
import { columnNames, columnsOf, unnestColumns } from "../../packages/persistence/src/ResultColumns.ts"
import { ResultStore } from "../../packages/persistence/src/ResultStore.ts"
import { copier } from "./copyRows.ts"
import { appClient, patientClient, startDatabase } from "./database.ts"
import { type Figure, figure, median } from "./figure.ts"
import { fillHistory, sizeOfResults } from "./history.ts"
import { addMonitors, addStatuses, addUser } from "./monitors.ts"
import { cpuOf } from "./processUse.ts"
import type { Section, SectionOptions } from "./section.ts"
import { upResult } from "./upResult.ts"

/** As a worker inserts. */
const batchRows = 500
const connectionCounts = [1, 4] as const

const sizesOf = (quick: boolean) =>
  quick
    ? { monitors: 2_000, histories: [0, 100_000], seconds: 0.5 }
    : { monitors: 100_000, histories: [0, 10_000_000, 50_000_000], seconds: 6 }

const slotMs = 60_000

/** Stores one batch in a transaction of its own. */
type Insert = (batch: ReadonlyArray<NewResult>) => Effect.Effect<unknown, unknown>

const bareStatement = `
  INSERT INTO check_results (monitor_id, location, scheduled_at, checked_at, status, response_time_ms, dns_ms, connect_ms,
    tls_ms, first_byte_ms, transfer_ms, http_status, error_kind, error_message, certificate_expires_at, attempts, evidence)
  SELECT monitor_id, location, to_timestamp(slot_ms / 1000), to_timestamp(checked_ms / 1000), status, response_time_ms,
    dns_ms, connect_ms, tls_ms, first_byte_ms, transfer_ms, http_status, error_kind, error_message,
    to_timestamp(certificate_ms / 1000), attempts, evidence
  FROM ${unnestColumns(1)} AS input (${columnNames})`

const wayNames = ["copy", "unnest", "store"] as const
type Way = (typeof wayNames)[number]

/** What a plain `INSERT`, `COPY` and the product's own way of storing are, each on a connection of its own. */
const ways: Readonly<Record<Way, (url: string) => Effect.Effect<Insert, unknown, Scope.Scope>>> = {
  copy: copier,
  unnest: (url) =>
    Effect.map(Layer.build(patientClient(url, 1)), (context) => {
      const sql = Context.get(context, SqlClient)
      return (batch) => Effect.withTracerEnabled(sql.unsafe(bareStatement, columnsOf(batch)), false)
    }),
  store: (url) =>
    Effect.map(
      Layer.build(Layer.provide(ResultStore.layer, appClient(url, 1))),
      (context) => Context.get(context, ResultStore).insert,
    ),
}

/** Batches without end: every monitor once from a region, in no order of their ids, then once from the next one. */
const batchesOf = (ids: ReadonlyArray<MonitorId>) => {
  let at = 0
  let turn = 0
  let slot = 0
  return (now: number): ReadonlyArray<NewResult> => {
    if (at >= ids.length) at = 0
    if (at === 0) {
      turn++
      slot = Math.max(slot + 1, now)
    }
    const region = turn % 2 === 0 ? defaultRegions[0] : defaultRegions[1]
    const batch = ids.slice(at, at + batchRows).map((monitorId): NewResult => upResult(monitorId, region, slot))
    at += batchRows
    return batch
  }
}

/** Rows a second, and per row the processor time of the server in microseconds and what it logged ahead in bytes. */
interface Speed {
  readonly rows: number
  readonly cpu: number
  readonly wal: number
}

/** One way of storing, by so many connections at once, for so many seconds. */
const speedOf = Effect.fnUntraced(function* (
  database: { readonly url: string; readonly pid: number; readonly sql: SqlClient },
  way: Way,
  { connections, next, seconds }: { connections: number; seconds: number; next: ReturnType<typeof batchesOf> },
) {
  const inserts = yield* Effect.all(Array.from({ length: connections }, () => ways[way](database.url)))
  const insertOne = (insert: Insert) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const batch = next(now)
      return Effect.as(insert(batch), batch.length)
    })
  // Each connection plans its statements first.
  yield* Effect.forEach(inserts, insertOne, { discard: true })
  const logged = database.sql<{ readonly bytes: number }>`
      SELECT (pg_current_wal_insert_lsn() - '0/0')::float8 AS bytes`.pipe(Effect.map(([row]) => row?.bytes ?? 0))
  const [cpu, wal, began] = [yield* cpuOf(database.pid), yield* logged, yield* Clock.currentTimeMillis]
  const counts = yield* Effect.forEach(
    inserts,
    Effect.fnUntraced(function* (insert) {
      let rows = 0
      while ((yield* Clock.currentTimeMillis) - began < seconds * 1000) rows += yield* insertOne(insert)
      return rows
    }),
    { concurrency: "unbounded" },
  )
  const rows = counts.reduce((sum, count) => sum + count, 0)
  const took = (yield* Clock.currentTimeMillis) - began
  const speed: Speed = {
    rows: (rows * 1000) / took,
    cpu: ((yield* cpuOf(database.pid)) - cpu) / rows,
    wal: ((yield* logged) - wal) / rows,
  }
  return speed
}, Effect.scoped)

/**
 * Has every page that is written to be written to once after a checkpoint: the first time, the whole page is logged, whoever
 * it is that writes.
 */
const settle = Effect.fnUntraced(function* (
  { sql, url }: { readonly url: string; readonly sql: SqlClient },
  monitors: number,
  next: ReturnType<typeof batchesOf>,
) {
  yield* sql`CHECKPOINT`
  const insert = yield* ways.store(url)
  const batches = Math.ceil((monitors * defaultRegions.length) / batchRows)
  for (let n = 0; n < batches; n++) yield* insert(next(yield* Clock.currentTimeMillis))
}, Effect.scoped)

type Round = ReadonlyMap<Way, Speed>

/** Each way once, in another order each time. */
const roundOf = Effect.fnUntraced(function* <E>(round: number, speed: (way: Way) => Effect.Effect<Speed, E>) {
  const measured = new Map<Way, Speed>()
  for (const way of [...wayNames.slice(round % wayNames.length), ...wayNames.slice(0, round % wayNames.length)]) {
    measured.set(way, yield* speed(way))
  }
  return measured
})

const figuresOf = (name: string, rounds: ReadonlyArray<Round>, isLast: boolean): ReadonlyArray<Figure> => {
  const of = (way: Way, what: keyof Speed) => median(rounds.map((round) => round.get(way)?.[what] ?? 0))
  return [
    figure(`${name}: store, beside COPY`, of("store", "rows"), "/s", { floor: of("copy", "rows") }),
    figure(`${name}: store, beside a bare INSERT`, of("store", "rows"), "/s", { floor: of("unnest", "rows") }),
    ...(isLast
      ? [
          figure(`${name}: PostgreSQL, per row`, of("store", "cpu"), "µs", { floor: of("copy", "cpu") }),
          figure(`${name}: logged ahead, per row`, of("store", "wal"), "B", { floor: of("copy", "wal") }),
        ]
      : []),
  ]
}

const measure = Effect.fnUntraced(function* ({ quick, rounds }: SectionOptions) {
  const { histories, monitors, seconds } = sizesOf(quick)
  const database = yield* startDatabase
  const { sql, url } = database
  const until = (yield* Clock.currentTimeMillis) - slotMs
  yield* addUser(sql)
  const ids = yield* addMonitors(sql, { count: monitors, url: "http://127.0.0.1", intervalSeconds: 60, dueInMs: 0 })
  yield* addStatuses(sql, until)
  const next = batchesOf(ids)
  const figures: Array<Figure> = []
  let filled = 0
  for (const rows of histories) {
    const lastSlot = Math.floor(rows / (monitors * defaultRegions.length))
    yield* fillHistory(url, { ids, until, apartMs: slotMs, firstSlot: filled + 1, lastSlot })
    filled = lastSlot
    yield* settle(database, ids.length, next)
    for (const connections of connectionCounts) {
      const measured: Array<Round> = []
      for (let round = 0; round < rounds; round++) {
        measured.push(yield* roundOf(round, (way) => speedOf(database, way, { connections, next, seconds })))
      }
      const name = `${rows.toLocaleString("en")} rows, ${connections} connection${connections === 1 ? "" : "s"}`
      figures.push(...figuresOf(name, measured, connections === connectionCounts.at(-1)))
      yield* Console.error(`${name} measured`)
    }
  }
  yield* sql`ANALYZE check_results`
  const { index_bytes, rows, table_bytes } = yield* sizeOfResults(sql)
  return [
    ...figures,
    figure("rows at the end", rows, ""),
    figure("table, per row", table_bytes / rows, "B"),
    figure("indexes, per row", index_bytes / rows, "B"),
    figure("table and indexes", (table_bytes + index_bytes) / 1e9, "GB"),
  ]
}, Effect.scoped)

/**
 * How many rows a second the result store takes, as workers give them to it, with all that a result changes of its monitor's
 * state, beside `COPY` and a bare `INSERT` into the same table, however much is there already: results of the last hours, each
 * monitor's next one lying in a page of its own.
 */
export const ingest: Section = { name: "ingest", run: measure }
