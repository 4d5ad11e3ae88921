import { assert, describe, it } from "@effect/vitest"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { Region } from "@uptime/domain/Region"
import { noPhases } from "@uptime/domain/Result"
import { TestRunResult } from "@uptime/domain/TestRun"
import type { StreamError } from "@uptime/stream/CheckStream"
import * as MemoryTestRuns from "@uptime/stream/MemoryTestRuns"
import * as RedisTestRuns from "@uptime/stream/RedisTestRuns"
import { testRunKey, testRunKeys } from "@uptime/stream/StreamKeys"
import { AnswerMessage, TestRunMessage } from "@uptime/stream/TestRunMessages"
import { maxWaitingRuns, NotTested, TestRuns, type TestRunWorker } from "@uptime/stream/TestRuns"
import { eventually } from "@uptime/testing/Eventually"
import { redisUrl } from "@uptime/testing/TestRedis"
import {
  Context,
  DateTime,
  Effect,
  Either,
  Fiber,
  Layer,
  Option,
  Redacted,
  Schema,
  type Scope,
  TestClock,
} from "effect"
import { RawRedis, randomStreamKey } from "./RawRedis.ts"
import { sharedCluster } from "./SharedCluster.ts"

const usa = Region.make("USA")
const india = Region.make("India")

/** A check of the n-th target. */
const spec = (n: number): CheckSpec => ({
  kind: "http",
  url: `http://target/${n}`,
  timeoutMs: 100,
  http: { auth: { type: "bearer", token: { sealed: "v1:sealed" } } },
})

const result = (responseTimeMs: number): TestRunResult => ({
  checkedAt: DateTime.unsafeMake(0),
  status: "Up",
  responseTimeMs,
  phases: { ...noPhases, connect: 1.5 },
  httpStatus: 200,
  error: null,
  certificateExpiresAt: DateTime.unsafeMake(86_400_000),
  conditions: [{ condition: "[STATUS] == 200", severity: "Down", holds: true, seen: "200" }],
  evidence: { address: "192.0.2.1", headers: [["a", "\u0001"]], body: "\u2028é", certificate: null },
})

/** Processes that have test runs in common: one that asks, and others with workers. Time passes for what is awaited. */
interface Processes {
  readonly asker: TestRuns["Type"]
  readonly workers: TestRuns["Type"]
  /** Runs what waits for up to ten seconds. */
  readonly waits: <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>
}

const inMemory = Effect.gen(function* () {
  const testRuns = Context.get(yield* Layer.build(MemoryTestRuns.layer), TestRuns)
  const processes: Processes = {
    asker: testRuns,
    workers: testRuns,
    waits: (effect) =>
      Effect.fork(effect).pipe(
        Effect.tap(() => TestClock.adjust("10 seconds")),
        Effect.flatMap(Fiber.join),
      ),
  }
  return processes
})

const redisAt = (url: string, key: string) =>
  Effect.map(Layer.build(RedisTestRuns.layer({ url: Redacted.make(url), key })), Context.get(TestRuns))

const processesAt = Effect.fnUntraced(function* (url: string) {
  const key = yield* randomStreamKey
  const processes: Processes = {
    asker: yield* redisAt(url, key),
    workers: yield* redisAt(url, key),
    waits: (effect) => effect,
  }
  return { ...processes, url, key }
})

const inRedis = Effect.flatMap(redisUrl, processesAt)
const inCluster = Effect.flatMap(sharedCluster, ({ url }) => processesAt(url))

/** Takes runs until there is one. */
const taken = (worker: TestRunWorker) =>
  worker.take.pipe(
    Effect.retry({ times: 3 }),
    Effect.repeat({ until: Option.isSome, times: 5 }),
    Effect.flatMap((run) => (Option.isSome(run) ? Effect.succeed(run.value) : Effect.dieMessage("no run came"))),
  )

/** Whether nothing comes to a worker that waits; where a read is cut off because the machine stood still, it waits again. */
const nothingFor = (worker: TestRunWorker) => Effect.map(Effect.retry(worker.take, { times: 3 }), Option.isNone)

const takenAndAnswered = (worker: TestRunWorker, times: number) =>
  Effect.gen(function* () {
    const urls: Array<string> = []
    for (let i = 0; i < times; i++) {
      const run = yield* taken(worker)
      urls.push(run.spec.url)
      yield* run.answer(result(Number(run.spec.url.split("/").at(-1))))
    }
    return urls
  })

