import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { SqlClient } from "@effect/sql/SqlClient"
import { Effect } from "effect"
import { create } from "tar"
import type { DataDirInUse, DataDirUnusable } from "./DataDirLock.ts"
import { EmbeddedDatabaseBroken, layer } from "./EmbeddedSql.ts"
import { type MigrationFailed, migrate, type SchemaTooNew } from "./Migrations.ts"
import { dropPartitions } from "./Partitions.ts"
import { failAs } from "./SqlFailure.ts"
import type { StoreError } from "./StoreError.ts"

/**
 * Writes a new database to a file, for the `template` of later first starts: with this code's schema, so that a first start
 * need not make it, and without the day partitions of today, which is not the day it is started on.
 *
 * @param path the file to write, a gzipped archive of about 5 MB
 */
export const dumpTemplate = (
  path: string,
): Effect.Effect<
  void,
  DataDirInUse | DataDirUnusable | EmbeddedDatabaseBroken | MigrationFailed | SchemaTooNew | StoreError
> =>
  Effect.scoped(
    Effect.gen(function* () {
      const dataDir = yield* Effect.acquireRelease(
        Effect.promise(() => mkdtemp(join(tmpdir(), "uptime-template-"))),
        (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true })),
      )
      yield* Effect.provide(
        Effect.gen(function* () {
          yield* migrate
          const sql = yield* SqlClient
          yield* dropPartitions(sql).pipe(failAs("EmbeddedTemplate.dumpTemplate"))
          yield* sql`CHECKPOINT`.pipe(failAs("EmbeddedTemplate.dumpTemplate"))
        }),
        layer({ dataDir }),
      )
      yield* packTemplate(dataDir, path)
    }),
  )

/**
 * Writes the database of a data folder, which nobody has open, to a file for the `template` of others.
 *
 * @param dataDir the folder of all data
 * @param path the file to write
 */
export const packTemplate = (dataDir: string, path: string): Effect.Effect<void, EmbeddedDatabaseBroken> =>
  Effect.tryPromise({
    try: async () => {
      const cwd = join(dataDir, "postgres")
      await create({ file: path, cwd, prefix: "postgres", gzip: true, portable: true }, await readdir(cwd))
    },
    catch: (cause) =>
      new EmbeddedDatabaseBroken({ message: `the new database cannot be written to ${path}: ${cause}`, cause }),
  })
