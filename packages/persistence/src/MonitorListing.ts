import type { SqlClient } from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import { mapSecrets } from "@uptime/domain/CheckSecrets"
import type { CheckOptions } from "@uptime/domain/CheckSpec"
import type { MonitorId, UserId } from "@uptime/domain/Ids"
import { secretMask } from "@uptime/domain/SecretMask"
import { WeightedCache } from "@uptime/runtime/WeightedCache"
import { type Context, Effect } from "effect"
import { instantJson, numberJson } from "./JsonSql.ts"
import type { LeanReads } from "./LeanReads.ts"
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

/** A page as it was told, and the fingerprint of all rows that it was written from. */
interface ToldPage {
  readonly fingerprint: string
  readonly listed: ReadonlyArray<ListedMonitor>
}

/**
 * What was told of monitors, as long as the rows are the same that it was written from: texts by the monitors' ids, and whole
 * pages by what was asked. Whoever asks for a list every few seconds is told mostly what they were told before.
 */
export interface ListedBefore {
  readonly texts: WeightedCache<Written>
  readonly pages: WeightedCache<ToldPage>
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
  reads: Context.Tag.Service<LeanReads>,
  { pages, texts }: ListedBefore,
  userId: UserId,
  filter: MonitorFilter,
  limit: number,
  after: MonitorCursor | null,
): Effect.Effect<ReadonlyArray<ListedMonitor>, SqlError> => {
  const { conditions, values } = askedFor(userId, filter, limit, after)
  const question = `${conditions} ${JSON.stringify(values)}`
  return Effect.flatMap(
    reads.rows<{ readonly fingerprint: string }>(fingerprintOf(conditions), values),
    ([{ fingerprint } = { fingerprint: "" }]) => {
      const told = pages.get(question)
      if (told !== undefined && told.fingerprint === fingerprint) return Effect.succeed(told.listed)
      return sql.unsafe<Place>(placesOf(conditions), values).pipe(
        Effect.flatMap((places) => readTexts(sql, texts, places)),
        // What has changed since the fingerprint was taken is told already; the next look finds another.
        Effect.tap((listed) =>
          Effect.sync(() =>
            pages.set(
              question,
              { fingerprint, listed },
              listed.reduce((bytes, { json }) => bytes + json.length, question.length),
            ),
          ),
        ),
      )
    },
  )
}

/** What is asked for, as the conditions of a statement and the values of its parameters; the second is the limit. */
const askedFor = (userId: UserId, filter: MonitorFilter, limit: number, after: MonitorCursor | null) => {
  const values: Array<string | number> = [userId, limit]
  const conditions = ["user_id = $1"]
  const value = (given: string | number): string => `$${values.push(given)}`
  if (after !== null) {
    conditions.push(
      `(created_at, id) < (to_timestamp(${value(after.createdAt)}::float8 / 1000), ${value(after.id)}::uuid)`,
    )
  }
  if (filter.text !== undefined) {
    const pattern = value(`%${filter.text.replaceAll(/[\\%_]/g, "\\$&")}%`)
    conditions.push(`(name ILIKE ${pattern} OR url ILIKE ${pattern})`)
  }
  if (filter.tag !== undefined) conditions.push(`${value(filter.tag)} = ANY(tags)`)
  if (filter.group !== undefined) conditions.push(`group_name = ${value(filter.group)}`)
  if (filter.escalationId !== undefined) {
    conditions.push(`(alerts ->> 'escalationId')::uuid = ${value(filter.escalationId)}::uuid`)
  }
  if (filter.kind !== undefined) conditions.push(`kind = ${value(filter.kind)}`)
  if (filter.status !== undefined) {
    conditions.push(`
      coalesce((SELECT status FROM monitor_status WHERE monitor_id = id AND location = '*'), 'Unknown')
        = ${value(filter.status)}`)
  }
  return { conditions: conditions.join(" AND "), values }
}

/** A monitor of a page, and the versions of all rows that its text is written from. */
interface Place {
  readonly id: MonitorId
  /** In milliseconds since the epoch. */
  readonly created_at: number
  readonly version: string
}

/** The texts of monitors, each as known or read. One that was deleted in between is not there any more. */
const readTexts = Effect.fnUntraced(function* (
  sql: SqlClient,
  texts: WeightedCache<Written>,
  places: ReadonlyArray<Place>,
): Effect.fn.Return<ReadonlyArray<ListedMonitor>, SqlError> {
  const known = new Map<MonitorId, Uint8Array>()
  const missing = new Map<MonitorId, string>()
  for (const { id, version } of places) {
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
  return places.flatMap(({ created_at: createdAt, id }) => {
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

/** The same as one number of 64 bits, by the hash functions of PostgreSQL's own indexes. */
const rowHash = (table: string): string => `hashtidextended(${table}.ctid, ${table}.xmin::text::bigint)`

/** The monitors of a page, with a column more. */
const pageOf = (column: string, conditions: string): string => `
WITH page AS MATERIALIZED (
  SELECT id, created_at, ${column} FROM monitors WHERE ${conditions} ORDER BY created_at DESC, id DESC LIMIT $2
)`

/**
 * A text that is another one whenever a row of a page is: how many monitors there are, and for each table the hashes of its rows
 * as one, which costs the database a third of writing down their versions. Each table by itself: the rows of two may stand at
 * the same place by the same transaction, and would cancel each other out.
 */
const fingerprintOf = (conditions: string): string => `${pageOf(`${rowHash("monitors")} AS hash`, conditions)}
SELECT concat((SELECT concat(count(*), ' ', bit_xor(hash)) FROM page), ' ', (
  SELECT bit_xor(${rowHash("state")}) FROM page JOIN monitor_status AS state ON state.monitor_id = page.id
), ' ', (
  SELECT bit_xor(${rowHash("flapping")}) FROM page JOIN monitor_flapping AS flapping ON flapping.monitor_id = page.id
)) AS fingerprint`

/** The monitors of a page, each with the versions of all rows that its text is written from. */
const placesOf = (conditions: string): string => `${pageOf(`${rowVersion("monitors")} AS own_version`, conditions)}
SELECT page.id, round(date_part('epoch', page.created_at) * 1000) AS created_at,
  concat(own_version, string_agg(${rowVersion("state")}, '' ORDER BY location), max(${rowVersion("flapping")})) AS version
FROM page LEFT JOIN monitor_status AS state ON state.monitor_id = page.id
LEFT JOIN monitor_flapping AS flapping ON flapping.monitor_id = page.id
GROUP BY page.id, page.created_at, own_version ORDER BY page.created_at DESC, page.id DESC`

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
