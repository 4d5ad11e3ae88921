import { existsSync } from "node:fs"
import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type {} from "@uptime/testing/GlobalSetup"
import { inRealTime } from "@uptime/testing/ServerProcess"
import { emptyDatabase, migratedDatabase } from "@uptime/testing/TestDatabase"
import { Effect, Layer, Redacted, type Scope } from "effect"
import { inject } from "vitest"
import * as EmbeddedSql from "../src/EmbeddedSql.ts"
import { packTemplate } from "../src/EmbeddedTemplate.ts"
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

/** The data folder of an embedded database without any table, made once and kept: making one takes seconds, of which no test is about. */
const emptyFolder: Effect.Effect<string> = Effect.gen(function* () {
  const path = join(cache, "embedded-0.5.14")
  if (existsSync(path)) return path
  const aside = `${path}.${process.pid}`
  yield* Effect.promise(() => mkdir(cache, { recursive: true }))
  yield* Effect.provide(PostgresSql.ready, EmbeddedSql.layer({ dataDir: aside }))
  yield* keepAs(aside, path)
  return path
}).pipe(inRealTime, Effect.orDie)

/** The same, migrated by the first of a run that asks: by this code, and for this day. */
const migratedFolder: Effect.Effect<string> = Effect.gen(function* () {
  const path = join(inject("runFolder"), "embedded")
  if (existsSync(path)) return path
  const aside = `${path}.${process.pid}`
  const empty = yield* emptyFolder
  yield* Effect.promise(() => cp(empty, aside, { recursive: true }))
  yield* Effect.provide(migrate, EmbeddedSql.layer({ dataDir: aside }))
  yield* keepAs(aside, path)
  return path
}).pipe(inRealTime, Effect.orDie)

/** The same as the file that a first start unpacks. */
export const embeddedTemplate: Effect.Effect<string> = Effect.gen(function* () {
  const path = join(inject("runFolder"), "embedded.tgz")
  if (existsSync(path)) return path
  const aside = `${path}.${process.pid}`
  yield* packTemplate(yield* migratedFolder, aside)
  yield* keepAs(aside, path)
  return path
}).pipe(Effect.orDie)

/** Names what was made aside; another process may have been as quick, and what it made is as good. */
const keepAs = (aside: string, path: string) => Effect.ignore(Effect.tryPromise(() => rename(aside, path)))

/** A client for a PostgreSQL. */
export const postgres = (url: string, maxConnections = 20): Layer.Layer<PostgresSql.Database> =>
  Layer.orDie(PostgresSql.layer({ url: Redacted.make(url), applicationName: "test", maxConnections }))

/** An embedded database on a copy of a folder. */
const embedded = (folder: Effect.Effect<string>): Layer.Layer<PostgresSql.Database> =>
  Layer.unwrapScoped(
    Effect.gen(function* () {
      const from = yield* folder
      const dataDir = yield* folderIn(inject("runFolder"))
      yield* Effect.promise(() => cp(from, dataDir, { recursive: true }))
      return EmbeddedSql.layer({ dataDir })
    }),
  ).pipe(Layer.orDie)

/** Both kinds of database, each fresh and migrated: every service is held to one suite over them. */
export const backends: ReadonlyArray<readonly [name: string, layer: Layer.Layer<PostgresSql.Database>]> = [
  ["PostgreSQL", Layer.unwrapScoped(Effect.map(migratedDatabase, (url) => postgres(url)))],
  ["embedded", embedded(migratedFolder)],
]

/** The same without any table. */
export const emptyBackends: ReadonlyArray<readonly [name: string, layer: Layer.Layer<PostgresSql.Database>]> = [
  ["PostgreSQL", Layer.unwrapScoped(Effect.map(emptyDatabase, (url) => postgres(url)))],
  ["embedded", embedded(emptyFolder)],
]
