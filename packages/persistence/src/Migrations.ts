import * as Migrator from "@effect/sql/Migrator"
import { SqlClient } from "@effect/sql/SqlClient"
import { Cause, Clock, Data, Effect, Option } from "effect"
import { tryLock } from "./ChoreLock.ts"
import { initial } from "./migrations/0001_initial.ts"
import { incidents } from "./migrations/0002_incidents.ts"
import { alertHousekeeping } from "./migrations/0003_alert_housekeeping.ts"
import { statusPages } from "./migrations/0004_status_pages.ts"
import { deletedChannels } from "./migrations/0005_deleted_channels.ts"
import { emailRecipients } from "./migrations/0006_email_recipients.ts"
import { rollupPhases } from "./migrations/0007_rollup_phases.ts"
import { pageDomains } from "./migrations/0008_page_domains.ts"
import { pageRegions } from "./migrations/0009_page_regions.ts"
import { leftRecipients } from "./migrations/0010_left_recipients.ts"
import { judgeRequests } from "./migrations/0011_judge_requests.ts"
import { pingIntake } from "./migrations/0012_ping_intake.ts"
import { makePartitions } from "./Partitions.ts"
import { failAs, transaction } from "./SqlFailure.ts"
import { reasonOf, serverText } from "./SqlState.ts"
import { StoreError } from "./StoreError.ts"

/** Every migration, by `<number>_<name>`. Numbers rise; one that was released never changes. */
const migrations = {
  "0001_initial": initial,
  "0002_incidents": incidents,
  "0003_alert_housekeeping": alertHousekeeping,
  "0004_status_pages": statusPages,
  "0005_deleted_channels": deletedChannels,
  "0006_email_recipients": emailRecipients,
  "0007_rollup_phases": rollupPhases,
  "0008_page_domains": pageDomains,
  "0009_page_regions": pageRegions,
  "0010_left_recipients": leftRecipients,
  "0011_judge_requests": judgeRequests,
  "0012_ping_intake": pingIntake,
}

/** The number of the newest migration that this code knows. */
export const schemaVersion = Math.max(...Object.keys(migrations).map((key) => Number.parseInt(key, 10)))

/** A migration that was applied. */
export interface AppliedMigration {
  readonly id: number
  readonly name: string
}

/** The database was migrated by a newer release: this one must not touch it. */
export class SchemaTooNew extends Data.TaggedError("SchemaTooNew")<{ readonly found: number; readonly known: number }> {
  override get message(): string {
    return `the database's schema is version ${this.found}, this release knows up to ${this.known}: run a newer release`
  }
}

/** A migration did not go through; nothing of it is left. */
export class MigrationFailed extends Data.TaggedError("MigrationFailed")<{
  readonly message: string
  readonly cause: unknown
}> {}

/**
 * Brings the database up to this code's schema and makes the partitions that results of now go into. Any number of
 * processes may do so at once, on an empty database too: one works, the others wait for it. All or nothing.
 *
 * @returns what was applied, in order; empty when the schema was up to date
 */
export const migrate: Effect.Effect<
  ReadonlyArray<AppliedMigration>,
  SchemaTooNew | MigrationFailed | StoreError,
  SqlClient
> = Effect.gen(function* () {
  const sql = yield* SqlClient
  const began = yield* Clock.currentTimeMillis
  while (true) {
    const applied = yield* attempt(sql).pipe(
      Effect.withTracerEnabled(false),
      transaction(sql, "Migrations.migrate"),
      orFailed,
    )
    if (Option.isSome(applied)) return applied.value
    if ((yield* Clock.currentTimeMillis) - began > waitLimitMs) {
      return yield* new MigrationFailed({
        message: `another process has been migrating this database for ${waitLimitMs / 60_000} minutes`,
        cause: undefined,
      })
    }
    yield* Effect.sleep("250 millis")
  }
})

