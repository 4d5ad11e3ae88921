import type { CheckStatus } from "@uptime/domain/CheckStatus"
import type { MonitorNotFound } from "@uptime/domain/Errors"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import type { Region } from "@uptime/domain/Region"
import type { Result } from "@uptime/domain/Result"
import type { Stats, StatsWindow } from "@uptime/domain/Stats"
import { Context, type Effect } from "effect"
import type { StoreError } from "./StoreError.ts"

/** Where a list of results goes on: after this one, newest first. `scheduledAt` in milliseconds since the epoch. */
export interface ResultCursor {
  readonly scheduledAt: number
  readonly location: Region
}

/** Which results a list shows; `from` (inclusive) and `to` (exclusive) bound `scheduledAt`, milliseconds since the epoch. */
export interface ResultFilter {
  readonly location?: Region | undefined
  readonly status?: CheckStatus | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** Reading results back, for their owner only: a foreign monitor answers exactly like an unknown one. */
export class Results extends Context.Tag("@uptime/persistence/Results")<
  Results,
  {
    /** Results, newest slot first (then by location), at most `limit`. */
    readonly list: (
      userId: UserId,
      monitorId: MonitorId,
      filter: ResultFilter,
      limit: number,
      after: ResultCursor | null,
    ) => Effect.Effect<ReadonlyArray<Result>, MonitorNotFound | StoreError>
    /** Statistics over a window that ends now, from state intervals and rollups, whatever the history's length. */
    readonly stats: (
      userId: UserId,
      monitorId: MonitorId,
      window: StatsWindow,
    ) => Effect.Effect<Stats, MonitorNotFound | StoreError>
    /** Deletes results scheduled more than `days` days ago; how many. */
    readonly cleanup: (
      userId: UserId,
      monitorId: MonitorId,
      days: number,
    ) => Effect.Effect<number, MonitorNotFound | StoreError>
  }
>() {}
