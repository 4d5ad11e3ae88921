import { existsSync } from "node:fs"
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { SqlClient } from "@effect/sql/SqlClient"
import { emptyDatabase, migratedDatabase } from "@uptime/testing/TestDatabase"
import { Effect, Layer, Redacted, type Scope } from "effect"
import * as EmbeddedSql from "../src/EmbeddedSql.ts"
import { migrate } from "../src/Migrations.ts"
import * as PostgresSql from "../src/PostgresSql.ts"

/** A folder that goes with the scope. */
export const temporaryFolder: Effect.Effect<string, never, Scope.Scope> = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "uptime-test-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true })),
)

const cache = fileURLToPath(new URL("../../../node_modules/.cache/uptime/", import.meta.url))

/** A new embedded database as a file, made once and kept: making one takes seconds, of which no test is about. */
export const embeddedTemplate: Effect.Effect<string> = Effect.gen(function* () {
  const path = join(cache, "embedded-0.5.14.tgz")
  if (existsSync(path)) return path
  const aside = `${path}.${process.pid}`
  yield* Effect.promise(() => mkdir(cache, { recursive: true }))
  yield* EmbeddedSql.dumpTemplate(aside)
  yield* Effect.promise(() => rename(aside, path))
  return path
}).pipe(Effect.orDie)

/** A client for a PostgreSQL. */
export const postgres = (url: string, maxConnections = 20): Layer.Layer<SqlClient> =>
  Layer.orDie(PostgresSql.layer({ url: Redacted.make(url), applicationName: "test", maxConnections }))

const embedded: Layer.Layer<SqlClient> = Layer.unwrapScoped(
  Effect.gen(function* () {
    return EmbeddedSql.layer({ dataDir: yield* temporaryFolder, template: yield* embeddedTemplate })
  }),
).pipe(Layer.orDie)

const migrated = (layer: Layer.Layer<SqlClient>): Layer.Layer<SqlClient> =>
  Layer.provideMerge(Layer.effectDiscard(Effect.orDie(migrate)), layer)

/** Both kinds of database, each fresh and migrated: every service is held to one suite over them. */
export const backends: ReadonlyArray<readonly [name: string, layer: Layer.Layer<SqlClient>]> = [
  ["PostgreSQL", Layer.unwrapScoped(Effect.map(migratedDatabase, (url) => postgres(url)))],
  ["embedded", migrated(embedded)],
]

/** The same without any table. */
export const emptyBackends: ReadonlyArray<readonly [name: string, layer: Layer.Layer<SqlClient>]> = [
  ["PostgreSQL", Layer.unwrapScoped(Effect.map(emptyDatabase, (url) => postgres(url)))],
  ["embedded", embedded],
]
