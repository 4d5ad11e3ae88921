import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpLayerRouter from "@effect/platform/HttpLayerRouter"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Layer, Ref, Schedule, Scope, TestClock } from "effect"
import { Draining, makeDraining } from "../src/Draining.ts"
import { Health } from "../src/Health.ts"
import { healthRoutes } from "../src/HealthRoutes.ts"
import { ProcessMetrics } from "../src/ProcessMetrics.ts"
import { parseExposition } from "./Exposition.ts"

describe("Health", () => {
  it.effect("is ready when every check succeeds, and names those that do not", () =>
    Effect.gen(function* () {
      const report = (checks: Record<string, Effect.Effect<unknown, string>>) =>
        Effect.flatMap(Health, (health) => health.report).pipe(Effect.provide(Health.layer(checks)))
      assert.deepStrictEqual(yield* report({ database: Effect.void }), { ready: true, failing: [] })
      assert.deepStrictEqual(
        yield* report({ database: Effect.fail("secret"), cache: Effect.void, stream: Effect.dieMessage("bug") }),
        { ready: false, failing: ["database", "stream"] },
      )
    }),
  )

  it.effect("gives up on a check after two seconds, even on one that cannot be interrupted", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.flatMap(Health, (health) => health.report).pipe(
        Effect.provide(Health.layer({ stuck: Effect.uninterruptible(Effect.sleep("1 day")), fine: Effect.void })),
        Effect.fork,
      )
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual(yield* Fiber.join(fiber), { ready: false, failing: ["stuck"] })
    }).pipe(Effect.timeout("3 days")),
  )

  it.scoped("asks at most once a second", () =>
    Effect.gen(function* () {
      const asked = yield* Ref.make(0)
      const context = yield* Layer.build(Health.layer({ counted: Ref.update(asked, (n) => n + 1) }))
      const report = Effect.flatMap(Health, (health) => health.report).pipe(Effect.provide(context))
      yield* Effect.all([report, report, report], { concurrency: "unbounded" })
      yield* report
      assert.strictEqual(yield* Ref.get(asked), 1)
      yield* TestClock.adjust("1001 millis")
      yield* report
      assert.strictEqual(yield* Ref.get(asked), 2)
    }),
  )

  it.scoped("answers others though the one who asked first hung up", () =>
    Effect.gen(function* () {
      const begun = yield* Deferred.make<void>()
      const answer = yield* Deferred.make<void>()
      const context = yield* Layer.build(
        Health.layer({ slow: Effect.zipRight(Deferred.succeed(begun, undefined), Deferred.await(answer)) }),
      )
      const report = Effect.flatMap(Health, (health) => health.report).pipe(Effect.provide(context))
      const first = yield* Effect.fork(report)
      yield* Deferred.await(begun)
      const second = yield* Effect.fork(report)
      yield* Fiber.interruptFork(first)
      yield* Deferred.succeed(answer, undefined)
      assert.deepStrictEqual(yield* Fiber.join(second), { ready: true, failing: [] })
    }),
  )
})

describe("healthRoutes", () => {
  const draining = makeDraining()
  const databaseUp = Ref.unsafeMake(true)

  const served = HttpLayerRouter.serve(healthRoutes, { disableLogger: true, disableListenLog: true }).pipe(
    Layer.provide(
      Layer.mergeAll(
        ProcessMetrics.layer,
        Health.layer({
          database: Effect.filterOrFail(
            Ref.get(databaseUp),
            (up) => up,
            () => "away",
          ),
        }),
      ),
    ),
    Layer.provide(Layer.succeed(Draining, draining)),
    Layer.provideMerge(NodeHttpServer.layerTest),
  )

  it.scopedLive("tell whether the process lives, is ready, and what it counts", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(served, scope)
      const get = (path: string) => HttpClient.get(path).pipe(Effect.provide(context))

      const alive = yield* get("/healthz")
      assert.strictEqual(alive.status, 200)
      assert.deepStrictEqual(yield* alive.json, { status: "alive" })

      const ready = yield* get("/readyz")
      assert.strictEqual(ready.status, 200)
      assert.deepStrictEqual(yield* ready.json, { status: "ready", failing: [] })

      const metrics = yield* get("/metrics")
      assert.strictEqual(metrics.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8")
      const families = parseExposition(yield* metrics.text)
      const value = (name: string) => families.get(name)?.samples[0]?.value ?? Number.NaN
      assert.isAbove(value("process_resident_memory_bytes"), 10_000_000)
      assert.isAbove(value("process_cpu_seconds_total"), 0)
      assert.isAtLeast(value("nodejs_eventloop_lag_p99_seconds"), 0)
      assert.isAbove(value("nodejs_active_resources_total"), 0)
      assert.isBelow(Math.abs(value("process_start_time_seconds") - process.hrtime()[0]), 4e9)

      yield* draining.begin
      yield* Ref.set(databaseUp, false)
      const unready = yield* get("/readyz").pipe(
        Effect.flatMap((answer) => Effect.map(answer.json, (body) => ({ status: answer.status, body }))),
        // The report from before holds for a second.
        Effect.filterOrFail(({ body }) => JSON.stringify(body).includes("database")),
        Effect.retry(Schedule.spaced("100 millis").pipe(Schedule.intersect(Schedule.recurs(30)))),
      )
      assert.deepStrictEqual(unready, { status: 503, body: { status: "unready", failing: ["draining", "database"] } })
      assert.strictEqual((yield* get("/healthz")).status, 200)
      yield* Scope.close(scope, Exit.void)
    }),
  )
})