/** How far the database's schema is: the number of its newest migration, 0 for an empty database. */
export const installedVersion: Effect.Effect<number, StoreError, SqlClient> = Effect.gen(function* () {
  const sql = yield* SqlClient
  const [table] = yield* sql<{ readonly there: boolean }>`SELECT to_regclass(${migrationsTable}) IS NOT NULL AS there`
  if (table?.there !== true) return 0
  const [row] = yield* sql<{ readonly id: number }>`
    SELECT coalesce(max(migration_id), 0) AS id FROM ${sql(migrationsTable)}`
  return row?.id ?? 0
}).pipe(failAs("Migrations.installedVersion"))

/**
 * Waits until the schema is this code's, for processes that may start before `migrate` has run; says so in one line per
 * five seconds. Fails when the schema is newer.
 */
export const awaitSchema: Effect.Effect<void, SchemaTooNew | StoreError, SqlClient> = Effect.gen(function* () {
  let nextLine = 0
  while (true) {
    const found = yield* installedVersion
    if (found > schemaVersion) return yield* new SchemaTooNew({ found, known: schemaVersion })
    if (found === schemaVersion) return
    const now = yield* Clock.currentTimeMillis
    if (now >= nextLine) {
      nextLine = now + 5000
      yield* Effect.logWarning(
        `waiting for the database's schema: it is version ${found}, not ${schemaVersion}; run "npm run migrate"`,
      )
    }
    yield* Effect.sleep("500 millis")
  }
})

const migrationsTable = "schema_migrations"

/** How long to wait for another process that migrates. */
const waitLimitMs = 600_000

/** One go at it, inside a transaction; none while another process is at it. */
const attempt = Effect.fnUntraced(function* (sql: SqlClient) {
  if (!(yield* tryLock(sql, "migrate"))) return Option.none<ReadonlyArray<AppliedMigration>>()
  // The pool's limits are meant for queries, not for a change of a large table; no lock is waited for that long.
  yield* sql`SET LOCAL statement_timeout = 0`
  // The migrator makes its table by trying and failing, which no transaction survives.
  yield* sql`
    CREATE TABLE IF NOT EXISTS ${sql(migrationsTable)} (
      migration_id integer PRIMARY KEY,
      created_at timestamptz NOT NULL DEFAULT now(),
      name text NOT NULL
    )`
  const found = yield* installedVersion
  if (found > schemaVersion) return yield* new SchemaTooNew({ found, known: schemaVersion })
  const applied = yield* Migrator.make({})({ loader: Migrator.fromRecord(migrations), table: migrationsTable })
  yield* makePartitions(sql)
  return Option.some(applied.map(([id, name]): AppliedMigration => ({ id, name })))
})

/** The migrator fails by a defect when a migration does; the connection being lost in it is no fault of the migration. */
const orFailed = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.catchAllCause(
    effect,
    (cause): Effect.Effect<never, Exclude<E, Migrator.MigrationError> | MigrationFailed | StoreError> => {
      const defect = Cause.dieOption(cause)
      if (Option.isSome(defect) && isMigrationError(defect.value)) return Effect.fail(migrationFailed(defect.value))
      return Effect.failCause(
        Cause.map(cause, (error): Exclude<E, Migrator.MigrationError> | MigrationFailed =>
          isOther(error) ? error : new MigrationFailed({ message: String(error), cause: error }),
        ),
      )
    },
  )

const migrationFailed = (error: Migrator.MigrationError): MigrationFailed | StoreError =>
  reasonOf(error) === "unavailable"
    ? new StoreError({ reason: "unavailable", operation: "Migrations.migrate", cause: error })
    : new MigrationFailed({ message: [error.message, serverText(error.cause)].join(": "), cause: error.cause })

const isMigrationError = (error: unknown): error is Migrator.MigrationError => error instanceof Migrator.MigrationError

const isOther = <E>(error: E): error is Exclude<E, Migrator.MigrationError> => !isMigrationError(error)
