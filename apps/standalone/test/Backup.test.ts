import { randomBytes } from "node:crypto"
import * as Path from "node:path"
import { SqlClient } from "@effect/sql/SqlClient"
import { assert, it } from "@effect/vitest"
import { Result } from "@uptime/domain/Result"
import * as PostgresSql from "@uptime/persistence/PostgresSql"
import { eventually } from "@uptime/testing/Eventually"
import { runToEnd } from "@uptime/testing/ServerProcess"
import { startPostgres, startRedis } from "@uptime/testing/Servers"
import { systemPostgres } from "@uptime/testing/SystemPostgres"
import { targetFarm } from "@uptime/testing/TargetFarm"
import { Effect, Redacted, Schema } from "effect"
import { Created, call, dataDir, person, signUp, started } from "./Started.ts"

const Items = <A, I>(item: Schema.Schema<A, I>) => Schema.Struct({ items: Schema.Array(item) })
const Named = Schema.Struct({ id: Schema.String, name: Schema.String })
const Incident = Schema.Struct({ id: Schema.String, resolvedAt: Schema.NullOr(Schema.String) })
const Session = Schema.Struct({ token: Schema.String })

/** What the operator keeps apart from the backup. */
const secrets = {
  JWT_SECRET: randomBytes(48).toString("base64"),
  ENCRYPTION_KEY: randomBytes(32).toString("base64"),
}

it.live(
  "what pg_dump takes while everything runs is a whole suite again: people, monitors, results, an open incident, secrets",
  () =>
    Effect.gen(function* () {
      const programs = yield* systemPostgres
      const [postgres, redis, emptyRedis, farm] = yield* Effect.all(
        [startPostgres({ programs }), startRedis(), startRedis(), targetFarm],
        { concurrency: "unbounded" },
      )
      const restoredUrl = postgres.url.replace(/postgres$/, "restored")
      const confirmation = { failures: 1, successes: 1 }

      const get = <A, I>(url: string, token: string, schema: Schema.Schema<A, I>) =>
        Effect.map(call(url, { token }), ({ body }) => Schema.decodeUnknownSync(schema)(body))
      const post = (url: string, token: string, body: unknown) =>
        Effect.map(call(url, { token, body }), (answer) => Schema.decodeUnknownSync(Created)(answer.body).id)
      const incidentsAt = (url: string, token: string) =>
        Effect.map(get(`${url}/api/incidents`, token, Items(Incident)), ({ items }) => items)
      const resultsAt = (url: string, token: string, id: string) =>
        Effect.map(get(`${url}/api/results/${id}/checks?limit=100`, token, Items(Result)), ({ items }) => items)

      const before = yield* started(yield* dataDir, { ...secrets, DATABASE_URL: postgres.url, REDIS_URL: redis.url })
      const token = yield* signUp(before.url)
      yield* farm.answer("/site", { _tag: "Status", status: 503 })
      const channel = yield* post(`${before.url}/api/channels`, token, {
        name: "Hook",
        config: {
          kind: "webhook",
          url: `${farm.url}/hook`,
          signingSecret: `whsec_${randomBytes(24).toString("base64")}`,
        },
      })
      const monitor = yield* post(`${before.url}/api/monitor`, token, {
        url: `${farm.url}/site`,
        name: "The site",
        intervalSeconds: 10,
        confirmation,
      })
      yield* farm.awaitHits("/hook", 1).pipe(Effect.timeout("60 seconds"))
      const [open] = yield* incidentsAt(before.url, token)
      const seen = yield* resultsAt(before.url, token, monitor)

      const dump = Path.join(yield* dataDir, "uptime.dump")
      yield* runToEnd("pg_dump", programs.pgDump, ["--format=custom", `--file=${dump}`, postgres.url])
      yield* Effect.flatMap(SqlClient, (sql) => sql`CREATE DATABASE restored`).pipe(
        Effect.provide(
          PostgresSql.layer({ url: Redacted.make(postgres.url), applicationName: "test", maxConnections: 1 }),
        ),
      )
      yield* runToEnd("pg_restore", programs.pgRestore, ["--no-owner", `--dbname=${restoredUrl}`, dump])
      yield* before.app.kill("SIGTERM")
      yield* before.app.ended

      const toldBefore = yield* farm.hits("/hook")
      const after = yield* started(yield* dataDir, {
        ...secrets,
        DATABASE_URL: restoredUrl,
        REDIS_URL: emptyRedis.url,
      })
      const login = yield* call(`${after.url}/api/auth/login`, { body: person })
      assert.strictEqual(login.status, 200)
      const session = Schema.decodeUnknownSync(Session)(login.body).token
      assert.strictEqual((yield* call(`${after.url}/api/auth/me`, { token })).status, 200, "the old token is good")
      assert.deepStrictEqual((yield* get(`${after.url}/api/monitor`, session, Items(Named))).items, [
        { id: monitor, name: "The site" },
      ])
      assert.deepStrictEqual(yield* incidentsAt(after.url, session), [{ id: open?.id ?? "", resolvedAt: null }])
      const kept = yield* resultsAt(after.url, session, monitor)
      assert.deepStrictEqual(
        seen.filter((result) => !kept.some(({ id }) => id === result.id)),
        [],
      )
      const tried = yield* call(`${after.url}/api/channels/${channel}/test`, { token: session, body: {} })
      assert.deepStrictEqual(tried.body, { delivered: true, message: null }, "its secret is read")
      assert.strictEqual(yield* farm.hits("/hook"), toldBefore + 1, "nobody is told again of what they were told")

      yield* farm.answer("/site", { _tag: "Status", status: 200 })
      yield* eventually(
        incidentsAt(after.url, session),
        (incidents) => incidents.length === 1 && incidents[0]?.resolvedAt !== null,
        "60 seconds",
      )
    }).pipe(Effect.scoped),
  180_000,
)
