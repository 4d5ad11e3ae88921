import { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { startPostgres } from "@uptime/testing/Servers"
import { migratedDatabase } from "@uptime/testing/TestDatabase"
import { Chunk, Deferred, Effect, Fiber, Layer, Logger, Redacted, Ref, Schedule } from "effect"
import { migrate } from "../src/Migrations.ts"
import * as PostgresSql from "../src/PostgresSql.ts"
import { ResultStore } from "../src/ResultStore.ts"
import { failAs } from "../src/SqlFailure.ts"
import { postgres } from "./Backends.ts"
import { databaseNow, makeOwnMonitor, result, services } from "./Fixtures.ts"

const layer = (url: string) =>
  PostgresSql.layer({ url: Redacted.make(url), applicationName: "a test", maxConnections: 4 })

const untilReady = Effect.retry(PostgresSql.ready, Schedule.spaced("100 millis").pipe(Schedule.upTo("15 seconds")))

describe.concurrent("PostgresSql", () => {
  it.scopedLive("gives numbers for bigints, and an error for one that no number can hold", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      assert.deepStrictEqual(yield* sql`SELECT 9007199254740991 AS a, count(*) AS b FROM users`, [
        { a: Number.MAX_SAFE_INTEGER, b: 0 },
      ])
      const failed = yield* Effect.exit(sql`SELECT 9007199254740993 AS a`)
      assert.strictEqual(failed._tag, "Failure")
      assert.deepStrictEqual(yield* sql`SELECT current_setting('application_name') AS name`, [{ name: "a test" }])
    }).pipe(Effect.provide(Layer.unwrapScoped(Effect.map(migratedDatabase, layer)))),
  )

  it.scopedLive("refuses at the start what waiting cannot mend, in one line without the password", () =>
    Effect.gen(function* () {
      const url = new URL(yield* migratedDatabase)
      url.pathname = "/there_is_none"
      url.password = "s3cret"
      for (const wrong of [url.href, "postgres://a:s3cret@[::bad/x"]) {
        const error = yield* Effect.flip(Effect.provide(PostgresSql.ready, layer(wrong)))
        assert.strictEqual(error._tag, "DatabaseRefused")
        assert.notInclude(error.message, "\n")
        assert.notInclude(JSON.stringify(error) + error.message, "s3cret")
      }
    }),
  )

  it.scopedLive(
    "waits at the start for a server that is away, and says so",
    () =>
      Effect.gen(function* () {
        const server = yield* startPostgres()
        yield* server.stop
        const lines = yield* Ref.make(Chunk.empty<string>())
        const waiting = yield* Deferred.make<void>()
        const logger = Logger.make(({ message }) => {
          Effect.runSync(Ref.update(lines, Chunk.append(String(message))))
          Deferred.unsafeDone(waiting, Effect.void)
        })
        const started = yield* Effect.fork(
          Effect.provide(PostgresSql.ready, layer(server.url)).pipe(
            Effect.provide(Logger.replace(Logger.defaultLogger, logger)),
          ),
        )
        yield* Deferred.await(waiting)
        assert.match(Chunk.unsafeGet(yield* Ref.get(lines), 0), /^waiting for the database: .*ECONNREFUSED/)
        yield* server.start
        yield* Fiber.join(started)
      }),
    60_000,
  )

  it.scopedLive(
    "heals when the server was restarted: what fails meanwhile is unavailable, and nothing is lost or doubled",
    () =>
      Effect.gen(function* () {
        const server = yield* startPostgres()
        yield* Effect.gen(function* () {
          yield* migrate
          const store = yield* ResultStore
          const monitor = yield* makeOwnMonitor()
          const base = (yield* databaseNow) - 3_600_000
          const batch = (n: number) =>
            Array.from({ length: 50 }, (_, i) => result(monitor.id, base + (n * 50 + i) * 100))
          const failures = yield* Ref.make(Chunk.empty<string>())
          const firstFailure = yield* Deferred.make<void>()
          const firstSuccess = yield* Deferred.make<void>()
          const workers = yield* Effect.fork(
            Effect.forEach(
              Array.from({ length: 60 }, (_, n) => n),
              (n) =>
                store.insert(batch(n)).pipe(
                  Effect.tap(() => Deferred.succeed(firstSuccess, undefined)),
                  Effect.tapError((error) =>
                    Effect.zipRight(
                      Ref.update(failures, Chunk.append(error.reason)),
                      Deferred.succeed(firstFailure, undefined),
                    ),
                  ),
                  Effect.retry(Schedule.spaced("50 millis").pipe(Schedule.upTo("20 seconds"))),
                  Effect.zipLeft(Effect.sleep("5 millis")),
                ),
              { concurrency: 3 },
            ),
          )
          yield* Deferred.await(firstSuccess)
          yield* server.stop
          yield* Deferred.await(firstFailure)
          const down = yield* Effect.flip(PostgresSql.ready)
          assert.strictEqual(down.reason, "unavailable")
          yield* server.start
          yield* untilReady
          yield* Fiber.join(workers)
          assert.deepStrictEqual([...new Set(yield* Ref.get(failures))], ["unavailable"])
          const sql = yield* SqlClient
          const [count] = yield* sql<{ readonly n: number }>`
            SELECT count(*) AS n FROM check_results WHERE monitor_id = ${monitor.id}`
          assert.strictEqual(count?.n, 3000)
        }).pipe(Effect.provide(services(postgres(server.url, 4))))
      }),
    60_000,
  )

  it.scopedLive(
    "gives up on a server that no longer answers, soon, and is well when it answers again",
    () =>
      Effect.gen(function* () {
        const server = yield* startPostgres()
        yield* Effect.gen(function* () {
          const sql = yield* SqlClient
          const [backend] = yield* sql<{ readonly pid: number }>`SELECT pg_backend_pid() AS pid`
          yield* Effect.sync(() => process.kill(backend?.pid ?? 0, "SIGSTOP"))
          const began = process.hrtime.bigint()
          const failed = yield* Effect.flip(failAs("Test.one")(sql`SELECT 1`))
          const tookMs = Number(process.hrtime.bigint() - began) / 1e6
          assert.strictEqual(failed.reason, "unavailable")
          assert.isBelow(tookMs, PostgresSql.silenceLimitMs + 3000)
          yield* untilReady
          yield* Effect.sync(() => process.kill(backend?.pid ?? 0, "SIGCONT"))
          yield* PostgresSql.ready
        }).pipe(Effect.provide(layer(server.url)))
      }),
    60_000,
  )

  it.scopedLive(
    "waits for a server that no longer answers once, not once for each connection it has",
    () =>
      Effect.gen(function* () {
        const server = yield* startPostgres()
        yield* Effect.gen(function* () {
          const sql = yield* SqlClient
          const backends = yield* Effect.all(
            Array.from(
              { length: 4 },
              () => sql<{ readonly pid: number }>`SELECT pg_backend_pid() AS pid, pg_sleep(0.5)`,
            ),
            { concurrency: "unbounded" },
          )
          const pids = new Set(backends.flatMap((rows) => rows.map(({ pid }) => pid)))
          assert.strictEqual(pids.size, 4)
          const signal = (name: NodeJS.Signals) =>
            Effect.sync(() => {
              for (const pid of pids) process.kill(pid, name)
            })
          yield* signal("SIGSTOP")
          const began = process.hrtime.bigint()
          const failed = yield* Effect.flip(failAs("Test.one")(sql`SELECT 1`))
          assert.strictEqual(failed.reason, "unavailable")
          yield* failAs("Test.one")(sql`SELECT 1`)
          const tookMs = Number(process.hrtime.bigint() - began) / 1e6
          assert.isBelow(tookMs, PostgresSql.silenceLimitMs + 3000)
          yield* signal("SIGCONT")
        }).pipe(Effect.provide(layer(server.url)))
      }),
    60_000,
  )
})
