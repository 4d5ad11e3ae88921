import type { SqlClient } from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import { mapSecrets } from "@uptime/domain/CheckSecrets"
import type { CheckOptions } from "@uptime/domain/CheckSpec"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import { secretMask } from "@uptime/domain/SecretMask"
import { Effect } from "effect"
import { isoInstant } from "./IsoInstant.ts"
import type { MonitorCursor, MonitorFilter } from "./Monitors.ts"

/** A monitor of a list: its place in it, and the JSON text of its `MonitorOverview`. */
export interface ListedMonitor extends MonitorCursor {
  readonly json: string
}

/**
 * The owner's monitors that pass a filter, newest first. The database writes all but what a check is told, whose secrets are
 * masked here: fifty monitors as objects, through dates and back into text, took an api several times as long as all the rest.
 */
export const readListed = (
  sql: SqlClient,
  userId: UserId,
  filter: MonitorFilter,
  limit: number,
  after: MonitorCursor | null,
): Effect.Effect<ReadonlyArray<ListedMonitor>, SqlError> => {
  const conditions = [sql`user_id = ${userId}`]
  if (after !== null) {
    conditions.push(sql`(created_at, id) < (to_timestamp(${after.createdAt}::float8 / 1000), ${after.id}::uuid)`)
  }
  if (filter.text !== undefined) {
    const pattern = `%${filter.text.replaceAll(/[\\%_]/g, "\\$&")}%`
    conditions.push(sql`(name ILIKE ${pattern} OR url ILIKE ${pattern})`)
  }
  if (filter.tag !== undefined) conditions.push(sql`${filter.tag} = ANY(tags)`)
  if (filter.group !== undefined) conditions.push(sql`group_name = ${filter.group}`)
  if (filter.escalationId !== undefined) {
    conditions.push(sql`(alerts ->> 'escalationId')::uuid = ${filter.escalationId}::uuid`)
  }
  if (filter.kind !== undefined) conditions.push(sql`kind = ${filter.kind}`)
  if (filter.status !== undefined) {
    conditions.push(sql`
      coalesce((SELECT status FROM monitor_status WHERE monitor_id = id AND location = '*'), 'Unknown')
        = ${filter.status}`)
  }
  return Effect.map(
    sql<ListedRow>`
      WITH page AS MATERIALIZED (
        SELECT * FROM monitors WHERE ${sql.and(conditions)} ORDER BY created_at DESC, id DESC LIMIT ${limit}
      ) ${sql.literal(listing)}`,
    (rows) => rows.map(({ createdAt, id, json, spec }) => ({ id, createdAt, json: `${json},${optionsJson(spec)}` })),
  )
}

interface ListedRow {
  readonly id: MonitorId
  /** In milliseconds since the epoch. */
  readonly createdAt: number
  readonly spec: CheckOptions
  /** The object without what its check is told, and without its last brace. */
  readonly json: string
}

/** What a check is told, with its secrets masked, as the end of an object. */
const optionsJson = ({ conditions = [], ...options }: CheckOptions): string =>
  JSON.stringify({ conditions, ...mapSecrets(options, () => secretMask) }).slice(1)

/** SQL for a number as JSON. */
const number = (column: string): string => `coalesce(${column}::text, 'null')`

/** SQL for an instant as JSON. */
const instant = (column: string): string => `coalesce('"' || ${isoInstant(column)} || '"', 'null')`

// No id, region, status, kind of error or instant holds a character that JSON escapes. A region has said something from its
// first result on.
const listing = `, known AS MATERIALIZED (
  SELECT state.monitor_id, location, scheduled_at, state.status, since, streak_status, streak_since, streak_count,
    '{"id":"' || result_id || '","monitorId":"' || monitor_id || '","location":"' || location
      || '","status":"' || result_status || '","responseTimeMs":' || ${number("response_time_ms")}
      || ',"checkedAt":' || ${instant("checked_at")} || ',"scheduledAt":' || ${instant("scheduled_at")}
      || ',"phases":{"dns":' || ${number("dns_ms")} || ',"connect":' || ${number("connect_ms")}
      || ',"tls":' || ${number("tls_ms")} || ',"firstByte":' || ${number("first_byte_ms")}
      || ',"transfer":' || ${number("transfer_ms")} || '},"httpStatus":' || ${number("http_status")}
      || ',"error":' || CASE WHEN error_kind IS NULL THEN 'null' ELSE
        '{"kind":"' || error_kind || '","message":' || to_json(coalesce(error_message, '')) || '}' END
      || ',"certificateExpiresAt":' || ${instant("certificate_expires_at")} || '}' AS latest
  FROM page JOIN monitor_status AS state ON monitor_id = page.id
  WHERE location <> '*' AND since > '-infinity' AND result_id IS NOT NULL
), place AS (
  SELECT monitor_id,
    string_agg(
      '{"location":"' || location || '","status":"' || status || '","since":' || ${instant("since")} || ',"confirming":'
        || CASE WHEN streak_status IS NULL OR streak_since IS NULL THEN 'null' ELSE
          '{"status":"' || streak_status || '","since":' || ${instant("streak_since")}
          || ',"count":' || streak_count || '}' END
        || ',"latest":' || latest || '}',
      ',' ORDER BY location COLLATE "C") AS locations,
    (array_agg(latest ORDER BY scheduled_at DESC, location COLLATE "C"))[1] AS latest
  FROM known GROUP BY monitor_id
)
SELECT page.id, round(date_part('epoch', created_at) * 1000) AS "createdAt", spec,
  left(row_to_json(item)::text, -1) || ',"locations":[' || coalesce(locations, '')
    || '],"latest":' || coalesce(latest, 'null') AS json
FROM page
LEFT JOIN place ON place.monitor_id = page.id
LEFT JOIN monitor_status AS overall ON overall.monitor_id = page.id AND location = '*'
CROSS JOIN LATERAL (
  SELECT page.id, user_id AS "userId", kind, name, url, interval_seconds AS "intervalSeconds",
    timeout_ms AS "timeoutMs", page.enabled, tags,
    json_build_object('failures', confirm_failures, 'successes', confirm_successes, 'retrySeconds', retry_seconds,
      'minRegions', min_regions) AS confirmation,
    alerts, group_name AS "group", parents, ${isoInstant("created_at")} AS "createdAt",
    ${isoInstant("updated_at")} AS "updatedAt", coalesce(overall.status, 'Unknown') AS status,
    ${isoInstant("since")} AS since, overlay,
    EXISTS (SELECT FROM monitor_flapping AS flapping WHERE flapping.monitor_id = page.id AND flapping.since IS NOT NULL)
      AS flapping,
    CASE WHEN page.enabled AND kind <> 'heartbeat' THEN ${isoInstant("next_check_at")} END AS "nextCheckAt"
) AS item
ORDER BY created_at DESC, page.id DESC`
