import { assert, describe, it } from "@effect/vitest"
import { migrate } from "@uptime/persistence/Migrations"
import * as PostgresSql from "@uptime/persistence/PostgresSql"
import { bundled, startApp } from "@uptime/testing/AppProcess"
import { eventually } from "@uptime/testing/Eventually"
import { freePort } from "@uptime/testing/FreePort"
import { startPostgres, startRedis } from "@uptime/testing/Servers"
import { Duration, Effect, Option, Redacted } from "effect"

const get = (url: string) =>
  Effect.tryPromise(async () => {
    const answer = await fetch(url)
    return { status: answer.status, text: await answer.text() }
  }).pipe(Effect.orElseSucceed(() => ({ status: 0, text: "" })))

describe("the producer as a process", () => {
  it.scopedLive(
    "starts before its database and its Redis, is ready once they are there, and stops on SIGTERM within 15 s",
    () =>
      Effect.gen(function* () {
        const postgres = yield* startPostgres()
        const redis = yield* startRedis()
        const port = yield* freePort
        const bundle = yield* bundled(new URL("../src/main.ts", import.meta.url))
        yield* migrate.pipe(
          Effect.provide(
            PostgresSql.layer({ url: Redacted.make(postgres.url), applicationName: "test", maxConnections: 2 }),
          ),
        )
        yield* postgres.stop
        yield* redis.stop

        const producer = yield* startApp(bundle, {
          DATABASE_URL: postgres.url,
          REDIS_URL: redis.url,
          PORT: String(port),
        })
        yield* producer.awaitOutput("waiting for the database")
        yield* postgres.start
        yield* producer.awaitOutput("producer has started")
        const unready = yield* eventually(
          get(`http://127.0.0.1:${port}/readyz`),
          ({ text }) => text.includes("stream"),
          "10 seconds",
        )
        assert.deepStrictEqual(unready, { status: 503, text: '{"status":"unready","failing":["stream"]}' })

        yield* redis.start
        yield* eventually(get(`http://127.0.0.1:${port}/readyz`), ({ status }) => status === 200, "15 seconds")
        const metrics = yield* eventually(
          get(`http://127.0.0.1:${port}/metrics`),
          ({ text }) => text.includes('uptime_stream_group_lag{region="India"} 0'),
          "15 seconds",
        )
        for (const name of [
          "uptime_partition_alarm 0",
          "process_resident_memory_bytes ",
          "uptime_default_partition_rows 0",
        ])
          assert.include(metrics.text, name)

        yield* producer.kill("SIGTERM")
        const [took, code] = yield* Effect.timed(producer.ended)
        assert.deepStrictEqual(code, Option.some(0))
        assert.isBelow(Duration.toMillis(took), 15_000)
        assert.include(yield* producer.output, "producer has stopped")
      }).pipe(Effect.timeout("80 seconds")),
    90_000,
  )
})
