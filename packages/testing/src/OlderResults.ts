import * as PgClient from "@effect/sql-pg/PgClient"
import { Duration, Effect, Redacted } from "effect"

/**
 * Gives every monitor of a database a history: each result that is there is copied to `count` earlier slots, so far apart, as
 * if the same had been found then. Afterwards the tables are vacuumed and analysed, as those of an installation that has run
 * for a while are.
 *
 * @param url of the database, whose migrations have run
 */
export const copyResultsBack = (
  url: string,
  { apart, count }: { readonly apart: Duration.Duration; readonly count: number },
): Effect.Effect<void> =>
  Effect.gen(function* () {
    const sql = yield* PgClient.PgClient
    yield* sql`
      INSERT INTO check_results (monitor_id, location, scheduled_at, checked_at, status, response_time_ms, dns_ms,
        connect_ms, first_byte_ms, transfer_ms, http_status, error_kind, error_message)
      SELECT monitor_id, location, scheduled_at - back, checked_at - back, status, response_time_ms, dns_ms,
        connect_ms, first_byte_ms, transfer_ms, http_status, error_kind, error_message
      FROM check_results, LATERAL (
        SELECT n * ${Duration.toMillis(apart)}::float8 * interval '1 millisecond' AS back
        FROM generate_series(1, ${count}::int) AS n
      ) AS copy
      ON CONFLICT DO NOTHING`
    yield* sql`VACUUM (ANALYZE)`
  }).pipe(Effect.provide(PgClient.layer({ url: Redacted.make(url), maxConnections: 1 })), Effect.orDie)
