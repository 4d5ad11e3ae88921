import { SqlClient } from "@effect/sql/SqlClient"
import { defaultConfirmation } from "@uptime/domain/MonitorDefaults"
import type { Needs, RegionState, Streak } from "@uptime/domain/MonitorState"
import type { NewResult } from "@uptime/domain/Result"
import { Context, Effect, Layer } from "effect"
import { checkSoon } from "./CheckSoon.ts"
import { noteLateHours } from "./LateHours.ts"
import { evaluate, type NewRow, nothingMoved } from "./ResultEvaluation.ts"
import { type InsertedRow, insertRows } from "./ResultInsert.ts"
import { transaction } from "./SqlFailure.ts"
import { serverText, sqlStateOf } from "./SqlState.ts"
import { makeStates, type StateKey, StatesMissing } from "./StateLocks.ts"
import { StoreError } from "./StoreError.ts"

/** What became of a batch: every row of it is in exactly one of these. */
export interface StoreReport {
  readonly inserted: number
  /** Rows whose (monitor, region, slot) was there already: a job that was run again. */
  readonly duplicates: number
  /** Rows of monitors that were deleted meanwhile, or whose slot is out of range: dropped. */
  readonly dropped: number
  /** Rows that the database refuses (SQLSTATE 22 or 23), found by bisection, with the reason. */
  readonly rejected: ReadonlyArray<{ readonly result: NewResult; readonly reason: string }>
}

/**
 * Where results go: the hot path's only write. A row is keyed (monitor, region, slot); storing one twice changes nothing.
 */
export class ResultStore extends Context.Tag("@uptime/persistence/ResultStore")<
  ResultStore,
  {
    /**
     * Stores a batch (at most 1,000 rows) by one `INSERT … SELECT FROM unnest`, and in the same transaction the change of
     * status and of state intervals that follows from the *new* rows. A bad row is set apart and fails no neighbour.
     * Conflicts are retried inside; fails with `StoreError` `unavailable` or `bug`, and then nothing of the failing part is
     * stored: give the same batch again.
     */
    readonly insert: (results: ReadonlyArray<NewResult>) => Effect.Effect<StoreReport, StoreError>
  }
>() {
  /** The results of a database. */
  static readonly layer: Layer.Layer<ResultStore, never, SqlClient> = Layer.effect(
    ResultStore,
    Effect.map(SqlClient, (sql) =>
      ResultStore.of({
        insert: (results) =>
          Effect.withTracerEnabled(results.length === 0 ? Effect.succeed(nothing) : insertOnce(sql, results), false),
      }),
    ),
  )
}

const nothing: StoreReport = { inserted: 0, duplicates: 0, dropped: 0, rejected: [] }

/** A batch without two results of one key; the database's own rule for those is that the first one stays. */
const insertOnce = (sql: SqlClient, results: ReadonlyArray<NewResult>): Effect.Effect<StoreReport, StoreError> => {
  const distinct = new Map<string, NewResult>()
  for (const result of results) {
    const key = `${result.monitorId} ${result.region} ${result.slot}`
    if (!distinct.has(key)) distinct.set(key, result)
  }
  return Effect.map(insertBisecting(sql, [...distinct.values()]), (report) => ({
    ...report,
    duplicates: report.duplicates + results.length - distinct.size,
  }))
}

/** Stores what it can of a batch: where the database refuses a value, each half for itself, down to the row that has it. */
const insertBisecting = (sql: SqlClient, results: ReadonlyArray<NewResult>): Effect.Effect<StoreReport, StoreError> =>
  Effect.catchIf(
    insertAll(sql, results),
    (error) => error.reason === "data",
    (error) => {
      const [result] = results
      if (results.length === 1 && result !== undefined) {
        return Effect.succeed({ ...nothing, rejected: [{ result, reason: refusal(error) }] })
      }
      const half = results.length >> 1
      return Effect.zipWith(
        insertBisecting(sql, results.slice(0, half)),
        insertBisecting(sql, results.slice(half)),
        (a, b): StoreReport => ({
          inserted: a.inserted + b.inserted,
          duplicates: a.duplicates + b.duplicates,
          dropped: a.dropped + b.dropped,
          rejected: [...a.rejected, ...b.rejected],
        }),
      )
    },
  )

