import { assert, describe, it } from "@effect/vitest"
import { bundled, startApp } from "@uptime/testing/AppProcess"
import { bundledApi } from "@uptime/testing/BundledApi"
import { eventually } from "@uptime/testing/Eventually"
import { freePort } from "@uptime/testing/FreePort"
import { startRedisCluster } from "@uptime/testing/RedisCluster"
import { targetFarm } from "@uptime/testing/TargetFarm"
import { migratedDatabase } from "@uptime/testing/TestDatabase"
import { Effect, Schema } from "effect"

const Token = Schema.decodeUnknown(Schema.Struct({ token: Schema.String }))
const Monitor = Schema.decodeUnknown(Schema.Struct({ id: Schema.String }))
const Results = Schema.decodeUnknown(
  Schema.Struct({
    items: Schema.Array(Schema.Struct({ location: Schema.String, status: Schema.String, scheduledAt: Schema.String })),
  }),
)

/** What an api answers, as JSON; null where it does not answer yet. */
const ask = (url: string, token: string, body?: unknown) =>
  Effect.tryPromise(async () => {
    const answer = await fetch(url, {
      method: body === undefined ? "GET" : "POST",
      headers: { "content-type": "application/json", ...(token === "" ? {} : { authorization: `Bearer ${token}` }) },
      body: body === undefined ? null : JSON.stringify(body),
    })
    return answer.ok ? await answer.json() : null
  }).pipe(Effect.orElseSucceed(() => null))

describe("api, producer and workers on a cluster of three nodes", () => {
  it.scopedLive(
    "check a monitor from every region, once per slot, from its creation to its stored results",
    () =>
      Effect.gen(function* () {
        const cluster = yield* startRedisCluster()
        const farm = yield* targetFarm
        const port = yield* freePort
        const common = {
          DATABASE_URL: yield* migratedDatabase,
          REDIS_URL: cluster.url,
          STREAM_SHARDS: "8",
          REGIONS: "USA,India",
          PROBE_ALLOW_CIDRS: "127.0.0.0/8",
        }
        const start = (app: string, env: Readonly<Record<string, string>>) =>
          Effect.gen(function* () {
            const main = new URL(`../../${app}/src/main.ts`, import.meta.url)
            const bundle = yield* app === "api" ? bundledApi : bundled(main)
            return yield* startApp(bundle, { PORT: "0", ...common, ...env })
          })
        yield* Effect.all(
          [
            start("api", { PORT: String(port), JWT_SECRET: "0123456789abcdef0123456789abcdef" }),
            start("producer", {}),
            start("worker", { REGION: "USA" }),
            start("worker", { REGION: "India" }),
          ],
          { concurrency: "unbounded" },
        )
        const api = `http://127.0.0.1:${port}/api`
        const account = { email: "a@example.com", name: "A", password: "correct horse battery" }
        const signedUp = yield* eventually(
          ask(`${api}/auth/signup`, "", account),
          (answer) => answer !== null,
          "30 seconds",
        )
        const { token } = yield* Token(signedUp)
        const { id } = yield* Effect.flatMap(
          ask(`${api}/monitor`, token, { url: `${farm.url}/up`, intervalSeconds: 10 }),
          Monitor,
        )
        const { items } = yield* eventually(
          Effect.flatMap(ask(`${api}/results/${id}/checks`, token), Results),
          (found) =>
            ["USA", "India"].every((region) => found.items.filter(({ location }) => location === region).length >= 2),
          "40 seconds",
        )
        assert.deepStrictEqual(new Set(items.map(({ status }) => status)), new Set(["Up"]))
        assert.lengthOf(new Set(items.map(({ location, scheduledAt }) => `${location} ${scheduledAt}`)), items.length)
      }),
    120_000,
  )
})
