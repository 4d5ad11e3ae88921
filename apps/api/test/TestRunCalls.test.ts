import { assert, describe, it } from "@effect/vitest"
import { maxRunningOfOne, testRunRule } from "@uptime/api/testRuns/TestRunService"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { defaultRegions, Region } from "@uptime/domain/Region"
import { noPhases } from "@uptime/domain/Result"
import type { TestRunResult } from "@uptime/domain/TestRun"
import { SecretBox } from "@uptime/runtime/SecretBox"
import { StreamError } from "@uptime/stream/CheckStream"
import * as MemoryTestRuns from "@uptime/stream/MemoryTestRuns"
import * as RedisTestRuns from "@uptime/stream/RedisTestRuns"
import { TestRuns } from "@uptime/stream/TestRuns"
import { eventually } from "@uptime/testing/Eventually"
import { redisUrl } from "@uptime/testing/TestRedis"
import { Context, DateTime, Deferred, Effect, Either, Fiber, Layer, Option, Redacted } from "effect"
import { loggedIn } from "./LoggedIn.ts"
import { signUp } from "./Person.ts"
import { call, testSecrets } from "./World.ts"

const [usa, india] = defaultRegions
const route = "POST /api/monitor/test"
const unknownId = "0190a5f4-0000-7000-8000-00000000dead"

const seen: TestRunResult = {
  checkedAt: DateTime.unsafeMake("2026-01-01T00:00:00Z"),
  status: "Up",
  responseTimeMs: 12.5,
  phases: { ...noPhases, connect: 1.5, firstByte: 10, transfer: 1 },
  httpStatus: 200,
  error: null,
  certificateExpiresAt: null,
  conditions: [{ condition: "[STATUS] == 200", severity: "Down", holds: true, seen: "200" }],
  evidence: { address: "192.0.2.1", headers: [["server", "test"]], body: "hello", certificate: null },
}
const shown = { ...seen, checkedAt: "2026-01-01T00:00:00.000Z" }

/** A worker of a region that answers each run with what the test says. */
const worker = (
  testRuns: TestRuns["Type"],
  region: Region,
  answer: (spec: CheckSpec) => Effect.Effect<TestRunResult>,
) =>
  Effect.gen(function* () {
    const { take } = yield* testRuns.worker(region)
    yield* take.pipe(
      Effect.flatMap((taken) =>
        Option.isNone(taken) ? Effect.void : Effect.fork(Effect.flatMap(answer(taken.value.spec), taken.value.answer)),
      ),
      Effect.forever,
      Effect.forkScoped,
    )
  })

/** An api with somebody logged in to it, and the checks that workers of two regions were given. */
const world = (answer: (spec: CheckSpec) => Effect.Effect<TestRunResult> = () => Effect.succeed(seen)) =>
  Effect.gen(function* () {
    const testRuns = yield* Layer.build(MemoryTestRuns.layer)
    const specs: Array<CheckSpec> = []
    for (const region of defaultRegions) {
      yield* worker(Context.get(testRuns, TestRuns), region, (spec) => {
        specs.push(spec)
        return answer(spec)
      })
    }
    return { ...(yield* loggedIn({ testRuns: Layer.succeedContext(testRuns) })), specs }
  })

