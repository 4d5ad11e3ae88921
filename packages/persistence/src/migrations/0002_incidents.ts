import { SqlClient } from "@effect/sql"
import { Effect } from "effect"

/**
 * Kinds of check, confirmation, incidents and alerts (`docs/incidents.md`). `monitor_id` of what outlives a monitor
 * (`incident_monitors`) has no foreign key; what is meaningless without it goes with it.
 */
export const incidents = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  yield* sql`
    ALTER TABLE monitors
      ADD COLUMN confirm_failures smallint NOT NULL DEFAULT 2,
      ADD COLUMN confirm_successes smallint NOT NULL DEFAULT 2,
      ADD COLUMN retry_seconds integer NOT NULL DEFAULT 30,
      ADD COLUMN min_regions smallint NOT NULL DEFAULT 1,
      ADD COLUMN alerts jsonb NOT NULL
        DEFAULT '{"on":["Down"],"channels":null,"escalationId":null,"reminderMinutes":null,"fold":true}',
      ADD COLUMN group_name text,
      ADD COLUMN parents uuid[] NOT NULL DEFAULT '{}'`
  yield* sql`CREATE INDEX monitors_by_parent ON monitors USING gin (parents) WHERE parents <> '{}'`

  yield* sql`
    ALTER TABLE check_results
      ADD COLUMN attempts smallint NOT NULL DEFAULT 1,
      ADD COLUMN evidence jsonb`

  for (const table of ["rollup_hourly", "rollup_daily"]) {
    yield* sql`ALTER TABLE ${sql(table)} ADD COLUMN degraded integer NOT NULL DEFAULT 0`
  }

  // evidence: of the first result of the streak, or of the status where there is no streak.
  yield* sql`
    ALTER TABLE monitor_status
      ADD COLUMN streak_status text,
      ADD COLUMN streak_since timestamptz,
      ADD COLUMN streak_count smallint NOT NULL DEFAULT 0,
      ADD COLUMN overlay text,
      ADD COLUMN evidence jsonb`

  // No foreign key: its check would lock the monitor after the rows of its status (`StateLocks`).
  yield* sql`
    CREATE TABLE status_changes (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      monitor_id uuid NOT NULL,
      from_status text,
      to_status text NOT NULL,
      at timestamptz NOT NULL,
      noticed_at timestamptz NOT NULL DEFAULT now(),
      evidence jsonb,
      judged boolean NOT NULL DEFAULT false
    )`
  yield* sql`CREATE INDEX status_changes_of_monitor ON status_changes (monitor_id, id)`
  yield* sql`CREATE INDEX status_changes_open ON status_changes (id) WHERE NOT judged`

  yield* sql`
    CREATE TABLE monitor_flapping (
      monitor_id uuid PRIMARY KEY REFERENCES monitors (id) ON DELETE CASCADE,
      changes timestamptz[] NOT NULL,
      since timestamptz
    )`

  yield* sql`
    CREATE TABLE incidents (
      id uuid PRIMARY KEY,
      user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      key text NOT NULL,
      title text NOT NULL,
      titled_by_hand boolean NOT NULL DEFAULT false,
      severity text NOT NULL,
      started_at timestamptz NOT NULL,
      noticed_at timestamptz NOT NULL,
      tell_at timestamptz NOT NULL,
      look_at timestamptz,
      acknowledged_at timestamptz,
      acknowledged_by text,
      resolved_at timestamptz,
      resolved_by text,
      is_public boolean NOT NULL DEFAULT false,
      postmortem text,
      updated_at timestamptz NOT NULL
    )`
  yield* sql`CREATE INDEX incidents_of_user ON incidents (user_id, started_at DESC, id DESC)`
  yield* sql`CREATE INDEX incidents_open ON incidents (user_id) WHERE resolved_at IS NULL`
  yield* sql`CREATE INDEX incidents_to_look_at ON incidents (look_at) WHERE look_at IS NOT NULL`

  yield* sql`
    CREATE TABLE incident_monitors (
      incident_id uuid NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
      monitor_id uuid NOT NULL,
      name text NOT NULL,
      url text NOT NULL,
      role text NOT NULL,
      severity text NOT NULL,
      started_at timestamptz NOT NULL,
      ended_at timestamptz,
      news_at timestamptz NOT NULL,
      evidence jsonb,
      PRIMARY KEY (incident_id, monitor_id)
    )`
  yield* sql`CREATE INDEX incident_monitors_of_monitor ON incident_monitors (monitor_id)`
  yield* sql`CREATE INDEX incident_monitors_open ON incident_monitors (monitor_id) WHERE ended_at IS NULL`

  yield* sql`
    CREATE TABLE incident_updates (
      id uuid PRIMARY KEY,
      incident_id uuid NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
      at timestamptz NOT NULL,
      kind text NOT NULL,
      author text,
      body text NOT NULL,
      is_public boolean NOT NULL
    )`
  yield* sql`CREATE INDEX incident_updates_of_incident ON incident_updates (incident_id, at, id)`

  yield* sql`
    CREATE TABLE channels (
      id uuid PRIMARY KEY,
      user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      kind text NOT NULL,
      name text NOT NULL,
      config jsonb NOT NULL,
      enabled boolean NOT NULL,
      is_default boolean NOT NULL,
      quiet_hours jsonb,
      created_at timestamptz NOT NULL,
      updated_at timestamptz NOT NULL
    )`
  yield* sql`CREATE INDEX channels_of_user ON channels (user_id, created_at DESC, id DESC)`

  yield* sql`
    CREATE TABLE escalations (
      id uuid PRIMARY KEY,
      user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      name text NOT NULL,
      steps jsonb NOT NULL,
      created_at timestamptz NOT NULL,
      updated_at timestamptz NOT NULL
    )`
  yield* sql`CREATE INDEX escalations_of_user ON escalations (user_id, created_at DESC, id DESC)`

  // Rows move often while they wait, and hardly ever after.
  yield* sql`
    CREATE TABLE alert_outbox (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      incident_id uuid NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
      change text NOT NULL,
      channel_id uuid NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
      at timestamptz NOT NULL,
      due_at timestamptz NOT NULL,
      state text NOT NULL DEFAULT 'pending',
      attempts integer NOT NULL DEFAULT 0,
      next_attempt_at timestamptz NOT NULL,
      leased_until timestamptz,
      last_error text,
      sent_at timestamptz,
      created_at timestamptz NOT NULL DEFAULT now(),
      UNIQUE (incident_id, change, channel_id)
    ) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05)`
  yield* sql`
    CREATE INDEX alert_outbox_pending ON alert_outbox (channel_id, next_attempt_at, id) WHERE state = 'pending'`
  yield* sql`CREATE INDEX alert_outbox_queue ON alert_outbox (incident_id, channel_id, id) WHERE state = 'pending'`
  yield* sql`CREATE INDEX alert_outbox_dead ON alert_outbox (id) WHERE state = 'dead'`
  yield* sql`CREATE INDEX alert_outbox_of_channel ON alert_outbox (channel_id, id DESC)`

  // window_starts_at, window_ends_at: of the window that is open, or else of the next one; null when there is none, and
  // -infinity while they are to be worked out. A window without an end has none.
  yield* sql`
    CREATE TABLE maintenances (
      id uuid PRIMARY KEY,
      user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      title text NOT NULL,
      description text NOT NULL,
      plan jsonb NOT NULL,
      monitor_ids uuid[] NOT NULL,
      tags text[] NOT NULL,
      group_names text[] NOT NULL,
      is_public boolean NOT NULL,
      window_starts_at timestamptz,
      window_ends_at timestamptz,
      created_at timestamptz NOT NULL,
      updated_at timestamptz NOT NULL
    )`
  yield* sql`CREATE INDEX maintenances_of_user ON maintenances (user_id, created_at DESC, id DESC)`
  // The few monitors under maintenance are looked for every few seconds.
  yield* sql`
    CREATE INDEX monitor_status_overlay ON monitor_status (monitor_id) WHERE location = '*' AND overlay = 'Maintenance'`
  yield* sql`CREATE INDEX maintenances_windows ON maintenances (window_starts_at) WHERE window_starts_at IS NOT NULL`

  // Heartbeats are looked for every second, among any number of monitors.
  yield* sql`CREATE INDEX monitors_heartbeats ON monitors (id) WHERE kind = 'heartbeat'`
  // token: what Uptime Kuma's push URLs carry; ping_id: what Healthchecks' do. Both are secrets of their own. plan_version:
  // the configuration that deadline_at was computed by, 0 while it is still to be.
  yield* sql`
    CREATE TABLE heartbeats (
      monitor_id uuid PRIMARY KEY REFERENCES monitors (id) ON DELETE CASCADE,
      token text NOT NULL UNIQUE,
      ping_id uuid NOT NULL UNIQUE,
      state jsonb NOT NULL DEFAULT '{}',
      plan_version integer NOT NULL DEFAULT 0,
      deadline_at timestamptz,
      last_ping_at timestamptz
    )`
  yield* sql`CREATE INDEX heartbeats_deadline ON heartbeats (deadline_at) WHERE deadline_at IS NOT NULL`
  yield* sql`
    CREATE TABLE heartbeat_pings (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      monitor_id uuid NOT NULL REFERENCES monitors (id) ON DELETE CASCADE,
      at timestamptz NOT NULL,
      kind text NOT NULL,
      exit_code smallint,
      run_ms double precision,
      body text
    )`
  yield* sql`CREATE INDEX heartbeat_pings_of_monitor ON heartbeat_pings (monitor_id, id DESC)`
})
