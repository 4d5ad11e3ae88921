import { SqlClient } from "@effect/sql/SqlClient"
import { Console, Effect } from "effect"
import type { MonitorId } from "../../packages/domain/src/Ids.ts"
import { defaultRegions } from "../../packages/domain/src/Region.ts"
import { makeOldPartitions } from "../../packages/testing/src/OldPartitions.ts"
import { patientClient } from "./database.ts"

/** Transactions at once, and monitors times slots of each. */
const sessions = 3
const rowsPerTransaction = 500_000

/** A history: the results of monitors at slots that lie so far apart, before an instant in milliseconds. */
export interface History {
  readonly ids: ReadonlyArray<MonitorId>
  readonly until: number
  readonly apartMs: number
  /** Slots back from `until`, the first and the last of them; what was filled before is not filled again. */
  readonly firstSlot: number
  readonly lastSlot: number
}

/**
 * Fills a history into the day partitions, in the order of their key, by several sessions, each transaction without waiting
 * for the disk: some 99.8 % of the results are `Up`, and response times are spread as a site's are. Vacuums at the end.
 *
 * @param url of the database
 */
export const fillHistory = (url: string, { apartMs, firstSlot, ids, lastSlot, until }: History) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    const slots = lastSlot - firstSlot + 1
    if (slots <= 0) return
    yield* makeOldPartitions(sql, until - lastSlot * apartMs, until)
    const perTransaction = Math.max(1, Math.floor(rowsPerTransaction / (slots * defaultRegions.length)))
    const sorted = ids.toSorted()
    const parts = Array.from({ length: Math.ceil(sorted.length / perTransaction) }, (_, n) =>
      sorted.slice(n * perTransaction, (n + 1) * perTransaction),
    )
    yield* Effect.forEach(
      parts,
      (part) =>
        sql`SET LOCAL synchronous_commit = off`.pipe(
          Effect.zipRight(sql`
            INSERT INTO check_results (monitor_id, location, scheduled_at, checked_at, status, response_time_ms, connect_ms,
              tls_ms, first_byte_ms, transfer_ms, http_status, error_kind, error_message)
            SELECT id, location, at, at + interval '0.4 seconds', CASE WHEN is_down THEN 'Down' ELSE 'Up' END, ms, ms * 0.1,
              ms * 0.3, ms * 0.5, ms * 0.1, CASE WHEN is_down THEN 503 ELSE 200 END,
              CASE WHEN is_down THEN 'status' END, CASE WHEN is_down THEN 'The answer was 503.' END
            FROM unnest(${part}::uuid[]) AS id, LATERAL (
              SELECT location, to_timestamp((${until}::float8 - n * ${apartMs}::float8) / 1000) AS at,
                (40 + 60 * random() ^ 3 + 300 * random() ^ 40)::real AS ms, random() < 0.002 AS is_down
              FROM generate_series(${lastSlot}::int, ${firstSlot}::int, -1) AS n, unnest(${[...defaultRegions]}::text[]) AS location
            ) AS slot`),
          sql.withTransaction,
        ),
      { concurrency: sessions, discard: true },
    )
    yield* sql`VACUUM (ANALYZE) check_results`
    yield* Console.error(`${(ids.length * slots * defaultRegions.length).toLocaleString("en")} results filled in`)
  }).pipe(Effect.provide(patientClient(url, sessions)))

/** The bytes of results and of their indexes, over all partitions. */
export const sizeOfResults = (sql: SqlClient) =>
  Effect.map(
    sql<{ readonly rows: number; readonly table_bytes: number; readonly index_bytes: number }>`
      SELECT sum(reltuples)::bigint AS rows, sum(pg_table_size(relid))::bigint AS table_bytes,
        sum(pg_indexes_size(relid))::bigint AS index_bytes
      FROM pg_partition_tree('check_results') JOIN pg_class ON pg_class.oid = relid WHERE isleaf AND reltuples > 0`,
    ([row]) => row ?? { rows: 0, table_bytes: 0, index_bytes: 0 },
  )
