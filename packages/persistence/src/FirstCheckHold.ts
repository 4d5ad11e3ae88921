import type { SqlClient } from "@effect/sql/SqlClient"
import { slotAfter, slotGrid } from "@uptime/domain/Slot"
import type { CreatedMonitor } from "./Monitors.ts"
import { plainArray } from "./PgArray.ts"

/**
 * SQL of how long a new monitor is its api's to put on the stream: `next_check_at` is that much after `created_at`, so that
 * no producer takes it at the same instant, and the site is not asked twice. Whoever takes it takes its first slot, the
 * instant it was created.
 */
export const hold = (sql: SqlClient) => sql.literal("interval '5 seconds'")

/** Ends the hold of monitors by making them due at other instants; those that are held no more are left alone. */
export const endHold = (
  sql: SqlClient,
  created: ReadonlyArray<CreatedMonitor>,
  dueAt: (created: CreatedMonitor) => number,
) => sql`
  WITH held AS MATERIALIZED (
    SELECT monitors.id, due_ms
    FROM monitors JOIN unnest(${plainArray(created, ({ monitor }) => monitor.id)}::uuid[],
      ${plainArray(created, dueAt)}::float8[]) AS wanted (id, due_ms) ON wanted.id = monitors.id
    WHERE next_check_at = created_at + ${hold(sql)}
    ORDER BY monitors.id FOR NO KEY UPDATE OF monitors
  )
  UPDATE monitors SET next_check_at = to_timestamp(due_ms / 1000) FROM held WHERE held.id = monitors.id`

/** The first point of a new monitor's grid after its first slot. */
export const secondSlot = ({ firstSlot, monitor }: CreatedMonitor): number =>
  slotAfter(slotGrid(monitor.id, monitor.intervalSeconds), firstSlot)
