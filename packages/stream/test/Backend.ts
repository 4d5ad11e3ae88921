import { it } from "@effect/vitest"
import type { Job } from "@uptime/domain/Job"
import { encodeJob } from "@uptime/domain/Job"
import { CheckStream, type StreamError } from "@uptime/stream/CheckStream"
import * as MemoryStream from "@uptime/stream/MemoryStream"
import * as RedisStream from "@uptime/stream/RedisStream"
import { shardsOf } from "@uptime/stream/StreamShards"
import { redisUrl } from "@uptime/testing/TestRedis"
import { Context, Effect, Fiber, type FastCheck as fc, Layer, Redacted, type Scope, TestClock } from "effect"
import { jobShard, shards } from "./Jobs.ts"
import { RawRedis, randomStreamKey } from "./RawRedis.ts"
import { sharedCluster } from "./SharedCluster.ts"

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

/** The stream on a Redis of which the raw client reaches the server that has the test's jobs. */
const onRedis = (name: string, start: Effect.Effect<Place, unknown, Scope.Scope>): Backend => {
  const run: Backend["run"] = (body) =>
    Effect.gen(function* () {
      const { jobsKey, jobsUrl, ...stream } = yield* start
      const layer = Layer.merge(RedisStream.layer(stream), Layer.provide(redisTime(jobsKey), RawRedis.layer(jobsUrl)))
      yield* Effect.provide(Effect.scoped(body), layer)
    }).pipe(Effect.scoped)
  return {
    name,
    run,
    test: (title, body, timeout) => it.live(title, () => run(body()), timeout),
    prop: (title, arbitrary, body, numRuns) =>
      it.live.prop(title, [arbitrary], ([value]) => run(body(value)), { fastCheck: { numRuns }, timeout: 60_000 }),
  }
}

/** Where a test's stream is, and where its jobs are in it. */
interface Place {
  readonly url: Redacted.Redacted
  readonly key: string
  readonly shards: number
  readonly jobsKey: string
  readonly jobsUrl: string
}

export const redis = onRedis(
  "in Redis",
  Effect.gen(function* () {
    const url = yield* redisUrl
    const key = yield* randomStreamKey
    return { url: Redacted.make(url), key, shards: 1, jobsKey: key, jobsUrl: url }
  }),
)

/** The key of the shard that the tests' jobs are in. */
const jobsKeyOf = (key: string) => shardsOf(key, shards)[jobShard]?.key ?? key

export const sharded = onRedis(
  "in shards of a Redis",
  Effect.gen(function* () {
    const url = yield* redisUrl
    const key = yield* randomStreamKey
    return { url: Redacted.make(url), key, shards, jobsKey: jobsKeyOf(key), jobsUrl: url }
  }),
)

export const clustered = onRedis(
  "in a cluster",
  Effect.gen(function* () {
    const { masterOf, url } = yield* sharedCluster
    const key = yield* randomStreamKey
    const jobsKey = jobsKeyOf(key)
    return { url: Redacted.make(url), key, shards, jobsKey, jobsUrl: (yield* masterOf(jobsKey)).url }
  }),
)
