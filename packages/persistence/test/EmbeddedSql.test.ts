import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { startApp } from "@uptime/testing/AppProcess"
import { Effect, type Scope } from "effect"
import { build } from "esbuild"
import * as EmbeddedSql from "../src/EmbeddedSql.ts"
import { ready } from "../src/PostgresSql.ts"
import { embeddedTemplate, temporaryFolder } from "./Backends.ts"

const layer = (dataDir: string) => Effect.map(embeddedTemplate, (template) => EmbeddedSql.layer({ dataDir, template }))

const within = <A, E, R>(dataDir: string, effect: Effect.Effect<A, E, R>) =>
  Effect.flatMap(layer(dataDir), (database) => Effect.provide(effect, database))

/** The child as one file, beside a link to the modules that cannot be bundled for the files they load. */
const child: Effect.Effect<string, never, Scope.Scope> = Effect.gen(function* () {
  const folder = yield* temporaryFolder
  const outfile = join(folder, "EmbeddedChild.mjs")
  const modules = fileURLToPath(new URL("../../../node_modules", import.meta.url))
  yield* Effect.promise(() => symlink(modules, join(folder, "node_modules")))
  yield* Effect.promise(() =>
    build({
      entryPoints: [fileURLToPath(new URL("./EmbeddedChild.ts", import.meta.url))],
      outfile,
      bundle: true,
      platform: "node",
      target: "node20",
      format: "esm",
      external: ["@electric-sql/*", "pg-native"],
      banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
      logLevel: "silent",
    }),
  )
  return outfile
})

const committed = (output: string): number => Number(/committed (\d+);\n(?!.*committed)/s.exec(output)?.[1] ?? -1)

