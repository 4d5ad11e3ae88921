import * as Crypto from "node:crypto"
import * as PgClient from "@effect/sql-pg/PgClient"
import { Effect, Redacted, Schedule, type Scope } from "effect"
import { inject } from "vitest"
import type {} from "./GlobalSetup.ts"
import { inRealTime } from "./ServerProcess.ts"

const template = "migrated_template"

/** The lock, held by a connection to the database `postgres`, that copies of the template are made under. */
const templateLock = 7_361_001

const client = (url: string) => PgClient.layer({ url: Redacted.make(url), maxConnections: 1 })

const urlOf = (database: string) =>
  Effect.sync(() => {
    const url = new URL(inject("postgresUrl"))
    url.pathname = `/${database}`
    return url.href
  })

/** Statements on the server's own database, one after the other on one connection. */
const onServer = <A, E>(effect: Effect.Effect<A, E, PgClient.PgClient>): Effect.Effect<A> =>
  urlOf("postgres").pipe(
    Effect.flatMap((url) => Effect.provide(effect, client(url))),
    Effect.orDie,
    inRealTime,
  )

const run = (statement: string) => Effect.flatMap(PgClient.PgClient, (sql) => sql.unsafe(statement))

/** A connection that was just closed is still counted for a moment, and such a database is not copied. */
const retryWhileInUse = Effect.retry(Schedule.spaced("50 millis").pipe(Schedule.upTo("10 seconds")))

const makeTemplate = Effect.gen(function* () {
  const building = `${template}_building`
  yield* run(`DROP DATABASE IF EXISTS ${building} WITH (FORCE)`)
  yield* run(`CREATE DATABASE ${building}`)
  // Loaded here and not above: a test that wants an empty database has no need of the migrations.
  const { migrate } = yield* Effect.promise(() => import("@uptime/persistence/Migrations"))
  yield* Effect.provide(migrate, client(yield* urlOf(building)))
  yield* retryWhileInUse(run(`ALTER DATABASE ${building} RENAME TO ${template}`))
})

const createMigrated = Effect.fnUntraced(function* (name: string) {
  yield* run(`SELECT pg_advisory_lock(${templateLock})`)
  const existing = yield* run(`SELECT 1 FROM pg_database WHERE datname = '${template}'`)
  if (existing.length === 0) yield* makeTemplate
  yield* retryWhileInUse(run(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`))
})

const database = <E>(create: (name: string) => Effect.Effect<unknown, E, PgClient.PgClient>) =>
  Effect.acquireRelease(
    Effect.tap(
      Effect.sync(() => `test_${Crypto.randomUUID().replaceAll("-", "")}`),
      (name) => onServer(create(name)),
    ),
    (name) => onServer(run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  ).pipe(Effect.flatMap(urlOf))

/** The URL of a fresh and empty database on the run's PostgreSQL, dropped with the scope. */
export const emptyDatabase: Effect.Effect<string, never, Scope.Scope> = database((name) =>
  run(`CREATE DATABASE ${name}`),
)

/** The URL of a fresh database with every migration applied and no rows, dropped with the scope; made in some 50 ms. */
export const migratedDatabase: Effect.Effect<string, never, Scope.Scope> = database(createMigrated)