/** Stores a batch; first results of regions, whose status rows are still to be made, by a second go after they are. */
const insertAll = (sql: SqlClient, results: ReadonlyArray<NewResult>): Effect.Effect<StoreReport, StoreError> =>
  insertKnown(sql, results).pipe(
    Effect.tapErrorTag("StatesMissing", ({ missing }) =>
      transaction(sql, operation)(Effect.asVoid(makeStates(sql, missing))),
    ),
    Effect.retry({ times: maxGoes, while: ({ _tag }) => _tag === "StatesMissing" }),
    Effect.catchTag("StatesMissing", (cause) => new StoreError({ reason: "conflict", operation, cause })),
  )

const operation = "ResultStore.insert"

/** How often rows may be missing anew: once as a rule, and again when monitors are deleted or turned on at that instant. */
const maxGoes = 10

const insertKnown = Effect.fnUntraced(
  function* (sql: SqlClient, results: ReadonlyArray<NewResult>) {
    const perRegion = new Map<string, number>()
    for (const { monitorId, region } of results) {
      const key = `${monitorId} ${region}`
      perRegion.set(key, (perRegion.get(key) ?? 0) + 1)
    }
    const rows = yield* insertRows(
      sql,
      results,
      ({ monitorId, region }) => perRegion.get(`${monitorId} ${region}`) === 1,
    )
    const open: Array<NewRow> = []
    const late: Array<NewResult> = []
    const missing: Array<StateKey> = []
    let duplicates = 0
    let dropped = 0
    for (const row of rows) {
      const result = results[row.ord - 1]
      if (result === undefined) continue
      if (row.is_late) late.push(result)
      if (row.outcome === "duplicate") duplicates++
      else if (row.outcome === "dropped") dropped++
      else if (row.outcome === "evaluate" && row.id !== null) {
        if (row.status === null) missing.push({ monitorId: result.monitorId, location: result.region })
        else open.push({ result, id: row.id, state: stateOf(row), seen: row.state_evidence, needs: needsOf(row) })
      }
    }
    if (missing.length > 0) return yield* new StatesMissing({ missing })
    const moved = open.length > 0 ? yield* evaluate(sql, open) : nothingMoved
    yield* noteLateHours(sql, late, moved.intervals)
    const report: StoreReport = { inserted: results.length - duplicates - dropped, duplicates, dropped, rejected: [] }
    return { report, moved }
  },
  (inserted, sql): Effect.Effect<StoreReport, StatesMissing | StoreError> =>
    Effect.flatMap(transaction(sql, operation)(inserted), ({ moved, report }) =>
      Effect.as(checkSoon(sql, moved), report),
    ),
)

const stateOf = (row: InsertedRow): RegionState | null => {
  const { last_slot_ms, since_ms, status } = row
  return status === null || since_ms === null || last_slot_ms === null || !Number.isFinite(since_ms)
    ? null
    : { status, since: Math.round(since_ms), lastSlot: Math.round(last_slot_ms), streak: streakOf(row) }
}

const streakOf = ({ streak_count, streak_since_ms, streak_status }: InsertedRow): Streak | null =>
  streak_status === null || streak_since_ms === null
    ? null
    : { status: streak_status, since: Math.round(streak_since_ms), count: streak_count }

const needsOf = (row: InsertedRow): Needs => ({
  failures: row.confirm_failures ?? defaultConfirmation.failures,
  successes: row.confirm_successes ?? defaultConfirmation.successes,
})

/** Why the database refuses a row, in one line. */
const refusal = ({ cause }: StoreError): string =>
  `${sqlStateOf(cause) ?? "data"}: ${serverText(cause)}`.replaceAll(/\s+/g, " ").slice(0, 300)
