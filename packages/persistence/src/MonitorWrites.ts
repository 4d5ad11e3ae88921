import type { SqlClient } from "@effect/sql/SqlClient"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import type { MonitorSettings } from "@uptime/domain/Monitor"
import { Effect } from "effect"
import { hold } from "./FirstCheckHold.ts"
import { now, turn } from "./MonitorPause.ts"
import type { MonitorRow } from "./MonitorRows.ts"

/** Inserts monitors, held for their first jobs (`FirstCheckHold`); gives their rows in the order of the settings. */
export const insertMonitors = (sql: SqlClient, userId: UserId, settings: ReadonlyArray<MonitorSettings>) =>
  Effect.gen(function* () {
    const rows = yield* sql<MonitorRow>`
      WITH input AS MATERIALIZED (
        SELECT gen_random_uuid() AS id, input.* FROM ${settingsTable(sql, settings)}
      ), made AS (
        INSERT INTO monitors (id, user_id, name, kind, url, interval_seconds, timeout_ms, enabled, tags,
          next_check_at, created_at, updated_at)
        SELECT id, ${userId}, name, 'http', url, interval_seconds, timeout_ms, enabled, ${tagsOf(sql)},
          ${now(sql)} + ${hold(sql)}, ${now(sql)}, ${now(sql)}
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
export const lockMonitors = (sql: SqlClient, userId: UserId, ids: ReadonlyArray<MonitorId>) =>
  Effect.gen(function* () {
    yield* sql`SELECT FROM users WHERE id = ${userId} FOR NO KEY UPDATE`
    const rows = yield* sql<MonitorRow>`
      SELECT * FROM monitors WHERE user_id = ${userId} AND id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE`
    return new Map(rows.map((row) => [row.id, row]))
  })

/** Gives monitors that are locked their new settings, with all that follows from what changed. */
export const updateMonitors = (
  sql: SqlClient,
  changed: ReadonlyArray<{ readonly before: MonitorRow; readonly settings: MonitorSettings }>,
) =>
  Effect.gen(function* () {
    const ids = changed.map(({ before }) => before.id)
    const rows = yield* sql<MonitorRow>`
      UPDATE monitors SET
        name = input.name, url = input.url, interval_seconds = input.interval_seconds, timeout_ms = input.timeout_ms,
        enabled = input.enabled, tags = ${tagsOf(sql)}, updated_at = ${now(sql)},
        config_version = config_version
          + ((monitors.url, monitors.timeout_ms) IS DISTINCT FROM (input.url, input.timeout_ms))::int,
        next_check_at = CASE
          WHEN monitors.interval_seconds <> input.interval_seconds OR (input.enabled AND NOT monitors.enabled)
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
    yield* turn(sql, turned(false), turned(true))
    return new Map(rows.map((row) => [row.id, row]))
  })

/** What may be set on a monitor, as it is set now. */
export const settingsOf = (row: MonitorRow): MonitorSettings => ({
  name: row.name,
  url: row.url,
  intervalSeconds: row.interval_seconds,
  timeoutMs: row.timeout_ms,
  enabled: row.enabled,
  tags: row.tags,
})

/** Settings as the rows of `input`, numbered by `ord` from 1; tags as JSON, since `unnest` flattens arrays of arrays. */
const settingsTable = (sql: SqlClient, settings: ReadonlyArray<MonitorSettings>) => sql`
  unnest(${settings.map(({ name }) => name)}::text[], ${settings.map(({ url }) => url)}::text[],
    ${settings.map(({ intervalSeconds }) => intervalSeconds)}::int[], ${settings.map(({ timeoutMs }) => timeoutMs)}::int[],
    ${settings.map(({ enabled }) => enabled)}::boolean[], ${settings.map(({ tags }) => JSON.stringify(tags))}::text[])
  WITH ORDINALITY AS input (name, url, interval_seconds, timeout_ms, enabled, tags_json, ord)`

const tagsOf = (sql: SqlClient) =>
  sql.literal(
    "ARRAY(SELECT tag FROM jsonb_array_elements_text(input.tags_json::jsonb) WITH ORDINALITY AS tags (tag, n) ORDER BY n)",
  )
