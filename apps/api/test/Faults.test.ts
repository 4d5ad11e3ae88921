import * as PgClient from "@effect/sql-pg/PgClient"
import { assert, describe, it } from "@effect/vitest"
import { migrate } from "@uptime/persistence/Migrations"
import * as MemoryStream from "@uptime/stream/MemoryStream"
import * as Servers from "@uptime/testing/Servers"
import { Duration, Effect, Redacted, Schedule } from "effect"
import { signUp } from "./Person.ts"
import { storesAt } from "./Stores.ts"
import { call, serveApi } from "./World.ts"

describe("a database that is away", () => {
  it.scopedLive(
    "is told within three seconds, with the time to come back, and not taken for a wrong token",
    () =>
      Effect.gen(function* () {
        const server = yield* Servers.startPostgres()
        yield* Effect.provide(migrate, PgClient.layer({ url: Redacted.make(server.url) }))
        const base = yield* serveApi({ stores: storesAt(server.url), stream: MemoryStream.layer() })
        const { email, password, token } = yield* signUp(base)
        const routes = [
          ["POST /api/auth/login", { json: { email, password } }],
          ["POST /api/auth/signup", { json: { email: "new@example.com", name: "New", password } }],
          ["GET /api/auth/me", { token }],
          ["POST /api/auth/logout", { token }],
          ["GET /api/monitor", { token }],
          ["POST /api/monitor", { token, json: { url: "https://example.com/" } }],
        ] as const

        yield* server.stop
        for (const [route, options] of routes) {
          const [took, answer] = yield* Effect.timed(call(base, route, options))
          assert.strictEqual(answer.status, 503, route)
          assert.isBelow(Duration.toMillis(took), 3000, route)
          const body = JSON.parse(answer.text)
          assert.strictEqual(body._tag, "ServiceUnavailable")
          assert.strictEqual(answer.headers.get("retry-after"), String(body.retryAfterSeconds))
          assert.notMatch(answer.text, /postgres|ECONN|127\.0\.0\.1|sql/i)
        }
        assert.strictEqual((yield* call(base, "GET /api/auth/me", { token: "garbage" })).status, 401)
        assert.strictEqual((yield* call(base, "GET /healthz")).status, 200)

        yield* server.start
        const healed = call(base, "GET /api/auth/me", { token }).pipe(
          Effect.filterOrFail(({ status }) => status === 200),
          Effect.retry(Schedule.spaced("100 millis").pipe(Schedule.upTo("10 seconds"))),
        )
        yield* healed
        assert.strictEqual(
          (yield* call(base, "POST /api/monitor", { token, json: { url: "https://example.com/" } })).status,
          201,
        )
      }),
    60_000,
  )
})
