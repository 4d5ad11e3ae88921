import { assert, describe, it } from "@effect/vitest"
import type { CheckSpec } from "@uptime/domain/CheckSpec"
import { Region } from "@uptime/domain/Region"
import type { ProbeOutcome } from "@uptime/domain/Result"
import { testRunResult } from "@uptime/domain/TestRun"
import { Prober } from "@uptime/prober/Prober"
import * as MemoryTestRuns from "@uptime/stream/MemoryTestRuns"
import { NotTested, TestRuns } from "@uptime/stream/TestRuns"
import { layer, maxTestRuns } from "@uptime/worker/TestRunner"
import { Context, Effect, Either, Fiber, Layer, TestClock } from "effect"
import { up, usa } from "./World.ts"

const spec = (n: number): CheckSpec => ({ kind: "http", url: `http://target/${n}`, timeoutMs: 2_000 })

/** Workers of two regions over a prober that does what the test says, and whoever asks them. */
const world = (probeOnce: (spec: CheckSpec) => Effect.Effect<ProbeOutcome>) =>
  Effect.gen(function* () {
    const testRuns = yield* Layer.build(MemoryTestRuns.layer)
    yield* Layer.build(
      Layer.merge(layer({ region: usa }), layer({ region: Region.make("India") })).pipe(
        Layer.provide([Layer.succeedContext(testRuns), Layer.mock(Prober, { probeOnce })]),
      ),
    )
    return Context.get(testRuns, TestRuns)
  })

const late = Either.left(new NotTested({ reason: "late" }))

describe("test runs of a worker", () => {
  it.scoped("are probed once, at once, and answered with all that was seen", () =>
    Effect.gen(function* () {
      const outcome: ProbeOutcome = {
        ...up,
        conditions: [{ condition: "[STATUS] == 200", severity: "Down", holds: true, seen: "200" }],
        evidence: { address: "192.0.2.1", headers: [["a", "b"]], body: "hello", certificate: null },
      }
      const probed: Array<string> = []
      const testRuns = yield* world(({ url }) =>
        Effect.sync(() => {
          probed.push(url)
          return outcome
        }),
      )
      yield* TestClock.adjust("1 minute")
      const asked = [yield* testRuns.ask(usa, spec(1)), yield* testRuns.ask(Region.make("India"), spec(2))]
      assert.deepStrictEqual(asked, [testRunResult(outcome, 60_000), testRunResult(outcome, 60_000)])
      assert.deepStrictEqual(asked[0]?.evidence?.body, "hello")
      assert.deepStrictEqual(probed, [spec(1).url, spec(2).url])
    }),
  )

  it.scoped("run a few at a time, and go on", () =>
    Effect.gen(function* () {
      let running = 0
      let most = 0
      const testRuns = yield* world(() =>
        Effect.acquireUseRelease(
          Effect.sync(() => {
            running++
            most = Math.max(most, running)
          }),
          () => Effect.as(Effect.sleep("1 second"), up),
          () => Effect.sync(() => void running--),
        ),
      )
      const asked = yield* Effect.fork(
        Effect.forEach(
          Array.from({ length: 3 * maxTestRuns }, (_, n) => n),
          (n) => testRuns.ask(usa, spec(n)),
          { concurrency: "unbounded" },
        ),
      )
      yield* TestClock.adjust("10 seconds")
      const results = yield* Fiber.join(asked)
      assert.lengthOf(results, 3 * maxTestRuns)
      assert.strictEqual(most, maxTestRuns)
    }),
  )

  it.scoped("that break down or hang are not answered, and take no place for good", () =>
    Effect.gen(function* () {
      let turn = 0
      const testRuns = yield* world(() =>
        Effect.suspend(() => {
          turn++
          if (turn <= maxTestRuns) return Effect.dieMessage("the prober is broken")
          return turn <= 2 * maxTestRuns ? Effect.never : Effect.succeed(up)
        }),
      )
      for (let i = 0; i < 2; i++) {
        const asked = yield* Effect.fork(
          Effect.forEach(
            Array.from({ length: maxTestRuns }, (_, n) => n),
            (n) => Effect.either(testRuns.ask(usa, spec(n))),
            { concurrency: "unbounded" },
          ),
        )
        yield* TestClock.adjust("10 seconds")
        assert.deepStrictEqual(
          yield* Fiber.join(asked),
          Array.from({ length: maxTestRuns }, () => late),
        )
      }
      assert.strictEqual((yield* testRuns.ask(usa, spec(9))).status, "Up")
    }),
  )

  it.scoped("are not taken any more once the worker has stopped", () =>
    Effect.gen(function* () {
      const testRuns = yield* Layer.build(MemoryTestRuns.layer)
      const runner = layer({ region: usa }).pipe(
        Layer.provide([Layer.succeedContext(testRuns), Layer.mock(Prober, { probeOnce: () => Effect.succeed(up) })]),
      )
      const { ask } = Context.get(testRuns, TestRuns)
      yield* Effect.scoped(Effect.zipRight(Layer.build(runner), ask(usa, spec(1))))
      assert.deepStrictEqual(yield* Effect.either(ask(usa, spec(2))), Either.left(new NotTested({ reason: "absent" })))
    }),
  )
})
