import { existsSync } from "node:fs"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { setFlagsFromString } from "node:v8"
import { PGlite } from "@electric-sql/pglite"
import { PGLiteSocketServer } from "@electric-sql/pglite-socket"
import { Data, Effect, Layer, type Scope } from "effect"
import type pg from "pg"
import { extract } from "tar"
import { type DataDirInUse, DataDirUnusable, lockDataDir } from "./DataDirLock.ts"
import { acquirePool, type Database, overPool } from "./PostgresSql.ts"
import { prepareOften } from "./PreparedStatements.ts"

/** Where the embedded database lives. */
export interface EmbeddedOptions {
  /** The folder of all data, made when it is not there; the database is in `postgres` below it. */
  readonly dataDir: string
  /** A new database as `EmbeddedTemplate.dumpTemplate` wrote it, to start from in a second instead of several; ignored if it is not there. */
  readonly template?: string
}

/** The database's files are there and do not open. */
export class EmbeddedDatabaseBroken extends Data.TaggedError("EmbeddedDatabaseBroken")<{
  readonly message: string
  readonly cause: unknown
}> {}

/**
 * A client over a PostgreSQL inside this process (PGlite), on disk, through a unix socket, so that all else is the same as
 * with a server. It survives the process being killed at any moment; not, unlike a server, the machine losing power.
 *
 * It is one session behind one connection: a transaction holds everybody up, so nothing slow belongs inside one.
 */
export const layer = (
  options: EmbeddedOptions,
): Layer.Layer<Database, DataDirInUse | DataDirUnusable | EmbeddedDatabaseBroken> =>
  Layer.unwrapScoped(
    Effect.gen(function* () {
      const dataDir = resolve(options.dataDir)
      const socketDir = yield* socketFolder(dataDir)
      const socketPath = join(socketDir, `.s.PGSQL.${port}`)
      yield* lockDataDir(dataDir, socketPath)
      const database = yield* openDatabase(dataDir, options.template)
      yield* serve(dataDir, database, socketPath)
      return Layer.orDie(overPool(embeddedPool(socketDir)))
    }),
  )

/** A number that names the socket's file; nothing listens on it. */
const port = 5432

/** What `sockaddr_un` holds on every system, less the file's own name: 104 bytes on macOS, 108 on Linux. */
const maxSocketDirBytes = 104 - `/.s.PGSQL.${port}`.length - 1

/** The data folder itself, or one of its own under the system's temporary folder where the path would be too long. */
const socketFolder = (dataDir: string): Effect.Effect<string, DataDirUnusable, Scope.Scope> =>
  Buffer.byteLength(dataDir) <= maxSocketDirBytes
    ? Effect.succeed(dataDir)
    : Effect.acquireRelease(
        Effect.tryPromise({
          try: () => mkdtemp(join(tmpdir(), "uptime-")),
          catch: (cause) => new DataDirUnusable({ dataDir, cause }),
        }),
        (path) => Effect.promise(() => rm(path, { recursive: true, force: true })),
      )

/** Small buffers: the system's cache is behind them anyway, and this process is to stay small. */
const startParams = [...PGlite.defaultStartParams, "-c", "shared_buffers=8MB", "-c", "max_wal_size=128MB"]

/**
 * Has V8 compile WebAssembly with its baseline compiler alone. The optimising one makes queries a third cheaper, and costs
 * some 50 MB that the process never gives back and a second of processor time at every start. Read when a module is
 * compiled, so it counts for the database, which is the only WebAssembly here.
 */
const compileSmall = Effect.sync(() => setFlagsFromString("--no-wasm-tier-up --no-wasm-dynamic-tiering"))

const openDatabase = Effect.fnUntraced(function* (
  dataDir: string,
  template: string | undefined,
): Effect.fn.Return<PGlite, DataDirUnusable | EmbeddedDatabaseBroken, Scope.Scope> {
  const folder = join(dataDir, "postgres")
  // Marks a database that is being made: what is found with the mark was never used, and is made anew.
  const mark = join(dataDir, "postgres.incomplete")
  const isNew = yield* Effect.tryPromise({
    try: async () => {
      if (existsSync(mark)) await rm(folder, { recursive: true, force: true })
      const isNew = !existsSync(folder)
      if (isNew) await writeFile(mark, "", { mode: 0o600 })
      return isNew
    },
    catch: (cause) => new DataDirUnusable({ dataDir, cause }),
  })
  yield* compileSmall
  return yield* Effect.acquireRelease(
    Effect.tryPromise({
      try: async () => {
        if (isNew && template !== undefined && existsSync(template)) await unpack(template, folder)
        const database = await PGlite.create({ dataDir: folder, startParams })
        await rm(mark, { force: true })
        return database
      },
      catch: broken,
    }),
    (database) =>
      Effect.tryPromise(() => database.close()).pipe(
        Effect.catchAll((error) => Effect.logWarning("the embedded database did not close cleanly", error)),
      ),
  )
})

/**
 * Writes the files of a new database, with a piece of the archive in memory at a time: PGlite's own loading holds all of it
 * at once, several times over, and the process stays that large.
 */
const unpack = async (template: string, folder: string): Promise<void> => {
  await mkdir(folder, { mode: 0o700 })
  await extract({
    file: template,
    cwd: folder,
    // The names in the archive begin with a folder's.
    strip: 1,
    strict: true,
    preserveOwner: false,
    maxReadSize: 65_536,
  })
}

const serve = (dataDir: string, db: PGlite, socketPath: string): Effect.Effect<void, DataDirUnusable, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: async () => {
        // Left behind by a process that was killed; the lock says that it is nobody's.
        await rm(socketPath, { force: true })
        const server = new PGLiteSocketServer({ db, path: socketPath, maxConnections: 100 })
        await server.start()
        return server
      },
      catch: (cause) => new DataDirUnusable({ dataDir, cause }),
    }),
    (server) => Effect.promise(() => server.stop()),
  ).pipe(Effect.asVoid)

const embeddedPool = (socketDir: string): Effect.Effect<pg.Pool, never, Scope.Scope> =>
  Effect.tap(
    acquirePool(
      {
        host: socketDir,
        port,
        user: "postgres",
        database: "postgres",
        // One session behind one connection: with several, a statement of one gets between the two halves of another's
        // ("unnamed prepared statement does not exist").
        max: 1,
        connectionTimeoutMillis: 10_000,
        idleTimeoutMillis: 0,
      },
      true,
    ),
    (pool) =>
      Effect.sync(() => {
        pool.on("connect", (client) => {
          // Without it a query is not cancelled when it is interrupted: the cancellation would wait for the very
          // transaction that waits for it.
          Reflect.deleteProperty(client, "processID")
        })
        prepareOften(pool)
      }),
  )

function broken(cause: unknown): EmbeddedDatabaseBroken {
  return new EmbeddedDatabaseBroken({
    message: `the embedded database does not open: ${cause instanceof Error ? cause.message : String(cause)}`,
    cause,
  })
}
