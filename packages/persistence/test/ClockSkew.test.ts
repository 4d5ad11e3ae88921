import { assert, describe, it } from "@effect/vitest"
import { eventually } from "@uptime/testing/Eventually"
import { migratedDatabase } from "@uptime/testing/TestDatabase"
import { Clock, Duration, Effect, Layer, Logger, Metric, Redacted } from "effect"
import * as ClockSkew from "../src/ClockSkew.ts"
import * as PostgresSql from "../src/PostgresSql.ts"

/** A clock that is so many milliseconds ahead of this machine's. */
const clockAhead = (ms: number): Clock.Clock => {
  const real = Clock.make()
  return {
    [Clock.ClockTypeId]: Clock.ClockTypeId,
    unsafeCurrentTimeNanos: () => real.unsafeCurrentTimeNanos(),
    currentTimeNanos: real.currentTimeNanos,
    sleep: (duration) => real.sleep(duration),
    unsafeCurrentTimeMillis: () => real.unsafeCurrentTimeMillis() + ms,
    currentTimeMillis: Effect.map(real.currentTimeMillis, (now) => now + ms),
  }
}

const skewSeconds = Effect.map(Metric.snapshot, (pairs) => {
  const found = pairs.find(({ metricKey }) => metricKey.name === "uptime_clock_skew_seconds")
  return found === undefined ? null : Number(Reflect.get(found.metricState, "value"))
})

/** What is logged, and what the gauge says, once it was looked at by a clock that is so far ahead. */
const seenWith = (ms: number) =>
  Effect.gen(function* () {
    const lines: Array<string> = []
    const logger = Logger.make(({ message }) => {
      lines.push(String(message))
    })
    const url = Redacted.make(yield* migratedDatabase)
    const expected = ms / 1000
    yield* Effect.scoped(
      Effect.gen(function* () {
        yield* Layer.build(
          ClockSkew.layer.pipe(
            Layer.provide(PostgresSql.layer({ url, applicationName: "a test", maxConnections: 1 })),
            Layer.provide(Logger.replace(Logger.defaultLogger, logger)),
          ),
        ).pipe(Effect.withClock(clockAhead(ms)))
        yield* eventually(skewSeconds, (seen) => seen !== null && Math.abs(seen - expected) < 1, Duration.seconds(20))
        if (Math.abs(ms) > ClockSkew.skewAlarmMs) {
          yield* eventually(
            Effect.sync(() => lines.length),
            (count) => count > 0,
            "5 seconds",
          )
        }
      }),
    )
    return lines
  })

// One after the other: the gauge is one for all.
describe("ClockSkew", () => {
  it.scopedLive("says how far a clock is from the database's that schedules", () =>
    Effect.gen(function* () {
      assert.match(
        (yield* seenWith(300_000)).join("\n"),
        /^this machine's clock is (300\.0|299\.\d) s ahead of the database's/,
      )
      assert.match((yield* seenWith(-3_600_000)).join("\n"), /clock is (3600|3599)\.\d s behind the database's/)
    }),
  )

  it.scopedLive("says nothing of a clock that is right", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* seenWith(0), [])
    }),
  )
})