const reasonOf = (asked: Effect.Effect<TestRunResult, NotTested | StreamError>) =>
  Effect.map(Effect.flip(asked), (error) => (error instanceof NotTested ? error.reason : error.message))

/** Asks for the run of the n-th target; again where the machine stood still until a command was given up. */
const askPatiently = (asker: TestRuns["Type"], n: number) =>
  Effect.retry(asker.ask(usa, spec(n)), { times: 3, while: ({ _tag }) => _tag === "StreamError" })

/** Fails with the reason as soon as a run that is to be answered is not. */
const unlessRefused = <A, E>(effect: Effect.Effect<A, E>, asked: Fiber.Fiber<unknown, E>): Effect.Effect<A, E> =>
  Effect.raceFirst(effect, Effect.zipRight(Fiber.join(asked), Effect.never))

/** A run that waits. */
const waitingRun = (asker: TestRuns["Type"], n: number) =>
  Effect.fork(Effect.either(asker.ask(usa, spec(n)))).pipe(Effect.zipLeft(Effect.yieldNow()))

const suite = (
  name: string,
  test: (title: string, body: (processes: Processes) => Effect.Effect<void, unknown, Scope.Scope>) => void,
) =>
  describe.concurrent(`test runs ${name}`, () => {
    test("are each given to one worker of the region, whole, and answered to who asked", ({ asker, waits, workers }) =>
      Effect.gen(function* () {
        const one = yield* workers.worker(usa)
        const other = yield* workers.worker(usa)
        const elsewhere = yield* workers.worker(india)
        const asked = yield* Effect.fork(
          Effect.forEach([1, 2, 3, 4], (n) => asker.ask(usa, spec(n)), { concurrency: 4 }),
        )
        const first = yield* taken(one)
        assert.deepStrictEqual(first.spec, spec(Number(first.spec.url.split("/").at(-1))))
        const second = yield* taken(other)
        yield* second.answer(result(Number(second.spec.url.split("/").at(-1))))
        yield* first.answer(result(Number(first.spec.url.split("/").at(-1))))
        const others = yield* takenAndAnswered(one, 2)
        assert.deepStrictEqual(
          yield* Fiber.join(asked),
          [1, 2, 3, 4].map((n) => result(n)),
        )
        assert.lengthOf(new Set([first.spec.url, second.spec.url, ...others]), 4)
        assert.isTrue(yield* waits(nothingFor(elsewhere)))
      }))

    test("are not waited for in a region without a worker", ({ asker, workers }) =>
      Effect.gen(function* () {
        assert.strictEqual(yield* reasonOf(asker.ask(usa, spec(1))), "absent")
        yield* workers.worker(india)
        assert.strictEqual(yield* reasonOf(asker.ask(usa, spec(1))), "absent")
      }))

    test("that no worker takes in time are given up, and never run later", ({ asker, waits, workers }) =>
      Effect.gen(function* () {
        const worker = yield* workers.worker(usa)
        assert.strictEqual(yield* waits(reasonOf(asker.ask(usa, spec(1)))), "busy")
        assert.isTrue(yield* waits(nothingFor(worker)))
      }))

    test("that are not answered in time are given up, and a late answer does no harm", ({ asker, waits, workers }) =>
      Effect.gen(function* () {
        const worker = yield* workers.worker(usa)
        const asked = yield* Effect.fork(reasonOf(asker.ask(usa, spec(1))))
        const run = yield* taken(worker)
        assert.strictEqual(yield* waits(Fiber.join(asked)), "late")
        yield* run.answer(result(1))
        const again = yield* Effect.fork(askPatiently(asker, 2))
        yield* unlessRefused(takenAndAnswered(worker, 1), again)
        assert.deepStrictEqual(yield* Fiber.join(again), result(2))
      }))

    test("are taken back when who asked goes away", ({ asker, workers }) =>
      Effect.gen(function* () {
        const worker = yield* workers.worker(usa)
        const gone = yield* waitingRun(asker, 1)
        yield* Fiber.interrupt(gone)
        const asked = yield* waitingRun(asker, 2)
        assert.deepStrictEqual(yield* takenAndAnswered(worker, 1), [spec(2).url])
        assert.deepStrictEqual(yield* Fiber.join(asked), Either.right(result(2)))
      }))

    test("wait in a bounded number", ({ asker, waits, workers }) =>
      Effect.gen(function* () {
        const worker = yield* workers.worker(usa)
        const ended: Array<string> = []
        const asked = yield* Effect.forEach(
          Array.from({ length: maxWaitingRuns + 5 }, (_, n) => n),
          (n) =>
            Effect.fork(Effect.map(reasonOf(asker.ask(usa, spec(n))), (reason) => ended.push(reason))).pipe(
              Effect.zipLeft(Effect.yieldNow()),
            ),
        )
        const refused = yield* eventually(
          Effect.sync(() => [...ended]),
          ({ length }) => length === 5,
          "2 seconds",
        )
        assert.deepStrictEqual(new Set(refused), new Set(["busy"]))
        yield* Fiber.interruptAll(asked)
        assert.isTrue(yield* waits(nothingFor(worker)), "nothing of it is left")
      }))
  })

