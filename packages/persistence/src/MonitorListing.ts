import type { SqlClient } from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import { mapSecrets } from "@uptime/domain/CheckSecrets"
import type { CheckOptions } from "@uptime/domain/CheckSpec"
import { MonitorId, type UserId } from "@uptime/domain/Ids"
import { secretMask } from "@uptime/domain/SecretMask"
import { WeightedCache } from "@uptime/runtime/WeightedCache"
import { Effect } from "effect"
import { instantJson, numberJson } from "./JsonSql.ts"
import type { MonitorCursor, MonitorFilter } from "./Monitors.ts"

/** A monitor of a list: its place in it, and the JSON of its `MonitorOverview`, in UTF-8. */
export interface ListedMonitor extends MonitorCursor {
  readonly json: Uint8Array
}

/** A text, as it is sent, and the versions of all rows that it was written from. */
interface Written {
  readonly json: Uint8Array
  readonly version: string
}

/**
 * What was told of monitors, as long as the rows are the same that it was written from: texts by the monitors' ids, and whole
 * pages by the places and versions of all that they hold. Whoever asks for a list every few seconds is told mostly what they
 * were told before.
 */
export interface ListedBefore {
  readonly texts: WeightedCache<Written>
  readonly pages: WeightedCache<ReadonlyArray<ListedMonitor>>
}

/** The most that is kept of texts, in bytes: those of some ten thousand monitors. */
const maxTextBytes = 16 * 1024 * 1024

/** The most that pages may hold, in bytes: some hundred and fifty of fifty monitors. Their texts count once more here. */
const maxPageBytes = 16 * 1024 * 1024

/** Nothing yet; it is what one database holds. */
export const listedBefore = (): ListedBefore => ({
  texts: new WeightedCache(maxTextBytes),
  pages: new WeightedCache(maxPageBytes),
})

/**
 * The owner's monitors that pass a filter, newest first. The database writes all but what a check is told, whose secrets are
 * masked here: fifty monitors as objects, through dates and back into text, took an api several times as long as all the rest.
 *
 * The very array is answered as before while nothing of it has changed, so that what is made of it can be kept beside it.
 *
 * @param before what was told before, of this database
 */
export const readListed = (
  sql: SqlClient,
  { pages, texts }: ListedBefore,
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
  return Effect.gen(function* () {
    const [found] = yield* sql<{ readonly places: string }>`
      WITH page AS MATERIALIZED (
        SELECT id, created_at, ${sql.literal(rowVersion("monitors"))} AS own_version FROM monitors
        WHERE ${sql.and(conditions)} ORDER BY created_at DESC, id DESC LIMIT ${limit}
      ) ${sql.literal(places)}`
    if (found === undefined || found.places === "") return []
    // The same places under another limit make another page: there may be more.
    const key = `${limit} ${found.places}`
    const page = pages.get(key)
    if (page !== undefined) return page
    const listed = yield* readTexts(sql, texts, placesOf(found.places))
    pages.set(
      key,
      listed,
      listed.reduce((bytes, { json }) => bytes + json.length, key.length),
    )
    return listed
  })
}

/** A monitor of a page, and the versions of all rows that its text is written from. */
interface Place extends MonitorCursor {
  readonly version: string
}

/** Places as `places` writes them. */
const placesOf = (text: string): ReadonlyArray<Place> =>
  text.split("/").map((place) => {
    const [id = "", createdAt = "", version = ""] = place.split(" ")
    return { id: MonitorId.make(id), createdAt: Number(createdAt), version }
  })

/** The texts of monitors, each as known or read. One that was deleted in between is not there any more. */
const readTexts = (
  sql: SqlClient,
  texts: WeightedCache<Written>,
  found: ReadonlyArray<Place>,
): Effect.Effect<ReadonlyArray<ListedMonitor>, SqlError> =>
  Effect.gen(function* () {
    const known = new Map<MonitorId, Uint8Array>()
    const missing = new Map<MonitorId, string>()
    for (const { id, version } of found) {
      const written = texts.get(id)
      if (written !== undefined && written.version === version) known.set(id, written.json)
      else missing.set(id, version)
    }
    if (missing.size > 0) {
      for (const { id, json: start, spec } of yield* sql.unsafe<TextRow>(listing, [[...missing.keys()]])) {
        const json = encoder.encode(`${start},${optionsJson(spec)}`)
        // What has changed since the places were read is in the text already; the next look finds another version.
        texts.set(id, { json, version: missing.get(id) ?? "" }, json.length)
        known.set(id, json)
      }
    }
    return found.flatMap(({ createdAt, id }) => {
      const json = known.get(id)
      return json === undefined ? [] : [{ id, createdAt, json }]
    })
  })

const encoder = new TextEncoder()

interface TextRow {
  readonly id: MonitorId
  readonly spec: CheckOptions
  /** The object without what its check is told, and without its last brace. */
  readonly json: string
}

/** What a check is told, with its secrets masked, as the end of an object. */
const optionsJson = ({ conditions = [], ...options }: CheckOptions): string =>
  JSON.stringify({ conditions, ...mapSecrets(options, () => secretMask) }).slice(1)

