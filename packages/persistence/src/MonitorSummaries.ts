import type { SqlClient } from "@effect/sql/SqlClient"
import type { UserId } from "@uptime/domain/Ids"
import { windowMs } from "@uptime/domain/Stats"
import { Effect } from "effect"
import { instantJson, numberJson } from "./JsonSql.ts"
import { countsAsUp } from "./RollupSql.ts"

/**
 * All monitors of an owner, newest first, as the JSON text of a list of `MonitorSummary`, which the database writes: ten
 * thousand of them through the schema would take longer than all the rest.
 */
export const readSummaries = (sql: SqlClient, userId: UserId) =>
  Effect.map(
    sql.unsafe<{ readonly items: string }>(statement, [userId, windowMs["24h"]]),
    ([row]) => row?.items ?? "[]",
  )

/** `uptimePercent` (`domain/Uptime`) of the sums of milliseconds `up_ms` and `down_ms`. */
const uptime = "floor(coalesce(up_ms, 0) * 100000 / nullif(coalesce(up_ms, 0) + coalesce(down_ms, 0), 0)) / 1000"

/** A region has said something from its first result on. */
const isRegion = "location <> '*' AND since > '-infinity' AND scheduled_at IS NOT NULL"

const dayAgo = "(now() - $2::float8 * interval '1 millisecond')"

const milliseconds = (duration: string): string => `round(date_part('epoch', ${duration}) * 1000)`

// What has not changed for a day, which is most of a large installation, needs no look at its history, and what is younger
// none at what was before.
// Neither a region's name nor a kind nor a status holds a character that JSON escapes. Put together by hand: row_to_json takes
// three times as long, since it looks up the type of every column of every row.
const statement = `
WITH own AS MATERIALIZED (
  SELECT id, name, url, kind, group_name, tags, enabled, interval_seconds, created_at FROM monitors WHERE user_id = $1
), place AS (
  SELECT monitor_id, max(state.status) FILTER (WHERE location = '*') AS status,
    max(since) FILTER (WHERE location = '*') AS since, max(overlay) FILTER (WHERE location = '*') AS overlay,
    string_agg('{"location":"' || location || '","status":"' || state.status || '"}', ',' ORDER BY location COLLATE "C")
      FILTER (WHERE ${isRegion}) AS regions,
    (array_agg(response_time_ms ORDER BY scheduled_at DESC, location COLLATE "C") FILTER (WHERE ${isRegion}))[1]
      AS response_time_ms,
    (array_agg(checked_at ORDER BY scheduled_at DESC, location COLLATE "C") FILTER (WHERE ${isRegion}))[1] AS checked_at
  FROM monitor_status AS state JOIN own ON own.id = monitor_id GROUP BY monitor_id
), settled AS MATERIALIZED (
  SELECT id, state FROM own JOIN state_intervals ON monitor_id = id AND location = '*' AND ended_at IS NULL
  WHERE started_at <= ${dayAgo}
), changed AS MATERIALIZED (
  SELECT id, created_at FROM own WHERE id NOT IN (SELECT id FROM settled)
), spent AS (
  SELECT id, sum(ms) FILTER (WHERE ${countsAsUp}) AS up_ms, sum(ms) FILTER (WHERE state = 'Down') AS down_ms
  FROM (
    SELECT id, state, $2::float8 AS ms FROM settled
    UNION ALL
    SELECT id, state, ${milliseconds("coalesce(ended_at, now()) - started_at")} FROM changed
    JOIN state_intervals ON monitor_id = id AND location = '*' AND started_at > ${dayAgo}
    UNION ALL
    SELECT id, state, ${milliseconds(`ended_at - ${dayAgo}`)} FROM changed, LATERAL (
      SELECT state, ended_at FROM state_intervals
      WHERE monitor_id = id AND location = '*' AND started_at <= ${dayAgo} ORDER BY started_at DESC LIMIT 1
    ) AS last WHERE created_at <= ${dayAgo} AND ended_at > ${dayAgo}
  ) AS part GROUP BY id
), item AS (
  SELECT '{"id":"' || own.id || '","name":' || to_json(name) || ',"url":' || to_json(url) || ',"kind":"' || kind
    || '","group":' || coalesce(to_json(group_name)::text, 'null') || ',"tags":' || array_to_json(tags)::text
    || ',"enabled":' || enabled::text || ',"intervalSeconds":' || interval_seconds
    || ',"status":"' || coalesce(status, 'Unknown') || '","since":' || ${instantJson("since")}
    || ',"overlay":' || coalesce('"' || overlay || '"', 'null') || ',"regions":[' || coalesce(regions, '')
    || '],"responseTimeMs":' || ${numberJson("response_time_ms")} || ',"checkedAt":' || ${instantJson("checked_at")}
    || ',"uptime24h":' || ${numberJson(`(${uptime})`)} || '}' AS json
  FROM own LEFT JOIN place ON monitor_id = own.id LEFT JOIN spent ON spent.id = own.id
  ORDER BY created_at DESC, own.id DESC
)
SELECT '[' || coalesce(string_agg(json, ','), '') || ']' AS items FROM item`
