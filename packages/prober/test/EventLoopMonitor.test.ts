import { assert, describe, it } from "@effect/vitest"
import { blockedAfterMs, EventLoopMonitor } from "@uptime/prober/EventLoopMonitor"
import { monotonicNow } from "@uptime/prober/MonotonicClock"
import { Effect } from "effect"

const block = (ms: number) =>
  Effect.sync(() => {
    const until = monotonicNow() + ms
    while (monotonicNow() < until) {
      // Keeps the loop from turning, which is the point.
    }
  })

describe("the event loop", () => {
  it.scopedLive("was blocked when it stood still for more than a second, until long after", () =>
    Effect.gen(function* () {
      const monitor = yield* EventLoopMonitor
      const begin = monotonicNow()
      assert.isFalse(monitor.wasBlockedSince(begin))
      yield* block(blockedAfterMs + 300)
      // Told at once, before any timer has had its turn.
      assert.isTrue(monitor.wasBlockedSince(begin))
      const isOver = Effect.sync(() => !monitor.wasBlockedSince(monotonicNow())).pipe(
        Effect.tap(() => Effect.sleep("10 millis")),
        Effect.repeat({ until: (now) => now, times: 200 }),
      )
      assert.isTrue(yield* isOver)
      assert.isTrue(monitor.wasBlockedSince(begin))
    }).pipe(Effect.provide(EventLoopMonitor.layer)),
  )

  it.scopedLive("was not blocked by short work", () =>
    Effect.gen(function* () {
      const monitor = yield* EventLoopMonitor
      const begin = monotonicNow()
      yield* block(400)
      assert.isFalse(monitor.wasBlockedSince(begin))
    }).pipe(Effect.provide(EventLoopMonitor.layer)),
  )
})