describe("a test run", () => {
  it.scopedLive("of a monitor that is not made yet shows what every region saw, and stores nothing", () =>
    Effect.gen(function* () {
      const { send, specs } = yield* world()
      const answer = yield* send(route, {
        url: "https://example.com/health",
        name: "Preview",
        tags: ["a"],
        timeoutMs: 1_500,
        conditions: [{ condition: "[STATUS] == 200", severity: "Down" }],
      })
      assert.strictEqual(answer.status, 200, answer.text)
      assert.deepStrictEqual(answer.body, {
        items: [
          { location: "USA", result: shown, problem: null },
          { location: "India", result: shown, problem: null },
        ],
      })
      const spec: CheckSpec = {
        kind: "http",
        url: "https://example.com/health",
        timeoutMs: 1_500,
        conditions: [{ condition: "[STATUS] == 200", severity: "Down" }],
      }
      assert.deepStrictEqual(specs, [spec, spec])
      assert.deepStrictEqual((yield* send("GET /api/monitor")).body, { items: [], nextCursor: null })
    }),
  )

  it.scopedLive("of a monitor tries it as it is, paused or not, from the regions that were asked for", () =>
    Effect.gen(function* () {
      const { send, specs } = yield* world()
      const { body } = yield* send("POST /api/monitor", { url: "tcp://example.com:5000", enabled: false })
      const answer = yield* send(route, { monitorId: body.id, regions: ["India"] })
      assert.deepStrictEqual(answer.body, { items: [{ location: "India", result: shown, problem: null }] })
      assert.deepStrictEqual(specs, [{ kind: "tcp", url: "tcp://example.com:5000", timeoutMs: 10_000 }])
      assert.deepInclude((yield* send(`GET /api/monitor/${body.id}`)).body, { enabled: false, latest: null })
    }),
  )

  it.scopedLive("uses the secrets that a monitor has, sealed, and takes them to no other server", () =>
    Effect.gen(function* () {
      const { send, specs } = yield* world()
      const auth = { type: "bearer", token: "opensesame" }
      const { body } = yield* send("POST /api/monitor", { url: "https://example.com/a", http: { auth } })
      const { unseal } = yield* Effect.provide(SecretBox, testSecrets)
      const tokens = () =>
        specs.splice(0).map(({ http, url }) => {
          assert.notInclude(JSON.stringify(http), "opensesame")
          return http?.auth?.type === "bearer" ? [url, Either.getOrThrow(unseal(http.auth.token))] : [url]
        })
      const from = { monitorId: body.id, regions: ["USA"] }
      const masked = { auth: { ...auth, token: "********" } }

      assert.strictEqual((yield* send(route, from)).status, 200)
      assert.strictEqual((yield* send(route, { ...from, url: "https://example.com/b", http: masked })).status, 200)
      assert.strictEqual((yield* send(route, { ...from, http: { auth: { ...auth, token: "other" } } })).status, 200)
      assert.deepStrictEqual(tokens(), [
        ["https://example.com/a", "opensesame"],
        ["https://example.com/b", "opensesame"],
        ["https://example.com/a", "other"],
      ])
      for (const url of ["https://example.org/a", "http://example.com/a", "https://example.com:8443/a"]) {
        for (const changes of [{ url }, { url, http: masked }]) {
          const refused = yield* send(route, { ...from, ...changes })
          assert.strictEqual(refused.status, 400, refused.text)
          assert.include(refused.body.message, "was given for another server")
        }
      }
      const without = yield* send(route, { url: "https://example.com/a", http: masked })
      assert.strictEqual(without.status, 400)
      assert.include(without.body.message, "there is none here to keep")
      assert.deepStrictEqual(tokens(), [])
    }),
  )

  it.scopedLive("is refused with what is wrong, and nobody is asked", () =>
    Effect.gen(function* () {
      const { send, specs } = yield* world()
      const heartbeat = yield* send("POST /api/monitor", { url: "heartbeat://", heartbeat: { periodSeconds: 60 } })
      const wrong: ReadonlyArray<readonly [body: object, status: number, message: string]> = [
        [{}, 400, "url: must be given, or monitorId"],
        [
          { url: "https://example.com/", regions: ["USA", "Mars"] },
          400,
          "regions.1: is no region of this installation",
        ],
        [{ url: "https://example.com/", regions: [] }, 400, "regions"],
        [{ url: "https://example.com/", id: unknownId }, 400, "id: is not a field"],
        [{ url: "tcp://example.com:1", http: {} }, 400, "http: is for checks of the kind http"],
        [{ url: "heartbeat://" }, 400, "url: is a heartbeat, which is awaited and cannot be tested"],
        [{ monitorId: heartbeat.body.id }, 400, "monitorId: is a heartbeat"],
        [{ url: "http://127.0.0.1/" }, 422, "This URL cannot be checked"],
        [{ url: "http://169.254.169.254/latest/meta-data/" }, 422, "This URL cannot be checked"],
        [{ monitorId: unknownId }, 404, "You have no monitor with this id."],
      ]
      for (const [body, status, message] of wrong) {
        const answer = yield* send(route, body)
        assert.strictEqual(answer.status, status, answer.text)
        assert.include(answer.body.message, message)
      }
      assert.deepStrictEqual(specs, [])
    }),
  )

  it.scopedLive("of a stranger's monitor is answered exactly as of none", () =>
    Effect.gen(function* () {
      const { base, send, specs } = yield* world()
      const { body } = yield* send("POST /api/monitor", { url: "https://example.com/" })
      const stranger = yield* signUp(base)
      for (const changes of [{}, { url: "http://127.0.0.1/" }, { url: "heartbeat://" }, { http: {} }]) {
        const [foreign, unknown] = yield* Effect.forEach([body.id, unknownId], (monitorId) =>
          call(base, route, { token: stranger.token, json: { monitorId, ...changes } }),
        )
        assert.strictEqual(foreign?.status, 404, foreign?.text)
        assert.deepStrictEqual([foreign?.status, foreign?.text], [unknown?.status, unknown?.text])
      }
      assert.deepStrictEqual(specs, [])
    }),
  )

  it.scopedLive("says which region has no worker", () =>
    Effect.gen(function* () {
      const testRuns = yield* Layer.build(MemoryTestRuns.layer)
      yield* worker(Context.get(testRuns, TestRuns), india, () => Effect.succeed(seen))
      const { send } = yield* loggedIn({ testRuns: Layer.succeedContext(testRuns) })
      assert.deepStrictEqual((yield* send(route, { url: "https://example.com/" })).body, {
        items: [
          { location: "USA", result: null, problem: "no worker of this region is running" },
          { location: "India", result: shown, problem: null },
        ],
      })
    }),
  )

  it.scopedLive("can be asked for so often, and so many at once", () =>
    Effect.gen(function* () {
      const open = yield* Deferred.make<void>()
      const { base, person, send, specs } = yield* world(() => Effect.as(Deferred.await(open), seen))
      const ask = call(base, route, { token: person.token, json: { url: "https://example.com/", regions: ["USA"] } })
      const held = yield* Effect.forEach(Array.from({ length: maxRunningOfOne }), () => Effect.fork(ask))
      yield* eventually(
        Effect.sync(() => specs.length),
        (count) => count === maxRunningOfOne,
        "5 seconds",
      )
      const beyond = yield* ask
      assert.strictEqual(beyond.status, 429, beyond.text)
      assert.strictEqual(beyond.headers.get("retry-after"), "5")
      yield* Deferred.succeed(open, undefined)
      for (const one of held) assert.strictEqual((yield* Fiber.join(one)).status, 200)

      const spent = maxRunningOfOne + 1
      for (let n = spent; n < testRunRule.limit; n++) assert.strictEqual((yield* ask).status, 200)
      const refused = yield* ask
      assert.strictEqual(refused.status, 429, refused.text)
      assert.isAbove(Number(refused.headers.get("retry-after")), 5)
      // What is refused for what it says costs no try, and others have their own.
      assert.strictEqual((yield* send(route, { url: "http://127.0.0.1/" })).status, 422)
      const other = yield* signUp(base)
      const answer = yield* call(base, route, { token: other.token, json: { url: "https://example.com/" } })
      assert.strictEqual(answer.status, 200)
    }),
  )

  it.scopedLive("is a 503 with a time to come back where Redis is away", () =>
    Effect.gen(function* () {
      const away = new StreamError({ reason: "unavailable", operation: "place test run", cause: "test" })
      const { base, person } = yield* loggedIn({ testRuns: Layer.mock(TestRuns, { ask: () => Effect.fail(away) }) })
      const answer = yield* call(base, route, { token: person.token, json: { url: "https://example.com/" } })
      assert.strictEqual(answer.status, 503, answer.text)
      assert.strictEqual(answer.headers.get("retry-after"), "5")
    }),
  )

  it.scopedLive("goes over Redis from an api to the workers of other processes, and is counted", () =>
    Effect.gen(function* () {
      const options = { url: Redacted.make(yield* redisUrl), key: `test:${crypto.randomUUID()}` }
      const region = Region.make("Elsewhere")
      const workers = Context.get(yield* Layer.build(RedisTestRuns.layer(options)), TestRuns)
      yield* worker(workers, usa, () => Effect.succeed(seen))
      const { base, send } = yield* loggedIn({
        testRuns: RedisTestRuns.layer(options),
        settings: { regions: [usa, region] },
      })
      const answer = yield* send(route, { url: "https://example.com/" })
      assert.deepStrictEqual(answer.body, {
        items: [
          { location: "USA", result: shown, problem: null },
          { location: "Elsewhere", result: null, problem: "no worker of this region is running" },
        ],
      })
      const metrics = (yield* call(base, "GET /metrics")).text
      assert.match(
        metrics,
        /^uptime_test_runs_total\{.*outcome="absent".*region="Elsewhere".*\} 1$|^uptime_test_runs_total\{.*region="Elsewhere".*outcome="absent".*\} 1$/m,
      )
    }),
  )
})