suite("in memory", (title, body) => it.scoped(title, () => Effect.flatMap(inMemory, body)))
suite("in Redis", (title, body) => it.scopedLive(title, () => Effect.flatMap(inRedis, body)))
suite("in a cluster", (title, body) => it.scopedLive(title, () => Effect.flatMap(inCluster, body)))

describe.concurrent("test runs in Redis", () => {
  it.scopedLive("leave nothing behind that does not end by itself", () =>
    Effect.gen(function* () {
      const { asker, key, url, workers } = yield* inRedis
      const raw = Context.get(yield* Layer.build(RawRedis.layer(url)), RawRedis)
      const keys = raw
        .call("keys", `*${key}*`)
        .pipe(Effect.map((found) => (Array.isArray(found) ? found.map(String) : [])))
      const present = testRunKeys(key, usa).workers
      const worker = yield* workers.worker(usa)
      const asked = yield* waitingRun(asker, 1)
      yield* eventually(keys, (found) => found.length === 3, "2 seconds")
      for (const one of yield* keys) {
        const life = Number(yield* raw.call("pttl", one))
        assert.isTrue(life > 0 && life <= 60_000, `${one}: ${life}`)
      }
      const run = yield* taken(worker)
      assert.deepStrictEqual(yield* keys, [present])
      yield* run.answer(result(1))
      assert.deepStrictEqual(yield* Fiber.join(asked), Either.right(result(1)))
      assert.deepStrictEqual(yield* keys, [present])
    }),
  )

  it.scopedLive("pass over what is no run", () =>
    Effect.gen(function* () {
      const { asker, key, url, workers } = yield* inRedis
      const raw = Context.get(yield* Layer.build(RawRedis.layer(url)), RawRedis)
      const worker = yield* workers.worker(usa)
      for (const [id, text] of [
        ["1", "no JSON"],
        ["2", '{"v":2}'],
        ["3", '{"v":1,"id":"x","listener":"y","spec":{}}'],
      ] as const) {
        yield* raw.call("set", testRunKey(key, id), text)
        yield* raw.call("rpush", testRunKeys(key, usa).waiting, id)
      }
      const asked = yield* waitingRun(asker, 4)
      assert.deepStrictEqual(yield* takenAndAnswered(worker, 1), [spec(4).url])
      assert.deepStrictEqual(yield* Fiber.join(asked), Either.right(result(4)))
    }),
  )

  it.scopedLive("are refused at once where there is no Redis, and neither side waits for it", () =>
    Effect.gen(function* () {
      const testRuns = yield* redisAt("redis://127.0.0.1:1", "test")
      const take = Effect.flatMap(testRuns.worker(usa), (worker) => worker.take)
      const [asked, took] = yield* Effect.all([Effect.flip(testRuns.ask(usa, spec(1))), Effect.flip(take)], {
        concurrency: 2,
      })
      assert.deepInclude(asked, { _tag: "StreamError", reason: "unavailable" })
      assert.strictEqual(took.reason, "unavailable")
    }).pipe(Effect.timeoutFail({ duration: "10 seconds", onTimeout: () => new Error("it waits") })),
  )

  const id = "7c1b0bb0-6f62-4b52-9f0e-3d9d8c2f6b11"
  it.effect.prop("are written and read as what they are", { result: TestRunResult }, ({ result }) =>
    Effect.gen(function* () {
      const answer: AnswerMessage = { v: 1, id, result }
      const text = yield* Schema.encode(AnswerMessage)(answer)
      assert.strictEqual(yield* Schema.encode(AnswerMessage)(yield* Schema.decode(AnswerMessage)(text)), text)
      const run: TestRunMessage = { v: 1, id, listener: id, spec: spec(1) }
      assert.deepStrictEqual(yield* Schema.decode(TestRunMessage)(yield* Schema.encode(TestRunMessage)(run)), run)
    }),
  )
})
