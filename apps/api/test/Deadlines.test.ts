import { assert, describe, it } from "@effect/vitest"
import { Deadlines } from "@uptime/api/Deadlines"
import { Clock, Duration, Effect, FastCheck, TestClock } from "effect"

const limitMs = 2500

/** Who begins to wait so long after the one before, in milliseconds, and ends it after another while, or never. */
const waits = FastCheck.array(
  FastCheck.record({
    afterMs: FastCheck.integer({ min: 0, max: 3 * limitMs }),
    endsAfterMs: FastCheck.option(FastCheck.integer({ min: 0, max: limitMs - 1 })),
  }),
  { maxLength: 20 },
)

describe("Deadlines", () => {
  it.effect.prop(
    "tell everybody once, at the limit and not before, but those who have ended their wait",
    { waits },
    ({ waits }) =>
      Effect.gen(function* () {
        const deadlines = yield* Deadlines.of(Duration.millis(limitMs))
        const began = yield* Clock.currentTimeMillis
        const told = new Map<number, Array<number>>()
        const clock = yield* Effect.clock
        /** What happens, by the instant since the beginning. */
        const plan: Array<{ readonly at: number; readonly does: () => void }> = []
        const expected = new Map<number, Array<number>>()
        let at = 0
        waits.forEach(({ afterMs, endsAfterMs }, index) => {
          at += afterMs
          let end: () => void = () => undefined
          plan.push({
            at,
            does: () => {
              end = deadlines.begin(() => {
                told.set(index, [...(told.get(index) ?? []), clock.unsafeCurrentTimeMillis() - began])
              })
            },
          })
          if (endsAfterMs === null) expected.set(index, [at + limitMs])
          else plan.push({ at: at + endsAfterMs, does: () => end() })
        })
        let now = 0
        for (const { at, does } of plan.sort((a, b) => a.at - b.at)) {
          // In steps, as time passes: nobody is told late because it went by in one.
          yield* TestClock.adjust(Duration.millis(at - now))
          now = at
          does()
        }
        yield* TestClock.adjust(Duration.millis(2 * limitMs))
        assert.deepStrictEqual([...told].sort(), [...expected].sort())
      }).pipe(Effect.provide(TestClock.defaultTestClock)),
    { fastCheck: { numRuns: 25 } },
  )

  it.effect("are told in time although the machine's clock is set back meanwhile", () =>
    Effect.gen(function* () {
      const clock = yield* Effect.clock
      let setBackMs = 0
      const wall: Clock.Clock = {
        ...clock,
        unsafeCurrentTimeMillis: () => clock.unsafeCurrentTimeMillis() - setBackMs,
        unsafeCurrentTimeNanos: () => clock.unsafeCurrentTimeNanos(),
        sleep: (duration) => clock.sleep(duration),
      }
      const deadlines = yield* Effect.withClock(Deadlines.of(Duration.millis(limitMs)), wall)
      const told: Array<string> = []
      deadlines.begin(() => told.push("first"))
      yield* TestClock.adjust("1 second")
      setBackMs = 3_600_000
      deadlines.begin(() => told.push("second"))
      yield* TestClock.adjust("1500 millis")
      assert.deepStrictEqual(told, ["first"])
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(told, ["first", "second"])
    }),
  )

  it.effect("are the same ones for one limit and clock", () =>
    Effect.gen(function* () {
      const deadlines = yield* Deadlines.of(Duration.millis(limitMs))
      assert.strictEqual(yield* Deadlines.of(Duration.seconds(2.5)), deadlines)
      assert.notStrictEqual(yield* Deadlines.of(Duration.millis(limitMs + 1)), deadlines)
    }),
  )
})