/**
 * SQL for the version of a row: which transaction wrote it, and where it stands. Every change writes another row version, and
 * a place is not used again before that of the old one is over.
 */
const rowVersion = (table: string): string => `concat(${table}.xmin, ${table}.ctid)`

/**
 * The places of `page` in one text, each with the versions of all rows that its text is written from: fifty rows cost the
 * driver as much as all the rest of the call.
 */
const places = `, version AS (
  SELECT page.id, created_at, concat(own_version, string_agg(${rowVersion("state")}, ''), max(${rowVersion("flapping")})) AS text
  FROM page LEFT JOIN monitor_status AS state ON state.monitor_id = page.id
  LEFT JOIN monitor_flapping AS flapping ON flapping.monitor_id = page.id
  GROUP BY page.id, created_at, own_version
)
SELECT coalesce(string_agg(
  concat_ws(' ', id, round(date_part('epoch', created_at) * 1000), text), '/' ORDER BY created_at DESC, id DESC
), '') AS places
FROM version`

// No id, region, status, kind of error or instant holds a character that JSON escapes. A region has said something from its
// first result on.
const listing = `
WITH page AS MATERIALIZED (
  SELECT * FROM monitors WHERE id = ANY($1::uuid[])
), known AS MATERIALIZED (
  SELECT state.monitor_id, location, scheduled_at, state.status, since, streak_status, streak_since, streak_count,
    '{"id":"' || result_id || '","monitorId":"' || monitor_id || '","location":"' || location
      || '","status":"' || result_status || '","responseTimeMs":' || ${numberJson("response_time_ms")}
      || ',"checkedAt":' || ${instantJson("checked_at")} || ',"scheduledAt":' || ${instantJson("scheduled_at")}
      || ',"phases":{"dns":' || ${numberJson("dns_ms")} || ',"connect":' || ${numberJson("connect_ms")}
      || ',"tls":' || ${numberJson("tls_ms")} || ',"firstByte":' || ${numberJson("first_byte_ms")}
      || ',"transfer":' || ${numberJson("transfer_ms")} || '},"httpStatus":' || ${numberJson("http_status")}
      || ',"error":' || CASE WHEN error_kind IS NULL THEN 'null' ELSE
        '{"kind":"' || error_kind || '","message":' || to_json(coalesce(error_message, '')) || '}' END
      || ',"certificateExpiresAt":' || ${instantJson("certificate_expires_at")} || '}' AS latest
  FROM page JOIN monitor_status AS state ON monitor_id = page.id
  WHERE location <> '*' AND since > '-infinity' AND result_id IS NOT NULL
), place AS (
  SELECT monitor_id,
    string_agg(
      '{"location":"' || location || '","status":"' || status || '","since":' || ${instantJson("since")} || ',"confirming":'
        || CASE WHEN streak_status IS NULL OR streak_since IS NULL THEN 'null' ELSE
          '{"status":"' || streak_status || '","since":' || ${instantJson("streak_since")}
          || ',"count":' || streak_count || '}' END
        || ',"latest":' || latest || '}',
      ',' ORDER BY location COLLATE "C") AS locations,
    (array_agg(latest ORDER BY scheduled_at DESC, location COLLATE "C"))[1] AS latest
  FROM known GROUP BY monitor_id
)
SELECT page.id, spec,
  '{"id":"' || page.id || '","userId":"' || user_id || '","kind":"' || kind || '","name":' || to_json(name)
    || ',"url":' || to_json(url) || ',"intervalSeconds":' || interval_seconds || ',"timeoutMs":' || timeout_ms
    || ',"enabled":' || page.enabled::text || ',"tags":' || array_to_json(tags)::text
    || ',"confirmation":{"failures":' || confirm_failures || ',"successes":' || confirm_successes
    || ',"retrySeconds":' || retry_seconds || ',"minRegions":' || min_regions || '},"alerts":' || alerts::text
    || ',"group":' || coalesce(to_json(group_name)::text, 'null') || ',"parents":' || array_to_json(parents)::text
    || ',"createdAt":' || ${instantJson("created_at")} || ',"updatedAt":' || ${instantJson("updated_at")}
    || ',"status":"' || coalesce(overall.status, 'Unknown') || '","since":' || ${instantJson("since")}
    || ',"overlay":' || coalesce('"' || overlay || '"', 'null') || ',"flapping":' || EXISTS (
      SELECT FROM monitor_flapping AS flapping WHERE flapping.monitor_id = page.id AND flapping.since IS NOT NULL
    )::text
    || ',"nextCheckAt":' || CASE WHEN page.enabled AND kind <> 'heartbeat' THEN ${instantJson("next_check_at")} ELSE 'null' END
    || ',"locations":[' || coalesce(locations, '') || '],"latest":' || coalesce(latest, 'null') AS json
FROM page
LEFT JOIN place ON place.monitor_id = page.id
LEFT JOIN monitor_status AS overall ON overall.monitor_id = page.id AND location = '*'`
