import { SqlClient } from "@effect/sql/SqlClient"
import { Context, Effect, Layer } from "effect"
import { tryLock } from "./ChoreLock.ts"
import { purgeDeleted } from "./DeletedMonitors.ts"
import { dropExpired } from "./Expiry.ts"
import { forgetHistory, type HistoryAges } from "./HistoryExpiry.ts"
import { sweepNoData } from "./NoDataSweep.ts"
import { makePartitions } from "./Partitions.ts"
import { rollUp } from "./Rollup.ts"
import { failAs, transaction } from "./SqlFailure.ts"
import type { StoreError } from "./StoreError.ts"

/**
 * The chores of the database, run by producers on schedules. Each is idempotent and safe to run in several producers at
 * once; one that another producer is at is skipped and answers as if there had been nothing to do.
 */
export class Housekeeping extends Context.Tag("@uptime/persistence/Housekeeping")<
  Housekeeping,
  {
    /** Makes the day partitions from yesterday to seven days ahead, in UTC; how many were new. */
    readonly ensurePartitions: Effect.Effect<number, StoreError>
    /** Rows in the DEFAULT partition, which is kept empty. */
    readonly defaultPartitionRows: Effect.Effect<number, StoreError>
    /** Drops day partitions, rollups and state intervals that ended more than `retentionDays` ago; partitions dropped. */
    readonly dropExpired: (retentionDays: number) => Effect.Effect<number, StoreError>
    /**
     * Deletes judged changes of status, and incidents that are over with what was told of them, that are older than their
     * ages, in bounded batches; how many changes and incidents.
     */
    readonly forgetHistory: (ages: HistoryAges) => Effect.Effect<number, StoreError>
    /** Recomputes the rollups of hours and days behind the watermark; how many rows were written. */
    readonly rollUp: Effect.Effect<number, StoreError>
    /**
     * Turns a region's status to `Unknown` where no result came for two intervals, 30 s and as long as a check may take, from
     * the instant the next slot was missed; how many.
     */
    readonly sweepNoData: Effect.Effect<number, StoreError>
    /** Deletes results of deleted monitors, in bounded batches; how many rows. */
    readonly purgeDeleted: Effect.Effect<number, StoreError>
  }
>() {
  /** The chores of a database. */
  static readonly layer: Layer.Layer<Housekeeping, never, SqlClient> = Layer.effect(
    Housekeeping,
    Effect.map(SqlClient, (sql) =>
      Housekeeping.of({
        ensurePartitions: Effect.gen(function* () {
          return (yield* tryLock(sql, "partitions")) ? yield* makePartitions(sql) : 0
        }).pipe(transaction(sql, "Housekeeping.ensurePartitions"), Effect.withSpan("Housekeeping.ensurePartitions")),

        defaultPartitionRows: Effect.gen(function* () {
          const [row] = yield* sql<{ readonly n: number }>`SELECT count(*) AS n FROM check_results_default`
          return row?.n ?? 0
        }).pipe(failAs("Housekeeping.defaultPartitionRows"), Effect.withSpan("Housekeeping.defaultPartitionRows")),

        dropExpired: Effect.fn("Housekeeping.dropExpired")((retentionDays: number) => dropExpired(sql, retentionDays)),
        forgetHistory: Effect.fn("Housekeeping.forgetHistory")((ages: HistoryAges) => forgetHistory(sql, ages)),
        rollUp: Effect.withSpan(rollUp(sql), "Housekeeping.rollUp"),
        sweepNoData: Effect.withSpan(sweepNoData(sql), "Housekeeping.sweepNoData"),
        purgeDeleted: Effect.withSpan(purgeDeleted(sql), "Housekeeping.purgeDeleted"),
      }),
    ),
  )
}
