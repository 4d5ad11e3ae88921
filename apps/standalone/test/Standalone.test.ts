import { assert, describe, it } from "@effect/vitest"
import { Result } from "@uptime/domain/Result"
import { RegionTestRun } from "@uptime/domain/TestRun"
import { type AppProcess, startApp } from "@uptime/testing/AppProcess"
import { eventually } from "@uptime/testing/Eventually"
import { targetFarm } from "@uptime/testing/TargetFarm"
import { Clock, Effect, Option, Schema } from "effect"
import { bundle, Created, call, dataDir, person, signUp, started } from "./Started.ts"

const Results = Schema.Struct({ items: Schema.Array(Result) })
const TestRuns = Schema.Struct({ items: Schema.Array(RegionTestRun) })

/** Results of a monitor, once there is one from each of so many regions. */
const resultsFrom = (url: string, token: string, id: string, regions: number) =>
  eventually(
    // A machine that is busy may answer that the database is, for a moment.
    Effect.map(call(`${url}/api/results/${id}/checks`, { token }), ({ body, status }) =>
      status === 503 ? [] : Schema.decodeUnknownSync(Results)(body).items,
    ),
    (items) => new Set(items.map(({ location }) => location)).size >= regions,
    "10 seconds",
  )

const stop = (app: AppProcess) => Effect.zipRight(app.kill("SIGTERM"), app.ended.pipe(Effect.timeout("15 seconds")))

describe.concurrent("standalone", () => {
  it.live(
    "from nothing to the first results of a new URL from every region, and all of it there after a restart",
    () =>
      Effect.gen(function* () {
        const folder = yield* dataDir
        const farm = yield* targetFarm
        const began = yield* Clock.currentTimeMillis
        const first = yield* started(folder)
        const ready = yield* Clock.currentTimeMillis
        const token = yield* signUp(first.url)
        const created = yield* call(`${first.url}/api/monitor`, { token, body: { url: `${farm.url}/site` } })
        assert.strictEqual(created.status, 201)
        const { id } = Schema.decodeUnknownSync(Created)(created.body)
        const asked = yield* Clock.currentTimeMillis
        const results = yield* resultsFrom(first.url, token, id, 2)
        const seen = yield* Clock.currentTimeMillis
        yield* Effect.log(
          `start ${ready - began} ms; first results of a new monitor ${seen - asked} ms after it was added, ${seen - began} ms after the start`,
        )
        assert.deepStrictEqual(results.map(({ location, status }) => `${location} ${status}`).toSorted(), [
          "India Up",
          "USA Up",
        ])
        const tried = yield* call(`${first.url}/api/monitor/test`, { token, body: { url: `${farm.url}/tried` } })
        assert.deepStrictEqual(
          Schema.decodeUnknownSync(TestRuns)(tried.body).items.map(({ location, problem, result }) => [
            location,
            problem,
            result?.status,
            result?.evidence?.address,
          ]),
          [
            ["USA", null, "Up", "127.0.0.1"],
            ["India", null, "Up", "127.0.0.1"],
          ],
        )
        assert.deepStrictEqual(yield* stop(first.app), Option.some(0))

        const second = yield* started(folder)
        const me = yield* call(`${second.url}/api/auth/me`, { token })
        assert.strictEqual(me.status, 200, "the token is still good: the secret was kept")
        const again = yield* call(`${second.url}/api/auth/login`, { body: person })
        assert.strictEqual(again.status, 200)
        const kept = yield* resultsFrom(second.url, token, id, 2)
        assert.deepStrictEqual(
          results.filter((result) => !kept.some((other) => other.id === result.id)),
          [],
        )
      }).pipe(Effect.scoped),
    150_000,
  )

  it.live(
    "keeps what it has stored when it is killed",
    () =>
      Effect.gen(function* () {
        const folder = yield* dataDir
        const farm = yield* targetFarm
        const first = yield* started(folder)
        const token = yield* signUp(first.url)
        const created = yield* call(`${first.url}/api/monitor`, { token, body: { url: `${farm.url}/site` } })
        const { id } = Schema.decodeUnknownSync(Created)(created.body)
        const results = yield* resultsFrom(first.url, token, id, 2)
        yield* first.app.kill()
        yield* first.app.ended
        const second = yield* started(folder)
        const kept = yield* resultsFrom(second.url, token, id, 2)
        assert.isTrue(results.every((result) => kept.some((other) => other.id === result.id)))
      }).pipe(Effect.scoped),
    150_000,
  )

  it.live(
    "refuses a folder that another one uses, in one line",
    () =>
      Effect.gen(function* () {
        const folder = yield* dataDir
        yield* started(folder)
        const second = yield* startApp(bundle, { DATA_DIR: folder, PORT: "0", LOG_FORMAT: "json" })
        const code = yield* second.ended.pipe(Effect.timeout("30 seconds"))
        assert.deepStrictEqual(code, Option.some(1))
        const fatal = (yield* second.output).split("\n").filter((line) => /fatal/i.test(line))
        assert.strictEqual(fatal.length, 1, yield* second.output)
        assert.include(fatal[0], folder)
      }).pipe(Effect.scoped),
    150_000,
  )

  it.live(
    "says what is wrong with a value in one line",
    () =>
      Effect.gen(function* () {
        const folder = yield* dataDir
        const wrong = yield* startApp(bundle, { DATA_DIR: folder, PORT: "seventy", LOG_FORMAT: "json" })
        assert.deepStrictEqual(yield* wrong.ended.pipe(Effect.timeout("30 seconds")), Option.some(1))
        const lines = (yield* wrong.output).trim().split("\n")
        assert.strictEqual(lines.length, 1, yield* wrong.output)
        assert.include(lines[0], "PORT")
      }).pipe(Effect.scoped),
    60_000,
  )
})