describe("EmbeddedSql", () => {
  it.scopedLive(
    "keeps what it was given over a stop and a start, and leaves nothing but the database",
    () =>
      Effect.gen(function* () {
        const dataDir = join(yield* temporaryFolder, "made", "for it")
        yield* within(
          dataDir,
          Effect.flatMap(SqlClient, (sql) => sql`CREATE TABLE kept AS SELECT 42 AS n`),
        )
        assert.deepStrictEqual(yield* Effect.promise(() => readdir(dataDir)), ["postgres"])
        const rows = yield* within(
          dataDir,
          Effect.flatMap(SqlClient, (sql) => sql`SELECT n FROM kept`),
        )
        assert.deepStrictEqual(rows, [{ n: 42 }])
      }),
    60_000,
  )

  it.scopedLive(
    "runs transactions and plain queries side by side, with parameters of any size",
    () =>
      Effect.gen(function* () {
        const dataDir = yield* temporaryFolder
        yield* within(
          dataDir,
          Effect.gen(function* () {
            const sql = yield* SqlClient
            yield* sql`CREATE TABLE parts (n int, filler text)`
            const ns = Array.from({ length: 1000 }, (_, i) => i)
            const fillers = ns.map(() => "x".repeat(300))
            yield* Effect.forEach(
              ns.slice(0, 40),
              (i) =>
                i % 4 === 0
                  ? sql.withTransaction(sql`INSERT INTO parts SELECT * FROM unnest(${ns}::int[], ${fillers}::text[])`)
                  : i % 4 === 1
                    ? sql`INSERT INTO parts SELECT * FROM unnest(${ns}::int[], ${fillers}::text[])`
                    : Effect.map(sql<{ readonly i: number }>`SELECT ${i}::int AS i, ${"t"}::text AS t`, ([row]) =>
                        assert.strictEqual(row?.i, i),
                      ),
              { concurrency: 40, discard: true },
            )
            const [count] = yield* sql<{ readonly n: number }>`SELECT count(*) AS n FROM parts`
            assert.strictEqual(count?.n, 20_000)
          }),
        )
      }),
    60_000,
  )

  it.scopedLive(
    "rolls back an interrupted transaction without holding up the next one",
    () =>
      Effect.gen(function* () {
        yield* within(
          yield* temporaryFolder,
          Effect.gen(function* () {
            const sql = yield* SqlClient
            yield* sql`CREATE TABLE things (n int)`
            const slow = sql.withTransaction(
              Effect.zipRight(sql`INSERT INTO things VALUES (1)`, sql`SELECT pg_sleep(0.3)`),
            )
            yield* Effect.timeoutOption(slow, "100 millis")
            yield* Effect.timeout(ready, "2 seconds")
            assert.deepStrictEqual(yield* sql`SELECT * FROM things`, [])
          }),
        )
      }),
    60_000,
  )

  it.scopedLive(
    "refuses a folder that another start is using, in one line, in this process and in another",
    () =>
      Effect.gen(function* () {
        const dataDir = yield* temporaryFolder
        const bundle = yield* child
        yield* within(
          dataDir,
          Effect.gen(function* () {
            const error = yield* Effect.flip(within(dataDir, ready))
            assert.deepInclude(error, { _tag: "DataDirInUse", pid: process.pid })
            assert.notInclude(error.message, "\n")
            const template = yield* embeddedTemplate
            const app = yield* startApp(bundle, { TEST_DATA_DIR: dataDir, TEST_TEMPLATE: template })
            yield* app.awaitOutput(`is in use by another process (pid ${process.pid})`)
            yield* app.ended
            yield* ready
          }),
        )
      }),
    60_000,
  )

  it.scopedLive(
    "opens after the process was killed, with everything that was committed, and takes over the lock",
    () =>
      Effect.gen(function* () {
        const dataDir = yield* temporaryFolder
        const bundle = yield* child
        const template = yield* embeddedTemplate
        let told = -1
        for (let round = 0; round < 3; round++) {
          if (round > 0)
            yield* within(
              dataDir,
              Effect.flatMap(SqlClient, (sql) => sql`TRUNCATE counted`),
            )
          const app = yield* startApp(bundle, { TEST_DATA_DIR: dataDir, TEST_TEMPLATE: template })
          yield* app.awaitOutput(`committed ${20 + round * 7};`)
          yield* app.kill("SIGKILL")
          yield* app.ended
          told = committed(yield* app.output)
          assert.isAtLeast(told, 20)
          assert.includeMembers(yield* Effect.promise(() => readdir(dataDir)), ["lock", "postgres"])
          const rows = yield* within(
            dataDir,
            Effect.flatMap(SqlClient, (sql) => sql<{ readonly n: number }>`SELECT n FROM counted ORDER BY n`),
          )
          assert.deepStrictEqual(
            rows.slice(0, told + 1).map(({ n }) => n),
            Array.from({ length: told + 1 }, (_, n) => n),
          )
          // One more may have been committed and not told of.
          assert.isAtMost(rows.length, told + 2)
        }
      }),
    90_000,
  )

  it.scopedLive(
    "takes over the lock of a process that is gone, or whose id is another process's now",
    () =>
      Effect.gen(function* () {
        const dataDir = yield* temporaryFolder
        const lock = (text: string) => Effect.promise(() => writeFile(join(dataDir, "lock"), text))
        const holder = { startedAt: "1", socketPath: join(dataDir, ".s.PGSQL.5432"), token: "t" }
        for (const text of [
          JSON.stringify({ ...holder, pid: 2 ** 30 }),
          JSON.stringify({ ...holder, pid: process.ppid }),
          JSON.stringify({ ...holder, pid: process.pid }),
          "not a lock",
          "",
        ]) {
          yield* lock(text)
          yield* within(dataDir, ready)
        }
      }),
    60_000,
  )

  it.scopedLive(
    "makes anew a database whose making was cut off",
    () =>
      Effect.gen(function* () {
        const dataDir = yield* temporaryFolder
        yield* Effect.promise(() => mkdir(join(dataDir, "postgres")))
        yield* Effect.promise(() => writeFile(join(dataDir, "postgres", "PG_VERSION"), "18\n"))
        yield* Effect.promise(() => writeFile(join(dataDir, "postgres.incomplete"), ""))
        yield* within(dataDir, ready)
        assert.deepStrictEqual(yield* Effect.promise(() => readdir(dataDir)), ["postgres"])
      }),
    60_000,
  )

  it.scopedLive(
    "makes anew a database that was cut off while its files were unpacked, for its owner alone",
    () =>
      Effect.gen(function* () {
        const dataDir = yield* temporaryFolder
        const whole = yield* Effect.flatMap(embeddedTemplate, (path) => Effect.promise(() => readFile(path)))
        const half = join(yield* temporaryFolder, "half.tgz")
        yield* Effect.promise(() => writeFile(half, whole.subarray(0, whole.length / 2)))
        const error = yield* Effect.flip(Effect.provide(ready, EmbeddedSql.layer({ dataDir, template: half })))
        assert.strictEqual(error._tag, "EmbeddedDatabaseBroken")
        assert.notInclude(error.message, "\n")
        const folder = join(dataDir, "postgres")
        assert.isAbove((yield* Effect.promise(() => readdir(folder, { recursive: true }))).length, 100)
        yield* within(dataDir, ready)
        assert.deepStrictEqual(yield* Effect.promise(() => readdir(dataDir)), ["postgres"])
        const { mode } = yield* Effect.promise(() => stat(folder))
        assert.strictEqual(mode & 0o777, 0o700)
      }),
    60_000,
  )

  it.scopedLive(
    "says in one line that a database does not open, and that a folder cannot be used",
    () =>
      Effect.gen(function* () {
        const dataDir = yield* temporaryFolder
        yield* Effect.promise(() => mkdir(join(dataDir, "postgres")))
        yield* Effect.promise(() => writeFile(join(dataDir, "postgres", "PG_VERSION"), "18\n"))
        const broken = yield* Effect.flip(within(dataDir, ready))
        assert.strictEqual(broken._tag, "EmbeddedDatabaseBroken")
        assert.notInclude(broken.message, "\n")
        const file = join(dataDir, "a file")
        yield* Effect.promise(() => writeFile(file, ""))
        const unusable = yield* Effect.flip(within(join(file, "below"), ready))
        assert.strictEqual(unusable._tag, "DataDirUnusable")
        assert.notInclude(unusable.message, "\n")
      }),
    60_000,
  )

  it.scopedLive(
    "works in a folder whose path is too long for a socket",
    () =>
      Effect.gen(function* () {
        const dataDir = join(yield* temporaryFolder, "d".repeat(120), "e".repeat(120))
        yield* within(dataDir, Effect.zipRight(ready, Effect.flip(within(dataDir, ready))))
        assert.deepStrictEqual(yield* Effect.promise(() => readdir(dataDir)), ["postgres"])
      }),
    60_000,
  )
})
