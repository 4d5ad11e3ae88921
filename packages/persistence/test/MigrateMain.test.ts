import { assert, describe, it } from "@effect/vitest"
import { bundled, startApp } from "@uptime/testing/AppProcess"
import { startPostgres } from "@uptime/testing/Servers"
import { emptyDatabase } from "@uptime/testing/TestDatabase"
import { Effect, Option } from "effect"

const main = new URL("../src/migrateMain.ts", import.meta.url)

const lines = (output: string): ReadonlyArray<string> => output.split("\n").filter((line) => line !== "")

describe.concurrent("npm run migrate", () => {
  it.scopedLive(
    "migrates once, whoever else starts at the same time, and says what it did",
    () =>
      Effect.gen(function* () {
        const bundle = yield* bundled(main)
        const env = { DATABASE_URL: yield* emptyDatabase }
        const run = Effect.gen(function* () {
          const app = yield* startApp(bundle, env)
          assert.deepStrictEqual(yield* app.ended, Option.some(0))
          return yield* app.output
        })
        const outputs = yield* Effect.all([run, run, run, run], { concurrency: "unbounded" })
        assert.lengthOf(
          outputs.filter((output) => output.includes("applied migration 1")),
          1,
        )
        assert.lengthOf(
          outputs.filter((output) => output.includes("up to date")),
          3,
        )
      }),
    60_000,
  )

  it.scopedLive(
    "ends with code 1 and one clear line without, or with a wrong, DATABASE_URL",
    () =>
      Effect.gen(function* () {
        const bundle = yield* bundled(main)
        const url = new URL(yield* emptyDatabase)
        url.pathname = "/there_is_none"
        url.password = "s3cret"
        const wrong: ReadonlyArray<readonly [Record<string, string>, RegExp]> = [
          [{}, /DATABASE_URL is not set/],
          [{ DATABASE_URL: "mysql://a:s3cret@localhost/b" }, /DATABASE_URL must be/],
          [{ DATABASE_URL: url.href }, /database \\"there_is_none\\" does not exist/],
        ]
        for (const [env, expected] of wrong) {
          const app = yield* startApp(bundle, env)
          assert.deepStrictEqual(yield* app.ended, Option.some(1))
          const output = yield* app.output
          assert.lengthOf(lines(output), 1)
          assert.match(output, expected)
          assert.notInclude(output, "s3cret")
        }
      }),
    60_000,
  )

  it.scopedLive(
    "waits for a database that is away",
    () =>
      Effect.gen(function* () {
        const bundle = yield* bundled(main)
        const server = yield* startPostgres()
        yield* server.stop
        const app = yield* startApp(bundle, { DATABASE_URL: server.url })
        yield* app.awaitOutput("waiting for the database")
        yield* server.start
        assert.deepStrictEqual(yield* app.ended, Option.some(0))
        assert.include(yield* app.output, "applied migration 1")
      }),
    60_000,
  )
})
