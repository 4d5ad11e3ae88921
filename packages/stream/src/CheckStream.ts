import type { Job } from "@uptime/domain/Job"
import type { Region } from "@uptime/domain/Region"
import { Context, Data, type Effect, type Scope } from "effect"

/**
 * Why the stream did not do what was asked. `unavailable`: it is away or too slow, try again later; `full`: it refuses
 * writes (out of memory, or a read-only replica); `bug`: it does not understand us.
 */
export class StreamError extends Data.TaggedError("StreamError")<{
  readonly reason: "unavailable" | "full" | "bug"
  readonly operation: string
  readonly cause: unknown
}> {
  override get message(): string {
    return `${this.operation}: the stream answered "${this.reason}"`
  }
}

/** The id of an entry of the stream, unique within it and rising. */
export type EntryId = string

/** An entry handed to a consumer: pending until it is acknowledged. */
export interface Delivery {
  readonly id: EntryId
  readonly job: Job
  /** How often it was handed out, 1 for the first time: it rises when a worker died over it, not while it is kept fresh. */
  readonly deliveries: number
}

/**
 * What one pass of the reclaimer found. Every job that was taken over is in exactly one of these; entries that are no jobs
 * are set aside as by a read.
 */
export interface Reclaimed {
  /** Entries to run now. */
  readonly deliveries: ReadonlyArray<Delivery>
  /** Entries that were handed out too often: set aside on `dead:{region}` and acknowledged. */
  readonly dead: ReadonlyArray<Delivery>
  /** Pending entries whose message had been trimmed away: acknowledged and counted. */
  readonly trimmed: number
}

/** Why an entry is set aside. */
export type DeadReason = "deliveries" | "malformed" | "version" | "rejected"

/** The state of one region's group, as metrics show it. */
export interface GroupState {
  readonly region: Region
  /** Entries that no consumer of the group was handed yet. */
  readonly lag: number
  /** Entries handed out and not acknowledged. */
  readonly pending: number
  /** Age in milliseconds of the oldest entry that is not acknowledged, by the stream's clock; 0 when there is none. */
  readonly oldestAgeMs: number
  /** Consumers known to the group, alive or not. */
  readonly consumers: number
  /** Entries set aside on `dead:{region}`. */
  readonly dead: number
}

/** What one pass of the trimmer did. */
export interface TrimReport {
  /** Entries removed that every group had acknowledged. */
  readonly acknowledged: number
  /** Entries removed by age although some group had not acknowledged them: lost to that group, and said so. */
  readonly expired: number
}

/**
 * One consumer of a region's group, on a connection of its own. Its name must be unique among the living.
 *
 * Reads hand out new entries; whatever a broken connection left pending on this consumer is handed out again by the next
 * read (minus what it handed out already and is being worked on), not after the reclaim's 30 s.
 */
export interface Consumer {
  /**
   * Up to `count` new entries, waiting up to two seconds for the first; empty when there is none, and at once for a count
   * below 1. Entries that are no jobs are set aside on `dead:{region}` and never seen here. Re-creates the group where it
   * is missing. One read at a time: a second one waits for the first.
   */
  readonly read: (count: number) => Effect.Effect<ReadonlyArray<Delivery>, StreamError>
  /**
   * Acknowledges entries, after their results are committed. Acknowledging one twice is harmless; after an error it is up
   * to the caller to do it again, for the consumer takes them to be in flight until it has succeeded.
   */
  readonly acknowledge: (ids: ReadonlyArray<EntryId>) => Effect.Effect<void, StreamError>
  /**
   * Keeps entries in flight from being reclaimed: resets their idle time and leaves their delivery count alone. Only
   * entries that are still ours: gives the ids that another consumer took over (and has acknowledged by now, maybe).
   */
  readonly keepFresh: (ids: ReadonlyArray<EntryId>) => Effect.Effect<ReadonlyArray<EntryId>, StreamError>
  /**
   * Takes over up to `count` entries that were idle for `minIdleMs` (30,000 in production) at whichever other consumer,
   * scanning to the end of the pending list. Entries handed out more than `maxDeliveries` (5) times are set aside.
   */
  readonly reclaim: (count: number, minIdleMs: number) => Effect.Effect<Reclaimed, StreamError>
  /** Sets entries aside on `dead:{region}` with a reason and acknowledges them, in one step. */
  readonly setAside: (
    deliveries: ReadonlyArray<Delivery>,
    reason: DeadReason,
    detail: string,
  ) => Effect.Effect<void, StreamError>
}

/** How often an entry may be handed out before it is set aside. */
export const maxDeliveries = 5

/**
 * Entries older than this are trimmed even where a group has not acknowledged them, in milliseconds: a region or a database
 * may be away for ten minutes, and the time it takes to come back, without a slot that has no row.
 */
export const maxEntryAgeMs = 900_000

/**
 * The stream of jobs: one stream, one group per region, every region sees every job. A buffer, not a record: what is lost
 * here is made anew from the database.
 */
export class CheckStream extends Context.Tag("@uptime/stream/CheckStream")<
  CheckStream,
  {
    /**
     * Appends jobs, a thousand in one command; all of them, or an error after which any of them may be there (a job may
     * repeat).
     */
    readonly publish: (jobs: ReadonlyArray<Job>) => Effect.Effect<void, StreamError>
    /**
     * A consumer of a region's group, whether the stream is there or not. Released with its scope: its connections are
     * closed, and its name is removed from the group if it holds nothing.
     */
    readonly consumer: (region: Region, name: string) => Effect.Effect<Consumer, StreamError, Scope.Scope>
    /**
     * Removes what every group of `regions` has acknowledged, and what is older than `maxEntryAgeMs` even if one has not.
     * Creates the groups that are missing (at the beginning of the stream), and forgets consumers that have been silent
     * for ten minutes and hold nothing.
     */
    readonly trim: (regions: ReadonlyArray<Region>) => Effect.Effect<TrimReport, StreamError>
    /** The state of each region's group. */
    readonly groups: (regions: ReadonlyArray<Region>) => Effect.Effect<ReadonlyArray<GroupState>, StreamError>
    /** Succeeds when the stream answers. */
    readonly ping: Effect.Effect<void, StreamError>
  }
>() {}
