import type { Job } from "@uptime/domain/Job"
import { Context, type Effect } from "effect"
import type { StoreError } from "./StoreError.ts"

/** What one claim did. */
export interface ClaimReport {
  /** Monitors claimed, each one job on the stream. */
  readonly claimed: number
  /** Slots passed over because a newer one was due already (coalesced), over all claimed monitors. */
  readonly coalesced: number
  /** How late the claim was for the monitor that waited longest, in milliseconds. */
  readonly maxLatenessMs: number
}

/** The monitors that are due. Any number of producers may claim at once: no monitor goes to two of them. */
export class DueMonitors extends Context.Tag("@uptime/persistence/DueMonitors")<
  DueMonitors,
  {
    /**
     * In one transaction: claims up to `limit` due monitors (`FOR UPDATE SKIP LOCKED`, longest due first), hands their jobs
     * to `publish`, and only then moves each to the next point of its grid. When `publish` fails nothing moves. A crash
     * between publish and commit publishes the same slot again, which is the same job.
     */
    readonly claim: <E>(
      limit: number,
      publish: (jobs: ReadonlyArray<Job>) => Effect.Effect<void, E>,
    ) => Effect.Effect<ClaimReport, E | StoreError>
  }
>() {}
