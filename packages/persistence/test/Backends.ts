import { existsSync } from "node:fs"
import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { SqlClient } from "@effect/sql/SqlClient"
import type {} from "@uptime/testing/GlobalSetup"
import { inRealTime } from "@uptime/testing/ServerProcess"
import { emptyDatabase, migratedDatabase } from "@uptime/testing/TestDatabase"
import { Effect, Layer, Redacted, type Scope } from "effect"
import { inject } from "vitest"
import * as EmbeddedSql from "../src/EmbeddedSql.ts"
import { migrate } from "../src/Migrations.ts"
import * as PostgresSql from "../src/PostgresSql.ts"

/** A folder that goes with the scope. */
export const temporaryFolder: Effect.Effect<string, never, Scope.Scope> = Effect.suspend(() => folderIn(tmpdir()))

const folderIn = (parent: string): Effect.Effect<string, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(parent, "uptime-test-"))),
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

/** The data folder of an embedded database that is migrated, made by the first of a run that asks: unpacking takes a second. */
const migratedFolder: Effect.Effect<string> = Effect.gen(function* () {
  const path = join(inject("runFolder"), "embedded")
  if (existsSync(path)) return path
  const aside = `${path}.${process.pid}`
  yield* Effect.provide(migrate, EmbeddedSql.layer({ dataDir: aside, template: yield* embeddedTemplate }))
  // Another process may have been as quick: then its folder is as good.
  yield* Effect.ignore(Effect.tryPromise(() => rename(aside, path)))
  return path
}).pipe(inRealTime, Effect.orDie)

const migratedEmbedded: Layer.Layer<SqlClient> = Layer.unwrapScoped(
  Effect.gen(function* () {
    const folder = yield* migratedFolder
    const dataDir = yield* folderIn(inject("runFolder"))
    yield* Effect.promise(() => cp(folder, dataDir, { recursive: true }))
    return EmbeddedSql.layer({ dataDir })
  }),
).pipe(Layer.orDie)

/** Both kinds of database, each fresh and migrated: every service is held to one suite over them. */
export const backends: ReadonlyArray<readonly [name: string, layer: Layer.Layer<SqlClient>]> = [
  ["PostgreSQL", Layer.unwrapScoped(Effect.map(migratedDatabase, (url) => postgres(url)))],
  ["embedded", migratedEmbedded],
]

/** The same without any table. */
export const emptyBackends: ReadonlyArray<readonly [name: string, layer: Layer.Layer<SqlClient>]> = [
  ["PostgreSQL", Layer.unwrapScoped(Effect.map(emptyDatabase, (url) => postgres(url)))],
  ["embedded", embedded],
]
