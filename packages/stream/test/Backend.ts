import { it } from "@effect/vitest"
import type { Job } from "@uptime/domain/Job"
import { encodeJob } from "@uptime/domain/Job"
import { CheckStream, type StreamError } from "@uptime/stream/CheckStream"
import * as MemoryStream from "@uptime/stream/MemoryStream"
import * as RedisStream from "@uptime/stream/RedisStream"
import { redisUrl } from "@uptime/testing/TestRedis"
import { Context, Effect, Fiber, type FastCheck as fc, Layer, Redacted, type Scope, TestClock } from "effect"
import { RawRedis, randomStreamKey } from "./RawRedis.ts"

/** What the conformance suite does to a stream that its callers cannot: let time pass. */
export class Time extends Context.Tag("@uptime/stream/test/Time")<
  Time,
  {
    /** Lets pending entries be idle for that much longer. */
    readonly idle: (ms: number) => Effect.Effect<void>
    /** Publishes jobs that are of that age by the time this ends. */
    readonly publishAged: (jobs: ReadonlyArray<Job>, ageMs: number) => Effect.Effect<void, StreamError>
    /** Runs what waits for up to two seconds. */
    readonly waits: <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>
  }
>() {}

export type Body = () => Effect.Effect<void, unknown, CheckStream | Time | Scope.Scope>

/** A kind of stream, and how a test runs on one of its own. */
export interface Backend {
  readonly name: string
  readonly run: (body: ReturnType<Body>) => Effect.Effect<void, unknown>
  readonly test: (title: string, body: Body, timeout?: number) => void
  readonly prop: <A>(
    title: string,
    arbitrary: fc.Arbitrary<A>,
    body: (value: A) => ReturnType<Body>,
    numRuns: number,
  ) => void
}

const memoryTime = Layer.effect(
  Time,
  Effect.map(CheckStream, (stream) => ({
    idle: TestClock.adjust,
    publishAged: (jobs, ageMs) => Effect.zipRight(stream.publish(jobs), TestClock.adjust(ageMs)),
    waits: (effect) =>
      Effect.fork(effect).pipe(
        Effect.tap(() => TestClock.adjust(2_000)),
        Effect.flatMap(Fiber.join),
      ),
  })),
)

const memoryLayer = Layer.provideMerge(memoryTime, MemoryStream.layer())

const runInMemory: Backend["run"] = (body) => Effect.provide(Effect.scoped(body), Layer.fresh(memoryLayer))

export const memory: Backend = {
  name: "in memory",
  run: runInMemory,
  test: (title, body, timeout) => it.effect(title, () => runInMemory(body()), timeout),
  prop: (title, arbitrary, body, numRuns) =>
    it.effect.prop(title, [arbitrary], ([value]) => runInMemory(body(value)), {
      fastCheck: { numRuns },
      timeout: 60_000,
    }),
}

const redisTime = (key: string) =>
  Layer.effect(
    Time,
    Effect.map(RawRedis, (raw) => ({
      idle: (ms) => raw.idle(key, ms),
      publishAged: (jobs, ageMs) =>
        Effect.gen(function* () {
          const now = yield* raw.now
          for (const [i, job] of jobs.entries()) {
            yield* raw.call("xadd", key, `${now - ageMs}-${i + 1}`, "job", encodeJob(job))
          }
        }),
      waits: (effect) => effect,
    })),
  )

const runInRedis: Backend["run"] = (body) =>
  Effect.gen(function* () {
    const url = yield* redisUrl
    const key = yield* randomStreamKey
    const layer = Layer.merge(
      RedisStream.layer({ url: Redacted.make(url), key }),
      Layer.provide(redisTime(key), RawRedis.layer(url)),
    )
    yield* Effect.provide(Effect.scoped(body), layer)
  })

export const redis: Backend = {
  name: "in Redis",
  run: runInRedis,
  test: (title, body, timeout) => it.live(title, () => runInRedis(body()), timeout),
  prop: (title, arbitrary, body, numRuns) =>
    it.live.prop(title, [arbitrary], ([value]) => runInRedis(body(value)), { fastCheck: { numRuns }, timeout: 60_000 }),
}
