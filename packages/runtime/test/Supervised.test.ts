import { assert, describe, it } from "@effect/vitest"
import { Data, Deferred, Effect, Exit, Logger, LogLevel, Metric, Queue, Ref, Scope, TestClock } from "effect"
import { Draining, makeDraining } from "../src/Draining.ts"
import { supervised } from "../src/Supervised.ts"

class Away extends Data.TaggedError("Away")<{ readonly message: string; readonly cause?: unknown }> {}

/** The messages that are logged from here on, with their level. */
const captureLogs = Effect.gen(function* () {
  const lines: Array<readonly [string, string]> = []
  const logger = Logger.make<unknown, void>(({ logLevel, message }) => {
    lines.push([logLevel.label, Array.isArray(message) ? String(message[0]) : String(message)])
  })
  return { lines, layer: Logger.replace(Logger.defaultLogger, logger) }
})

describe("supervised", () => {
  it.scoped("starts at once and then runs on the beat, without making up for what it missed", () =>
    Effect.gen(function* () {
      const began = yield* Queue.unbounded<number>()
      const length = yield* Ref.make(0)
      const round = Effect.gen(function* () {
        yield* Queue.offer(began, yield* Effect.clockWith((clock) => clock.currentTimeMillis))
        yield* Effect.sleep(yield* Ref.get(length))
      })
      yield* supervised("beat", round, { every: "1 second" })
      assert.strictEqual(yield* Queue.take(began), 0)
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual(yield* Queue.take(began), 1000)
      assert.strictEqual(yield* Queue.take(began), 2000)
      yield* Ref.set(length, 3500)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Queue.take(began), 3000)
      yield* Ref.set(length, 0)
      yield* TestClock.adjust("4500 millis")
      assert.strictEqual(yield* Queue.take(began), 6500)
      assert.strictEqual(yield* Queue.take(began), 7500)
      assert.strictEqual(yield* Queue.size(began), 0)
    }),
  )

  it.scoped("backs off from 250 ms to 30 s while it fails, and counts every failure", () =>
    Effect.gen(function* () {
      const tries = yield* Queue.unbounded<number>()
      const round = Effect.gen(function* () {
        yield* Queue.offer(tries, yield* Effect.clockWith((clock) => clock.currentTimeMillis))
        return yield* new Away({ message: "away" })
      })
      yield* supervised("failing", round, { every: "1 second" })
      const gaps: Array<number> = []
      let last = yield* Queue.take(tries)
      for (let i = 0; i < 12; i++) {
        yield* TestClock.adjust("30 seconds")
        const next = yield* Queue.take(tries)
        // Several may have happened within these 30 s: only the gap between neighbours counts.
        gaps.push(next - last)
        last = next
      }
      gaps.forEach((gap, i) => {
        const base = Math.min(30_000, 250 * 2 ** i)
        assert.isAtLeast(gap, Math.min(30_000, base * 0.8) - 1)
        assert.isAtMost(gap, Math.min(30_000, base * 1.2) + 1)
      })
      const pairs = yield* Metric.snapshot
      const counted = pairs.find(
        (pair) =>
          pair.metricKey.name === "uptime_loop_failures_total" &&
          pair.metricKey.tags.some((tag) => tag.value === "failing"),
      )
      const state = counted?.metricState
      assert.isTrue(state !== undefined && "count" in state && Number(state.count) >= 13)
    }),
  )

  it.scoped("waits no longer than it is told", () =>
    Effect.gen(function* () {
      const tries = yield* Ref.make(0)
      const round = Effect.zipRight(
        Ref.update(tries, (n) => n + 1),
        Effect.fail("away"),
      )
      yield* supervised("impatient", round, { maxBackoff: "1 second" })
      yield* TestClock.adjust("1 minute")
      assert.isAtLeast(yield* Ref.get(tries), 60)
    }),
  )

  it.effect("logs a streak of failures once, and its end", () =>
    Effect.gen(function* () {
      const { layer, lines } = yield* captureLogs
      const broken = yield* Ref.make(true)
      const healed = yield* Deferred.make<void>()
      const round = Effect.gen(function* () {
        if (yield* Ref.get(broken)) {
          return yield* new Away({ message: "claim: away", cause: new Error("connect ECONNREFUSED") })
        }
        yield* Deferred.succeed(healed, undefined)
      })
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* supervised("streak", round, { every: "1 second" })
          yield* TestClock.adjust("5 minutes")
          yield* Ref.set(broken, false)
          yield* TestClock.adjust("31 seconds")
          yield* Deferred.await(healed)
          yield* TestClock.adjust("31 seconds")
        }),
      ).pipe(Effect.provide(layer))
      assert.deepStrictEqual(lines, [
        ["WARN", "loop streak failed and tries again: claim: away: connect ECONNREFUSED"],
        ["INFO", "loop streak works again"],
      ])
    }),
  )

  it.effect("survives a defect, a throw and an interruption from within", () =>
    Effect.gen(function* () {
      const { layer, lines } = yield* captureLogs
      const rounds = yield* Ref.make(0)
      const done = yield* Deferred.make<void>()
      const round = Effect.flatMap(
        Ref.updateAndGet(rounds, (n) => n + 1),
        (n) => {
          if (n === 1) return Effect.dieMessage("a bug")
          if (n === 3) return Effect.interrupt
          if (n === 5) throw new Error("thrown")
          return n === 6 ? Deferred.succeed(done, undefined) : Effect.void
        },
      )
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* supervised("unlucky", round, { every: "1 second" })
          yield* TestClock.adjust("10 seconds")
          yield* Deferred.await(done)
        }),
      ).pipe(Effect.provide(layer), Logger.withMinimumLogLevel(LogLevel.Warning))
      assert.deepStrictEqual(lines, [
        ["ERROR", "loop unlucky failed by a defect and goes on"],
        ["WARN", "loop unlucky failed and tries again: interrupted"],
        ["ERROR", "loop unlucky failed by a defect and goes on"],
      ])
    }),
  )

  it.effect("ends with its scope, after its round has cleaned up, and is named as open until then", () =>
    Effect.gen(function* () {
      const draining = makeDraining()
      const scope = yield* Scope.make()
      const running = yield* Deferred.make<void>()
      const cleaned = yield* Ref.make<ReadonlyArray<string>>([])
      const round = Effect.zipRight(Deferred.succeed(running, undefined), Effect.never).pipe(
        Effect.onInterrupt(() => Effect.flatMap(draining.open, (open) => Ref.set(cleaned, open))),
      )
      yield* supervised("cleaning", round).pipe(Scope.extend(scope), Effect.provideService(Draining, draining))
      yield* Deferred.await(running)
      assert.deepStrictEqual(yield* draining.open, ["loop cleaning"])
      yield* Scope.close(scope, Exit.void)
      assert.deepStrictEqual(yield* Ref.get(cleaned), ["loop cleaning"])
      assert.deepStrictEqual(yield* draining.open, [])
    }),
  )
})
