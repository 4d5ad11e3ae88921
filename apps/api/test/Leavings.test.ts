import { Agent, get } from "node:http"
import { connect } from "node:net"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import { startApp } from "@uptime/testing/AppProcess"
import { bundledApi } from "@uptime/testing/BundledApi"
import { freePort } from "@uptime/testing/FreePort"
import { startRedis } from "@uptime/testing/Servers"
import * as TestDatabase from "@uptime/testing/TestDatabase"
import { Effect } from "effect"
import { flagsOf } from "../../../scripts/flags.mjs"
import { signUp } from "./Person.ts"

/** The most that a request may leave among the old objects, in bytes: what holds on to one keeps eight thousand and more. */
const limit = 4_000

/** An api in a process of its own, as operators run it, and a way to have it collect. */
const started = Effect.gen(function* () {
  const [main, databaseUrl, redis, port, collectorPort] = yield* Effect.all([
    bundledApi,
    TestDatabase.migratedDatabase,
    startRedis(),
    freePort,
    freePort,
  ])
  const collector = fileURLToPath(new URL("./collector.mjs", import.meta.url))
  const app = yield* startApp(
    main,
    {
      DATABASE_URL: databaseUrl,
      REDIS_URL: redis.url,
      JWT_SECRET: "b7QTrEZn0Wq1lMSd6kCJxH4yUu9aPvGf",
      PORT: String(port),
      COLLECTOR_PORT: String(collectorPort),
    },
    { flags: [...flagsOf("api"), "--expose-gc", "--import", collector] },
  )
  yield* app.awaitOutput("api has started")
  const socket = yield* Effect.acquireRelease(
    Effect.sync(() => connect(collectorPort, "127.0.0.1")),
    (one) => Effect.sync(() => one.destroy()),
  )
  /** Collects, and gives how many bytes of old objects there are. */
  const collect = (which: "all" | "young") =>
    Effect.async<number>((resume) => {
      socket.once("data", (bytes) => resume(Effect.succeed(Number(bytes.toString()))))
      socket.write(which)
    })
  return { base: `http://127.0.0.1:${port}`, collect }
})

describe("what a request leaves behind", () => {
  it.scopedLive(
    "is gone by the next collection of young objects",
    () =>
      Effect.gen(function* () {
        const { base, collect } = yield* started
        const { token } = yield* signUp(base)
        const agent = yield* Effect.acquireRelease(
          Effect.sync(() => new Agent({ keepAlive: true })),
          (one) => Effect.sync(() => one.destroy()),
        )
        const ask = (path: string) =>
          Effect.async<number | undefined>((resume) => {
            get(base + path, { agent, headers: { authorization: `Bearer ${token}` } }, (answer) => {
              answer.resume().on("end", () => resume(Effect.succeed(answer.statusCode)))
            })
          })
        const leftBy = (path: string) =>
          Effect.gen(function* () {
            yield* Effect.forEach(Array.from({ length: 1_500 }), () => ask(path), { concurrency: 16, discard: true })
            yield* collect("all")
            const before = yield* collect("young")
            for (let n = 0; n < 200; n++) yield* Effect.zipRight(ask(path), collect("young"))
            return ((yield* collect("young")) - before) / 200
          })
        for (const path of ["/healthz", "/api/monitor?limit=50"]) {
          assert.strictEqual(yield* ask(path), 200)
          // Again while its code is still being compiled, which leaves something too.
          const left = yield* Effect.repeat(leftBy(path), { until: (bytes) => bytes < limit, times: 9 })
          assert.isBelow(left, limit, `bytes that each request to ${path} leaves among the old objects`)
        }
      }),
    240_000,
  )
})
