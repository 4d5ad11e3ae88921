import type { SqlClient } from "@effect/sql/SqlClient"
import type { MaintenanceId, MonitorId } from "@uptime/domain/Ids"
import { nextWindow, windowAt } from "@uptime/incidents/MaintenanceSchedule"
import { Effect } from "effect"
import { tryLock } from "./ChoreLock.ts"
import { wakeJudge } from "./JudgeWake.ts"
import { planOf } from "./MaintenanceWrites.ts"
import { clearOverlay, type OverlayChange, setOverlay } from "./Overlays.ts"
import { plainArray } from "./PgArray.ts"

/** The most maintenances that are looked at, and monitors that are changed, by one transaction. */
const chunk = 500

/** Brings windows up to date, and overlays to what the windows say. */
export const applyWindows = Effect.fnUntraced(function* (sql: SqlClient) {
  if (!(yield* tryLock(sql, "maintenance"))) return 0
  yield* updateWindows(sql)
  const begun = yield* covered(sql)
  yield* setOverlay(sql, "Maintenance", begun)
  const ended = yield* uncovered(sql)
  yield* clearOverlay(sql, ended)
  const ids = [...begun, ...ended].map(({ monitorId }) => monitorId)
  if (ids.length > 0) yield* wakeJudge(sql, ids)
  return ids.length
})

/** Works out the window that is open, or else the next one, of maintenances whose known one has ended. */
const updateWindows = Effect.fnUntraced(function* (sql: SqlClient) {
  const open = yield* sql<{ readonly id: MaintenanceId; readonly plan: unknown; readonly now: number }>`
    SELECT id, plan, floor(date_part('epoch', now()) * 1000) AS now FROM maintenances
    WHERE window_starts_at IS NOT NULL AND window_ends_at <= now()
    ORDER BY window_ends_at LIMIT ${chunk} FOR UPDATE`
  if (open.length === 0) return
  const windows = open.map(({ id, now, plan }) => {
    const stored = planOf(plan)
    return { id, window: windowAt(stored, now) ?? nextWindow(stored, now) }
  })
  yield* sql`
    UPDATE maintenances SET window_starts_at = to_timestamp(known.starts / 1000),
      window_ends_at = to_timestamp(known.ends / 1000)
    FROM unnest(${plainArray(windows, ({ id }) => id)}::uuid[],
      ${plainArray(windows, ({ window }) => window?.startsAt ?? null)}::float8[],
      ${plainArray(windows, ({ window }) => window?.endsAt ?? null)}::float8[]) AS known (id, starts, ends)
    WHERE maintenances.id = known.id`
})

/** Whether a window of `maintenance` is open now, and it is over the monitor. */
const isOver = `
  maintenance.user_id = monitors.user_id AND maintenance.window_starts_at <= now()
  AND coalesce(maintenance.window_ends_at, 'infinity') > now()
  AND (monitors.id = ANY(maintenance.monitor_ids) OR monitors.tags && maintenance.tags
    OR monitors.group_name = ANY(maintenance.group_names))`

/**
 * Monitors that an open window is over and the overlay is not yet: from the beginning of the window on, or of what they say
 * now, so that a window that began long ago rewrites no history.
 */
const covered = (sql: SqlClient) =>
  Effect.map(
    sql.unsafe<{ readonly id: MonitorId; readonly at: number }>(`
      SELECT monitors.id, round(date_part('epoch', greatest(min(maintenance.window_starts_at), max(state.since))) * 1000) AS at
      FROM maintenances AS maintenance JOIN monitors ON ${isOver}
      JOIN monitor_status AS state ON state.monitor_id = monitors.id AND state.location = '*'
      WHERE monitors.enabled AND state.overlay IS DISTINCT FROM 'Maintenance' AND state.since > '-infinity'
      GROUP BY monitors.id ORDER BY monitors.id LIMIT ${chunk}`),
    changesOf,
  )

/** Monitors that the overlay is over, and no open window any more. */
const uncovered = (sql: SqlClient) =>
  Effect.map(
    sql.unsafe<{ readonly id: MonitorId; readonly at: number }>(`
      SELECT monitors.id, floor(date_part('epoch', now()) * 1000) AS at
      FROM monitor_status AS state JOIN monitors ON monitors.id = state.monitor_id
      WHERE state.location = '*' AND state.overlay = 'Maintenance'
        AND NOT EXISTS (SELECT FROM maintenances AS maintenance WHERE ${isOver})
      ORDER BY monitors.id LIMIT ${chunk}`),
    changesOf,
  )

const changesOf = (
  rows: ReadonlyArray<{ readonly id: MonitorId; readonly at: number }>,
): ReadonlyArray<OverlayChange> => rows.map(({ at, id }) => ({ monitorId: id, at }))
