import { SqlClient } from "@effect/sql/SqlClient"
import type { CheckOptions } from "@uptime/domain/CheckSpec"
import type { MonitorId } from "@uptime/domain/Ids"
import { type Job, jobDeadline, jobVersion } from "@uptime/domain/Job"
import { checkSpec } from "@uptime/domain/Monitor"
import type { MonitorUrl } from "@uptime/domain/MonitorUrl"
import { dueSlot, slotGrid } from "@uptime/domain/Slot"
import { Context, Effect, Layer } from "effect"
import { hold } from "./FirstCheckHold.ts"
import { failAs } from "./SqlFailure.ts"
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

/** What is due, before any of it is claimed. */
export interface DueBacklog {
  readonly due: number
  /** How late the one is that has waited longest, in milliseconds; 0 when none is due. */
  readonly oldestMs: number
  /** How many of the others fall due in a second. */
  readonly perSecond: number
}

/** The monitors that are due, which heartbeats never are. Any number of producers may claim at once: no monitor goes to two of them. */
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
    /** How much is due, and how much falls due: reads every monitor. */
    readonly backlog: Effect.Effect<DueBacklog, StoreError>
  }
>() {
  /** The due monitors of a database. */
  static readonly layer: Layer.Layer<DueMonitors, never, SqlClient> = Layer.effect(
    DueMonitors,
    Effect.map(SqlClient, (sql) =>
      DueMonitors.of({
        claim: Effect.fnUntraced(
          function* (limit, publish) {
            // Not FOR UPDATE, which would hold up first results, whose status rows are made referring to these monitors.
            const rows = yield* sql<DueRow>`
              SELECT id, url, timeout_ms, spec, interval_seconds, config_version,
                date_part('epoch', CASE next_check_at WHEN created_at + ${hold(sql)} THEN created_at ELSE next_check_at END) * 1000
                  AS due_ms,
                date_part('epoch', now()) * 1000 AS now_ms
              FROM monitors
              WHERE enabled AND kind <> 'heartbeat' AND next_check_at <= now()
              ORDER BY next_check_at
              LIMIT ${limit}
              FOR NO KEY UPDATE SKIP LOCKED`
            if (rows.length === 0) return { claimed: 0, coalesced: 0, maxLatenessMs: 0 }
            const due = rows.map(dueOf)
            yield* publish(due.map(({ job }) => job))
            yield* sql`
              UPDATE monitors SET next_check_at = to_timestamp(due.next_ms / 1000)
              FROM unnest(${due.map(({ job }) => job.monitorId)}::uuid[], ${due.map(({ nextCheckAt }) => nextCheckAt)}::float8[])
                AS due (id, next_ms)
              WHERE monitors.id = due.id`
            return {
              claimed: due.length,
              coalesced: due.reduce((sum, { coalesced }) => sum + coalesced, 0),
              maxLatenessMs: due.reduce((max, { latenessMs }) => Math.max(max, latenessMs), 0),
            }
          },
          sql.withTransaction,
          failAs("DueMonitors.claim"),
          Effect.withSpan("DueMonitors.claim"),
        ),

        backlog: sql<DueBacklog>`
          SELECT count(*) FILTER (WHERE next_check_at <= now())::int AS due,
            greatest(0, coalesce(date_part('epoch', now() - min(next_check_at)) * 1000, 0)) AS "oldestMs",
            coalesce(sum(1.0::float8 / interval_seconds) FILTER (WHERE next_check_at > now()), 0) AS "perSecond"
          FROM monitors WHERE enabled AND kind <> 'heartbeat'`.pipe(
          Effect.map(([row]) => row ?? nothing),
          failAs("DueMonitors.backlog"),
        ),
      }),
    ),
  )
}

const nothing: DueBacklog = { due: 0, oldestMs: 0, perSecond: 0 }

interface DueRow {
  readonly id: MonitorId
  readonly url: MonitorUrl
  readonly timeout_ms: number
  readonly spec: CheckOptions
  readonly interval_seconds: number
  readonly config_version: number
  readonly due_ms: number
  readonly now_ms: number
}

interface Due {
  readonly job: Job
  readonly nextCheckAt: number
  readonly coalesced: number
  readonly latenessMs: number
}

const dueOf = (row: DueRow): Due => {
  const grid = slotGrid(row.id, row.interval_seconds)
  const dueAt = Math.round(row.due_ms)
  const now = Math.floor(row.now_ms)
  const { nextCheckAt, slot } = dueSlot(grid, dueAt, now)
  return {
    job: {
      v: jobVersion,
      monitorId: row.id,
      slot,
      deadline: jobDeadline(slot, row.interval_seconds),
      configVersion: row.config_version,
      spec: checkSpec({ url: row.url, timeoutMs: row.timeout_ms, check: row.spec }),
    },
    nextCheckAt,
    coalesced: Math.ceil((slot - dueAt) / grid.intervalMs),
    latenessMs: Math.max(0, now - dueAt),
  }
}
