import { SqlClient } from "@effect/sql"
import { Effect } from "effect"

/**
 * The first schema. `location` is a region's name; `*` stands for the monitor as a whole. All instants are `timestamptz`
 * with whole milliseconds, made by the database.
 *
 * `check_results`, `state_intervals` and the rollups have no foreign key: a check per row of the hot path, and a cascade
 * through months of history, would cost more than the chore that clears what belonged to a deleted monitor.
 */
export const initial = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  yield* sql`
    CREATE TABLE users (
      id uuid PRIMARY KEY,
      email text NOT NULL UNIQUE,
      name text NOT NULL,
      password_hash text NOT NULL,
      token_version integer NOT NULL DEFAULT 0,
      monitor_count integer NOT NULL DEFAULT 0,
      created_at timestamptz NOT NULL,
      updated_at timestamptz NOT NULL
    )`

  yield* sql`
    CREATE TABLE revoked_tokens (
      jti text PRIMARY KEY,
      expires_at timestamptz NOT NULL
    )`
  yield* sql`CREATE INDEX revoked_tokens_expires_at ON revoked_tokens (expires_at)`

  // Every claim moves a row within the index of what is due, so this table is vacuumed early.
  yield* sql`
    CREATE TABLE monitors (
      id uuid PRIMARY KEY,
      user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      name text NOT NULL,
      kind text NOT NULL,
      url text NOT NULL,
      spec jsonb NOT NULL DEFAULT '{}',
      interval_seconds integer NOT NULL,
      timeout_ms integer NOT NULL,
      enabled boolean NOT NULL,
      tags text[] NOT NULL DEFAULT '{}',
      config_version integer NOT NULL DEFAULT 1,
      next_check_at timestamptz NOT NULL,
      created_at timestamptz NOT NULL,
      updated_at timestamptz NOT NULL
    ) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05)`
  yield* sql`CREATE INDEX monitors_due ON monitors (next_check_at) WHERE enabled`
  yield* sql`CREATE INDEX monitors_of_user ON monitors (user_id, created_at DESC, id DESC)`

  yield* sql`
    CREATE TABLE monitor_deletions (
      monitor_id uuid PRIMARY KEY,
      deleted_at timestamptz NOT NULL
    )`

  yield* sql`
    CREATE TABLE check_results (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      monitor_id uuid NOT NULL,
      location text NOT NULL,
      scheduled_at timestamptz NOT NULL,
      checked_at timestamptz NOT NULL,
      status text NOT NULL,
      response_time_ms real,
      dns_ms real,
      connect_ms real,
      tls_ms real,
      first_byte_ms real,
      transfer_ms real,
      http_status smallint,
      error_kind text,
      error_message text,
      certificate_expires_at timestamptz,
      PRIMARY KEY (monitor_id, scheduled_at, location)
    ) PARTITION BY RANGE (scheduled_at)`
  // What people look for in a long history is what went wrong.
  yield* sql`
    CREATE INDEX check_results_not_up ON check_results (monitor_id, scheduled_at, location) WHERE status <> 'Up'`
  yield* sql`CREATE TABLE check_results_default PARTITION OF check_results DEFAULT`

  // Written once per check, in place: no indexed column changes.
  yield* sql`
    CREATE TABLE monitor_status (
      monitor_id uuid NOT NULL REFERENCES monitors (id) ON DELETE CASCADE,
      location text NOT NULL,
      status text NOT NULL,
      since timestamptz NOT NULL,
      last_slot timestamptz NOT NULL,
      result_id uuid,
      scheduled_at timestamptz,
      checked_at timestamptz,
      result_status text,
      response_time_ms real,
      dns_ms real,
      connect_ms real,
      tls_ms real,
      first_byte_ms real,
      transfer_ms real,
      http_status smallint,
      error_kind text,
      error_message text,
      certificate_expires_at timestamptz,
      PRIMARY KEY (monitor_id, location)
    ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05)`

  yield* sql`
    CREATE TABLE state_intervals (
      monitor_id uuid NOT NULL,
      location text NOT NULL,
      state text NOT NULL,
      started_at timestamptz NOT NULL,
      ended_at timestamptz,
      PRIMARY KEY (monitor_id, location, started_at)
    )`
  yield* sql`
    CREATE UNIQUE INDEX state_intervals_open ON state_intervals (monitor_id, location) WHERE ended_at IS NULL`
  yield* sql`CREATE INDEX state_intervals_ended ON state_intervals (ended_at)`
  yield* sql`
    CREATE VIEW outages AS
      SELECT monitor_id, location, started_at, ended_at FROM state_intervals WHERE state = 'Down'`

  for (const table of ["rollup_hourly", "rollup_daily"]) {
    yield* sql`
      CREATE TABLE ${sql(table)} (
        monitor_id uuid NOT NULL,
        location text NOT NULL,
        bucket timestamptz NOT NULL,
        up integer NOT NULL,
        down integer NOT NULL,
        unknown integer NOT NULL,
        latency_sum_ms double precision NOT NULL,
        latency_min_ms real,
        latency_max_ms real,
        histogram_buckets smallint[] NOT NULL,
        histogram_counts integer[] NOT NULL,
        up_ms integer NOT NULL,
        down_ms integer NOT NULL,
        PRIMARY KEY (monitor_id, bucket, location)
      )`
    yield* sql`CREATE INDEX ${sql(`${table}_bucket`)} ON ${sql(table)} USING brin (bucket)`
  }
  // Everything before up_to is rolled up; of what begins there, the monitors up to done_to are.
  yield* sql`
    CREATE TABLE rollup_watermarks (
      name text PRIMARY KEY,
      up_to timestamptz NOT NULL,
      done_to uuid
    )`
  yield* sql`
    INSERT INTO rollup_watermarks (name, up_to) VALUES
      ('hourly', date_trunc('hour', now(), 'UTC')),
      ('daily', date_trunc('day', now(), 'UTC'))`
  // Hours that a result or a change of state came to when they may have been rolled up already.
  yield* sql`
    CREATE TABLE rollup_dirty (
      monitor_id uuid NOT NULL,
      hour timestamptz NOT NULL,
      PRIMARY KEY (hour, monitor_id)
    )`
})
