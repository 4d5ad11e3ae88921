import type { CheckStatus } from "@uptime/domain/CheckStatus"
import type { MonitorNotFound } from "@uptime/domain/Errors"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import type { Monitor, MonitorSettings } from "@uptime/domain/Monitor"
import type { MonitorOverview } from "@uptime/domain/MonitorOverview"
import { Context, Data, type Effect } from "effect"
import type { StoreError } from "./StoreError.ts"

/** The owner has as many monitors as one account may have. */
export class TooManyMonitors extends Data.TaggedError("TooManyMonitors")<{ readonly limit: number }> {}

/** Where a list of monitors goes on: after this one, newest first. Milliseconds since the epoch. */
export interface MonitorCursor {
  readonly createdAt: number
  readonly id: MonitorId
}

/** Which monitors a list shows; `text` matches name or URL, in any case, as a plain substring. */
export interface MonitorFilter {
  readonly status?: CheckStatus | undefined
  readonly text?: string | undefined
  readonly tag?: string | undefined
}

/** A monitor with the version of its configuration and its first slot (milliseconds since the epoch). */
export interface CreatedMonitor {
  readonly monitor: Monitor
  readonly configVersion: number
  readonly firstSlot: number
}

/** One change of a bulk call, applied to one monitor. */
export interface MonitorChange {
  readonly id: MonitorId
  readonly settings: Partial<MonitorSettings>
}

/** The most monitors that one account may have. */
export const maxMonitorsPerUser = 200_000

/**
 * The monitors. Every method takes the owner and sees nothing else: a foreign id answers exactly like an unknown one.
 *
 * A change of `url` or `timeoutMs` raises the configuration's version; a change of `intervalSeconds` or turning a monitor
 * on makes it due now. Turning it off records `Paused` from then on.
 */
export class Monitors extends Context.Tag("@uptime/persistence/Monitors")<
  Monitors,
  {
    /**
     * Stores monitors, all or none, due now. Instants are the database's. The quota is decided in the same transaction.
     */
    readonly create: (
      userId: UserId,
      settings: ReadonlyArray<MonitorSettings>,
    ) => Effect.Effect<ReadonlyArray<CreatedMonitor>, TooManyMonitors | StoreError>
    /**
     * Notes that the first jobs of these monitors are on the stream: moves them on to the next point of their grid. One
     * that a producer has claimed meanwhile is left alone.
     */
    readonly markPublished: (created: ReadonlyArray<CreatedMonitor>) => Effect.Effect<void, StoreError>
    /** The owner's monitors, newest first, with what is known of each; at most `limit`. */
    readonly list: (
      userId: UserId,
      filter: MonitorFilter,
      limit: number,
      after: MonitorCursor | null,
    ) => Effect.Effect<ReadonlyArray<MonitorOverview>, StoreError>
    /** One monitor with what is known of it. */
    readonly get: (userId: UserId, id: MonitorId) => Effect.Effect<MonitorOverview, MonitorNotFound | StoreError>
    /** Fails unless the owner has this monitor. */
    readonly assertOwned: (userId: UserId, id: MonitorId) => Effect.Effect<void, MonitorNotFound | StoreError>
    /** Applies changes, all or none; fails with the first id that is not the owner's. */
    readonly update: (
      userId: UserId,
      changes: ReadonlyArray<MonitorChange>,
    ) => Effect.Effect<ReadonlyArray<Monitor>, MonitorNotFound | StoreError>
    /**
     * Deletes monitors with their status, intervals and rollups, all or none; their results are gone from every answer at
     * once and from the tables soon after (`Retention`).
     */
    readonly remove: (
      userId: UserId,
      ids: ReadonlyArray<MonitorId>,
    ) => Effect.Effect<void, MonitorNotFound | StoreError>
  }
>() {}
