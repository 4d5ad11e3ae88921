import type { NewResult } from "@uptime/domain/Result"
import { Context, type Effect } from "effect"
import type { StoreError } from "./StoreError.ts"

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
>() {}
