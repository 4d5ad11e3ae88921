import { Context, type Effect } from "effect"
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
    /** Recomputes the rollups of hours and days behind the watermark; how many rows were written. */
    readonly rollUp: Effect.Effect<number, StoreError>
    /**
     * Turns a region's status to `Unknown` where no result came for two intervals and 30 s, from the instant the next slot
     * was missed; how many.
     */
    readonly sweepNoData: Effect.Effect<number, StoreError>
    /** Deletes results of deleted monitors, in bounded batches; how many rows. */
    readonly purgeDeleted: Effect.Effect<number, StoreError>
  }
>() {}
