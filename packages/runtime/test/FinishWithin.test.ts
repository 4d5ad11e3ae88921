import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Ref, TestClock } from "effect"
import { finishWithin } from "../src/FinishWithin.ts"

/** An effect that takes a minute in two halves, each of which says that it ended. */
const halves = Effect.gen(function* () {
  const begun = yield* Deferred.make<void>()
  const ended = yield* Ref.make<ReadonlyArray<string>>([])
  const half = (name: string) =>
    Effect.delay(
      Ref.update(ended, (all) => [...all, name]),
      "30 seconds",
    )
  const effect = Effect.zipRight(Deferred.succeed(begun, undefined), Effect.zipRight(half("first"), half("second")))
  return { begun: Deferred.await(begun), ended: Ref.get(ended), effect }
})

describe("finishWithin", () => {
  it.effect("changes nothing where nobody interrupts", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* finishWithin("1 second")(Effect.succeed(1)), 1)
      assert.deepStrictEqual(yield* Effect.exit(finishWithin("1 second")(Effect.fail("no"))), Exit.fail("no"))
    }),
  )

  it.effect("lets what is under way end when it ends in time, and only then is interrupted", () =>
    Effect.gen(function* () {
      const { begun, effect, ended } = yield* halves
      const fiber = yield* Effect.fork(finishWithin("2 minutes")(effect))
      yield* begun
      const interruption = yield* Effect.fork(Fiber.interrupt(fiber))
      yield* TestClock.adjust("61 seconds")
      assert.isTrue(Exit.isInterrupted(yield* Fiber.join(interruption)))
      assert.deepStrictEqual(yield* ended, ["first", "second"])
    }),
  )

  it.effect("interrupts what takes longer", () =>
    Effect.gen(function* () {
      const { begun, effect, ended } = yield* halves
      const fiber = yield* Effect.fork(finishWithin("40 seconds")(effect))
      yield* begun
      const interruption = yield* Effect.fork(Fiber.interrupt(fiber))
      yield* TestClock.adjust("41 seconds")
      assert.isTrue(Exit.isInterrupted(yield* Fiber.join(interruption)))
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(yield* ended, ["first"])
    }),
  )
})
