import { SqlClient } from "@effect/sql"
import { Effect } from "effect"

/**
 * Public status pages. `public_pages` is what the public is shown: it holds only what everybody may see, and is all that
 * showing a page takes besides its row in `status_pages`, which says who may see it.
 */
export const statusPages = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  yield* sql`
    CREATE TABLE status_pages (
      id uuid PRIMARY KEY,
      user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      slug text NOT NULL CONSTRAINT status_pages_slug UNIQUE,
      domain text CONSTRAINT status_pages_domain UNIQUE,
      title text NOT NULL,
      description text NOT NULL,
      language text NOT NULL,
      time_zone text NOT NULL,
      accent text NOT NULL,
      custom_css text NOT NULL,
      visibility text NOT NULL,
      password_hash text,
      allowed_ranges text[] NOT NULL,
      noindex boolean NOT NULL,
      shows_response boolean NOT NULL,
      sections text[] NOT NULL,
      logo bytea,
      logo_type text,
      logo_hash text,
      created_at timestamptz NOT NULL,
      updated_at timestamptz NOT NULL
    )`
  yield* sql`CREATE INDEX status_pages_of_user ON status_pages (user_id, created_at DESC, id DESC)`

  // monitor_id has no foreign key: its check would lock monitors out of the order of StateLocks. What was deleted is passed
  // over in reading. section: the place in the page's sections, from 1.
  yield* sql`
    CREATE TABLE status_page_monitors (
      page_id uuid NOT NULL REFERENCES status_pages (id) ON DELETE CASCADE,
      monitor_id uuid NOT NULL,
      public_id text NOT NULL,
      section smallint NOT NULL,
      position smallint NOT NULL,
      name text,
      PRIMARY KEY (page_id, monitor_id)
    )`
  yield* sql`CREATE INDEX status_page_monitors_of_monitor ON status_page_monitors (monitor_id)`

  // version: a hash of the view without the instant it was built at, so that what is shown is read again only when it changed.
  yield* sql`
    CREATE TABLE public_pages (
      page_id uuid PRIMARY KEY REFERENCES status_pages (id) ON DELETE CASCADE,
      view text NOT NULL,
      version text NOT NULL,
      built_at timestamptz NOT NULL
    )`

  // address: an email address, or a webhook's URL, whose signing secret is sealed. token: what the links carry that confirm
  // a subscription and end it.
  yield* sql`
    CREATE TABLE page_subscribers (
      id uuid PRIMARY KEY,
      page_id uuid NOT NULL REFERENCES status_pages (id) ON DELETE CASCADE,
      kind text NOT NULL,
      address text NOT NULL,
      signing_secret jsonb,
      token text NOT NULL UNIQUE,
      confirmed_at timestamptz,
      created_at timestamptz NOT NULL,
      CONSTRAINT page_subscribers_address UNIQUE (page_id, kind, address)
    )`
  yield* sql`CREATE INDEX page_subscribers_of_page ON page_subscribers (page_id, created_at DESC, id DESC)`
  yield* sql`CREATE INDEX page_subscribers_unconfirmed ON page_subscribers (created_at) WHERE confirmed_at IS NULL`

  // What subscribers of a page were told of: once each, whoever subscribed by then.
  yield* sql`
    CREATE TABLE page_notices (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      page_id uuid NOT NULL REFERENCES status_pages (id) ON DELETE CASCADE,
      subject_id uuid NOT NULL,
      change text NOT NULL,
      notice text NOT NULL,
      at timestamptz NOT NULL,
      UNIQUE (page_id, subject_id, change)
    )`
  yield* sql`CREATE INDEX page_notices_at ON page_notices (at)`
  yield* sql`
    CREATE TABLE page_outbox (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      notice_id bigint NOT NULL REFERENCES page_notices (id) ON DELETE CASCADE,
      subscriber_id uuid NOT NULL REFERENCES page_subscribers (id) ON DELETE CASCADE,
      state text NOT NULL DEFAULT 'pending',
      attempts integer NOT NULL DEFAULT 0,
      due_at timestamptz NOT NULL DEFAULT now(),
      next_attempt_at timestamptz NOT NULL DEFAULT now(),
      leased_until timestamptz,
      last_error text,
      UNIQUE (subscriber_id, notice_id)
    ) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05)`
  yield* sql`CREATE INDEX page_outbox_pending ON page_outbox (next_attempt_at, id) WHERE state = 'pending'`
  yield* sql`CREATE INDEX page_outbox_of_notice ON page_outbox (notice_id)`

  // What a page shows changed lately.
  yield* sql`CREATE INDEX incidents_updated ON incidents (updated_at)`
  yield* sql`CREATE INDEX maintenances_updated ON maintenances (updated_at)`
})
