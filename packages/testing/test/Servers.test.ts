import * as PgClient from "@effect/sql-pg/PgClient"
import { assert, describe, it } from "@effect/vitest"
import { type Server, startPostgres, startRedis } from "@uptime/testing/Servers"
import { Effect, Option, Redacted } from "effect"
import { Redis } from "ioredis"

const query = (server: Server, statement: string) =>
  Effect.flatMap(PgClient.PgClient, (sql) => sql.unsafe(statement)).pipe(
    Effect.provide(PgClient.layer({ url: Redacted.make(server.url), maxConnections: 1 })),
  )

const redis = <A>(server: Server, use: (client: Redis) => Promise<A>) =>
  Effect.acquireUseRelease(
    Effect.sync(() => new Redis(server.url, { maxRetriesPerRequest: 1 }).on("error", () => {})),
    (client) => Effect.tryPromise(() => use(client)),
    (client) => Effect.sync(() => client.disconnect()),
  )

const outlives = (server: Server, down: Effect.Effect<void>) =>
  Effect.gen(function* () {
    const before = yield* server.pid
    yield* down
    assert.deepStrictEqual(yield* server.pid, Option.none())
    yield* server.start
    const after = yield* server.pid
    assert.isTrue(Option.isSome(after))
    assert.notDeepEqual(after, before)
  })

describe("Servers", () => {
  it.scoped("PostgreSQL keeps what was committed through a stop and a kill, on the same port", () =>
    Effect.gen(function* () {
      const server = yield* startPostgres()
      yield* query(server, "CREATE TABLE kept (n int)")
      for (const [n, down] of [server.stop, server.kill()].entries()) {
        yield* query(server, `INSERT INTO kept VALUES (${n})`)
        yield* outlives(server, down)
      }
      assert.deepStrictEqual(yield* query(server, "SELECT n FROM kept ORDER BY n"), [{ n: 0 }, { n: 1 }])
    }),
  )

  it.scoped("PostgreSQL takes a setting that the caller asks for", () =>
    Effect.gen(function* () {
      const server = yield* startPostgres({ flags: ["-c", "max_connections=7"] })
      assert.deepStrictEqual(yield* query(server, "SHOW max_connections"), [{ max_connections: "7" }])
    }),
  )

  it.scoped("Redis keeps its data through a kill only where it is asked to", () =>
    Effect.gen(function* () {
      const forgetful = yield* startRedis()
      const durable = yield* startRedis({ flags: ["--appendonly", "yes", "--appendfsync", "always"] })
      for (const server of [forgetful, durable]) {
        yield* redis(server, (client) => client.set("key", "value"))
        yield* outlives(server, server.kill())
      }
      assert.strictEqual(yield* redis(forgetful, (client) => client.get("key")), null)
      assert.strictEqual(yield* redis(durable, (client) => client.get("key")), "value")
    }),
  )

  it.scoped("start and stop do nothing where there is nothing to do", () =>
    Effect.gen(function* () {
      const server = yield* startRedis()
      const pid = yield* server.pid
      yield* server.start
      assert.deepStrictEqual(yield* server.pid, pid)
      yield* server.stop
      yield* server.stop
      assert.deepStrictEqual(yield* server.pid, Option.none())
    }),
  )

  it.scoped("a server that cannot start says why", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(startRedis({ flags: ["--no-such-setting", "1"] }))
      assert.include(error.message, "Redis: did not start")
      assert.include(error.message, "no-such-setting")
    }),
  )
})
