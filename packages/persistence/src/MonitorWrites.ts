import type { SqlClient } from "@effect/sql/SqlClient"
import { AlertRules } from "@uptime/domain/AlertRules"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import type { MonitorSettings } from "@uptime/domain/Monitor"
import { kindOfUrl } from "@uptime/domain/UrlScheme"
import { Effect, Schema } from "effect"
import { hold } from "./FirstCheckHold.ts"
import { askJudge } from "./JudgeRequests.ts"
import { wakeJudge } from "./JudgeWake.ts"
import { now, turn } from "./MonitorPause.ts"
import type { MonitorRow } from "./MonitorRows.ts"
import { recountRegions } from "./OverallRecount.ts"
import { lockMoving, lockStates } from "./StateLocks.ts"

/** Inserts monitors, held for their first jobs (`FirstCheckHold`); gives their rows in the order of the settings. */
export const insertMonitors = Effect.fnUntraced(function* (
  sql: SqlClient,
  userId: UserId,
  settings: ReadonlyArray<MonitorSettings>,
) {
  const rows = yield* sql<MonitorRow>`
    WITH input AS MATERIALIZED (
      SELECT gen_random_uuid() AS id, input.* FROM ${settingsTable(sql, settings)}
    ), made AS (
      INSERT INTO monitors (id, user_id, next_check_at, created_at, updated_at, ${columns(sql)})
      SELECT id, ${userId}, CASE kind WHEN 'heartbeat' THEN 'infinity' ELSE ${now(sql)} + ${hold(sql)} END, ${now(sql)},
        ${now(sql)}, ${columns(sql)}
      FROM input
      RETURNING *
    )
    SELECT made.* FROM made JOIN input USING (id) ORDER BY ord`
  const off = rows.filter(({ enabled }) => !enabled).map(({ id }) => id)
  yield* turn(sql, off, [])
  return rows
})

/**
 * The owner's monitors among `ids`, locked in the order of their ids, the account first: against other changes, and against
 * status rows being made for them.
 */
export const lockMonitors = Effect.fnUntraced(function* (
  sql: SqlClient,
  userId: UserId,
  ids: ReadonlyArray<MonitorId>,
) {
  yield* sql`SELECT FROM users WHERE id = ${userId} FOR NO KEY UPDATE`
  const rows = yield* sql<MonitorRow>`
    SELECT * FROM monitors WHERE user_id = ${userId} AND id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE`
  return new Map(rows.map((row) => [row.id, row]))
})

/** The same for a deletion: the monitors that have them for parents are locked with them, and only they are given. */
export const lockMonitorsToDelete = Effect.fnUntraced(function* (
  sql: SqlClient,
  userId: UserId,
  ids: ReadonlyArray<MonitorId>,
) {
  yield* sql`SELECT FROM users WHERE id = ${userId} FOR NO KEY UPDATE`
  const rows = yield* sql<{ readonly id: MonitorId; readonly is_named: boolean }>`
    SELECT id, id = ANY(${ids}::uuid[]) AS is_named FROM monitors
    WHERE user_id = ${userId} AND (id = ANY(${ids}::uuid[]) OR (${isBelow(sql, ids)}))
    ORDER BY id FOR UPDATE`
  return rows.filter((row) => row.is_named).map(({ id }) => id)
})

/** Monitors that one transaction is about to change by several steps. */
export interface PlannedChanges {
  readonly deleted: ReadonlyArray<MonitorId>
  readonly changed: ReadonlyArray<MonitorId>
  /** Those of `changed` whose status may move: turned on or off, or said by another number of regions. */
  readonly moved: ReadonlyArray<MonitorId>
}

/**
 * Takes all locks of several steps before the first of them: of the account, of the owner's monitors that are named or lie
 * right below one that is deleted, and of the status rows of what is deleted or moved.
 */
export const lockPlanned = Effect.fnUntraced(function* (
  sql: SqlClient,
  userId: UserId,
  { changed, deleted, moved }: PlannedChanges,
) {
  yield* sql`SELECT FROM users WHERE id = ${userId} FOR NO KEY UPDATE`
  const rows = yield* sql<{ readonly id: MonitorId; readonly is_deleted: boolean; readonly is_moved: boolean }>`
    SELECT id, id = ANY(${deleted}::uuid[]) AS is_deleted, id = ANY(${moved}::uuid[]) AS is_moved FROM monitors
    WHERE user_id = ${userId} AND (id = ANY(${[...deleted, ...changed]}::uuid[]) OR (${isBelow(sql, deleted)}))
    ORDER BY id FOR UPDATE`
  yield* lockMoving(
    sql,
    rows.filter((row) => row.is_moved).map(({ id }) => id),
    rows.filter((row) => row.is_deleted).map(({ id }) => id),
  )
})

const isSameRules = Schema.equivalence(AlertRules)

