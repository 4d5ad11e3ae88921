import type { SqlClient } from "@effect/sql/SqlClient"
import type { IncidentId, MonitorId, UserId } from "@uptime/domain/Ids"
import type { Region } from "@uptime/domain/Region"
import type { Result } from "@uptime/domain/Result"
import { Effect } from "effect"
import { type ResultRow, resultOf } from "./MonitorRows.ts"
import { plainArray, textArray } from "./PgArray.ts"

/** A result by its key; `slot` in milliseconds since the epoch. */
export type ResultKey = readonly [monitorId: MonitorId, location: Region, slot: number]

/** A result with whose it is. */
export interface OwnedResult {
  readonly userId: UserId
  readonly result: Result
}

/** Which of an owner's things changed; null for none of a kind. */
export interface OwnedChange {
  readonly userId: UserId
  readonly monitorIds: ReadonlyArray<MonitorId> | null
  readonly incidentIds: ReadonlyArray<IncidentId> | null
}

/** The results of these keys that belong to these owners, in the order of the keys. */
export const readOwned = (sql: SqlClient, userIds: ReadonlyArray<UserId>, keys: ReadonlyArray<ResultKey>) =>
  Effect.map(
    sql<ResultRow & { readonly user_id: UserId }>`
      SELECT user_id, check_results.*
      FROM unnest(${plainArray(keys, ([id]) => id)}::uuid[], ${textArray(keys, ([, location]) => location)}::text[],
          ${plainArray(keys, ([, , slot]) => slot)}::float8[]) WITH ORDINALITY AS wanted (id, place, slot, ord)
        JOIN monitors ON monitors.id = wanted.id AND user_id = ANY(${userIds}::uuid[])
        JOIN check_results ON monitor_id = wanted.id AND location = place
          AND scheduled_at = to_timestamp(slot / 1000)
          AND scheduled_at BETWEEN to_timestamp(${least(keys)}::float8 / 1000) AND to_timestamp(${most(keys)}::float8 / 1000)
      ORDER BY ord`,
    (rows) => rows.map((row): OwnedResult => ({ userId: row.user_id, result: resultOf(row) })),
  ).pipe(Effect.withTracerEnabled(false))

// Every day is a partition: without bounds all of them would be opened.
const least = (keys: ReadonlyArray<ResultKey>): number => keys.reduce((min, [, , slot]) => Math.min(min, slot), 8.64e15)
const most = (keys: ReadonlyArray<ResultKey>): number => keys.reduce((max, [, , slot]) => Math.max(max, slot), 0)

/**
 * What happened to these owners' things of late, for whoever may not have heard of it: the newest result of each region, of
 * the last 45 s, and the monitors and incidents that changed in the last 20 s, by the database's clock.
 */
export const readLately = Effect.fnUntraced(function* (sql: SqlClient, userIds: ReadonlyArray<UserId>) {
  const results = yield* sql<{ readonly monitor_id: MonitorId; readonly location: Region; readonly slot: number }>`
    SELECT monitor_id, location, date_part('epoch', scheduled_at) * 1000 AS slot
    FROM monitors JOIN monitor_status ON monitor_id = monitors.id
    WHERE user_id = ANY(${userIds}::uuid[]) AND location <> '*' AND checked_at > now() - interval '45 seconds'`
  const changes = yield* sql<OwnedChange>`
    SELECT user_id AS "userId", array_agg(id) FILTER (WHERE is_monitor) AS "monitorIds",
      array_agg(id) FILTER (WHERE NOT is_monitor) AS "incidentIds"
    FROM (
      SELECT user_id, id, true AS is_monitor, updated_at FROM monitors UNION ALL
      SELECT user_id, id, false AS is_monitor, updated_at FROM incidents
    ) AS thing
    WHERE user_id = ANY(${userIds}::uuid[]) AND updated_at > now() - interval '20 seconds'
    GROUP BY user_id`
  return { keys: results.map(({ location, monitor_id, slot }): ResultKey => [monitor_id, location, slot]), changes }
}, Effect.withTracerEnabled(false))
