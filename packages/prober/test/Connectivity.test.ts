import { createServer, type Server } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import { type ProbeOutcome, unmeasured } from "@uptime/domain/Result"
import { makeConnectivity, networkGone } from "@uptime/prober/Connectivity"
import { eventually } from "@uptime/testing/Eventually"
import { hostileServer, rawServer } from "@uptime/testing/HostileServer"
import { Deferred, Effect, Fiber, Metric, TestClock, TestServices } from "effect"
import { check } from "./HttpServerFixture.ts"
import { testProber, verdict } from "./TestProber.ts"

/** The gauge as `/metrics` shows it. */
const impaired = Effect.map(Metric.snapshot, (all) => {
  const state = all.find(({ metricKey }) => metricKey.name === "uptime_worker_impaired")?.metricState
  return state !== undefined && "value" in state ? Number(state.value) : null
})

/** A port on which nobody listens. */
const closedPort = Effect.scoped(
  Effect.map(
    rawServer(() => undefined),
    ({ port }) => port,
  ),
)

const listening = (port: number) =>
  Effect.acquireRelease(
    Effect.async<Server>((resume) => {
      const server = createServer((socket) => socket.destroy())
      server.listen(port, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) => Effect.sync(() => server.close()),
  )

const ofOwn: ProbeOutcome = unmeasured("internal", networkGone)

describe.sequential("a worker with canaries", () => {
  it.scopedLive("blames the target while a canary takes a connection, and looks at them once for many checks", () =>
    Effect.gen(function* () {
      let looks = 0
      const canary = yield* rawServer(() => {
        looks++
      })
      const [dead, target] = [yield* closedPort, yield* closedPort]
      const layer = testProber({
        canaries: [
          { host: "127.0.0.1", port: dead },
          { host: "canary.test", port: canary.port },
        ],
        names: { "canary.test": [["127.0.0.1"]] },
      })
      yield* Effect.gen(function* () {
        const checks = Array.from({ length: 30 }, () => check(`http://127.0.0.1:${target}/`))
        const outcomes = yield* Effect.all(checks, { concurrency: "unbounded" })
        for (const outcome of outcomes) assert.strictEqual(outcome.errorKind, "connect")
        assert.strictEqual(looks, 1)
        assert.strictEqual(yield* impaired, 0)
      }).pipe(Effect.provide(layer))
    }),
  )

  it.scopedLive("dials none while targets are reached, whatever is wrong with them", () =>
    Effect.gen(function* () {
      let looks = 0
      const canary = yield* rawServer(() => {
        looks++
      })
      const server = yield* hostileServer
      yield* Effect.forEach(["/good", "/status?code=500", "/garbage", "/silent"], (path) =>
        check(server.url + path, {}, { timeoutMs: 200 }),
      ).pipe(Effect.provide(testProber({ canaries: [{ host: "127.0.0.1", port: canary.port }] })))
      assert.strictEqual(looks, 0)
    }),
  )

  it.scoped("blames its own network while no canary does, and says so until one does again", () =>
    Effect.gen(function* () {
      const [port, target] = [yield* closedPort, yield* closedPort]
      const server = yield* hostileServer
      yield* Effect.gen(function* () {
        assert.deepStrictEqual(yield* check(`http://127.0.0.1:${target}/`), ofOwn)
        assert.strictEqual(yield* impaired, 1)
        assert.strictEqual((yield* check(`${server.url}/good`)).status, "Up")
        assert.strictEqual((yield* check(`${server.url}/status?code=500`)).errorKind, "status")
        yield* listening(port)
        yield* TestClock.adjust("5 seconds")
        yield* TestServices.provideLive(eventually(impaired, (value) => value === 0, "5 seconds"))
        assert.strictEqual((yield* check(`http://127.0.0.1:${target}/`)).errorKind, "connect")
      }).pipe(Effect.provide(testProber({ canaries: [{ host: "127.0.0.1", port }] })))
    }),
  )

  it.scopedLive("is told by one look, which outlives the check that asked for it first", () =>
    Effect.gen(function* () {
      const canary = yield* rawServer(() => undefined)
      const begun = yield* Deferred.make<void>()
      const known = yield* Deferred.make<ReadonlyArray<string>>()
      const resolve = () => Effect.zipRight(Deferred.succeed(begun, undefined), Deferred.await(known))
      const { judge } = yield* makeConnectivity([{ host: "canary.test", port: canary.port }], { resolve })
      const outcome = yield* Effect.provide(check(`http://127.0.0.1:${yield* closedPort}/`), testProber())
      const first = yield* Effect.fork(judge(outcome))
      yield* Deferred.await(begun)
      const second = yield* Effect.fork(judge(outcome))
      yield* Fiber.interrupt(first)
      yield* Deferred.succeed(known, ["127.0.0.1"])
      assert.deepStrictEqual(yield* Fiber.join(second), outcome)
    }),
  )
})

describe("a worker without canaries", () => {
  it.scopedLive("blames the target", () =>
    Effect.gen(function* () {
      const outcome = yield* check(`http://127.0.0.1:${yield* closedPort}/`)
      assert.strictEqual(verdict(outcome).kind, "connect")
    }).pipe(Effect.provide(testProber())),
  )
})