/** Gives monitors that are locked, of one owner, their new settings, with all that follows from what changed. */
export const updateMonitors = Effect.fnUntraced(function* (
  sql: SqlClient,
  userId: UserId,
  changed: ReadonlyArray<{ readonly before: MonitorRow; readonly settings: MonitorSettings }>,
) {
  const ids = changed.map(({ before }) => before.id)
  const rows = yield* sql<MonitorRow>`
    UPDATE monitors SET (${columns(sql)}) = ROW(${columns(sql, "input")}),
      updated_at = CASE WHEN (${columns(sql, "monitors")}) IS DISTINCT FROM (${columns(sql, "input")})
        THEN ${now(sql)} ELSE updated_at END,
      config_version = config_version + (
        (monitors.url, monitors.timeout_ms, monitors.spec) IS DISTINCT FROM (input.url, input.timeout_ms, input.spec)
      )::int,
      next_check_at = CASE
        WHEN monitors.kind <> 'heartbeat'
          AND (monitors.interval_seconds <> input.interval_seconds OR (input.enabled AND NOT monitors.enabled))
        THEN ${now(sql)} ELSE next_check_at END
    FROM ${settingsTable(
      sql,
      changed.map(({ settings }) => settings),
    )}
    WHERE monitors.id = (${ids}::uuid[])[input.ord]
    RETURNING monitors.*`
  const turned = (to: boolean) =>
    changed
      .filter(({ before, settings }) => before.enabled !== to && settings.enabled === to)
      .map(({ before }) => before.id)
  const recounted = changed
    .filter(({ before, settings }) => before.min_regions !== settings.confirmation.minRegions)
    .map(({ before }) => before.id)
  // All status rows in one go, before either step changes some.
  if (recounted.length > 0) yield* lockMoving(sql, [...turned(false), ...turned(true), ...recounted])
  yield* turn(sql, turned(false), turned(true))
  if (recounted.length > 0) yield* recountRegions(sql, recounted)
  // What lies behind something else now may be unreachable, or not any more; and what is told of what is open may change.
  const moved = changed.filter(({ before, settings }) => before.parents.join() !== settings.parents.join())
  const isRuledAnew = changed.some(({ before, settings }) => !isSameRules(before.alerts, settings.alerts))
  if (moved.length > 0 || isRuledAnew) {
    yield* askJudge(
      sql,
      userId,
      moved.map(({ before }) => before.id),
    )
  }
  return new Map(rows.map((row) => [row.id, row]))
})

/**
 * Deletes monitors that are locked, of one owner. They are nobody's parents any more, and their parts in open incidents are
 * over, and the judge looks at both. Incidents come last among the locks, after status rows (`StateLocks`).
 */
export const deleteMonitors = Effect.fnUntraced(function* (
  sql: SqlClient,
  userId: UserId,
  ids: ReadonlyArray<MonitorId>,
) {
  yield* sql`
    INSERT INTO monitor_deletions (monitor_id, deleted_at)
    SELECT DISTINCT id, now() FROM unnest(${ids}::uuid[]) AS id`
  yield* sql`
    WITH freed AS (
      UPDATE monitors SET updated_at = ${now(sql)}, parents = ARRAY(
        SELECT parent FROM unnest(parents) WITH ORDINALITY AS given (parent, n)
        WHERE parent <> ALL(${ids}::uuid[]) ORDER BY n)
      WHERE ${isBelow(sql, ids)} AND user_id = ${userId} AND id <> ALL(${ids}::uuid[])
      RETURNING id
    )
    INSERT INTO judge_requests (user_id, monitor_id) SELECT ${userId}, id FROM freed`
  yield* lockStates(sql, ids)
  yield* sql`DELETE FROM status_changes WHERE monitor_id = ANY(${ids}::uuid[])`
  yield* sql`DELETE FROM monitors WHERE id = ANY(${ids}::uuid[])`
  yield* sql`UPDATE users SET monitor_count = monitor_count - ${ids.length}::int WHERE id = ${userId}`
  yield* wakeJudge(sql, ids)
  yield* sql`
    UPDATE incident_monitors SET ended_at = ${now(sql)} FROM incidents
    WHERE incidents.id = incident_id AND resolved_at IS NULL AND monitor_id = ANY(${ids}::uuid[]) AND ended_at IS NULL`
})

/** Which monitors have parents among `ids`, in the words of the index. */
const isBelow = (sql: SqlClient, ids: ReadonlyArray<MonitorId>) => sql`parents && ${ids}::uuid[] AND parents <> '{}'`

/** The columns that hold what may be set, and their types; `kind` is that of the URL. */
const settingsColumns = {
  name: "text",
  kind: "text",
  url: "text",
  spec: "jsonb",
  interval_seconds: "int",
  timeout_ms: "int",
  enabled: "boolean",
  tags: "text[]",
  confirm_failures: "smallint",
  confirm_successes: "smallint",
  retry_seconds: "int",
  min_regions: "smallint",
  alerts: "jsonb",
  group_name: "text",
  parents: "uuid[]",
} as const

const columns = (sql: SqlClient, table?: string) =>
  sql.literal(
    Object.keys(settingsColumns)
      .map((column) => (table === undefined ? column : `${table}.${column}`))
      .join(", "),
  )

const typedColumns = Object.entries(settingsColumns)
  .map(([column, type]) => `${column} ${type}`)
  .join(", ")

/** Settings as the rows of `input`, numbered by `ord` from 1; as JSON, since `unnest` flattens arrays of arrays. */
const settingsTable = (sql: SqlClient, settings: ReadonlyArray<MonitorSettings>) => sql`
  ROWS FROM (jsonb_to_recordset(${JSON.stringify(settings.map(rowOf))}::jsonb) AS (${sql.literal(typedColumns)}))
  WITH ORDINALITY AS input (${columns(sql)}, ord)`

const rowOf = (settings: MonitorSettings): Record<keyof typeof settingsColumns, unknown> => ({
  name: settings.name,
  kind: kindOfUrl(settings.url),
  url: settings.url,
  spec: settings.check,
  interval_seconds: settings.intervalSeconds,
  timeout_ms: settings.timeoutMs,
  enabled: settings.enabled,
  tags: settings.tags,
  confirm_failures: settings.confirmation.failures,
  confirm_successes: settings.confirmation.successes,
  retry_seconds: settings.confirmation.retrySeconds,
  min_regions: settings.confirmation.minRegions,
  alerts: settings.alerts,
  group_name: settings.group,
  parents: settings.parents,
})
