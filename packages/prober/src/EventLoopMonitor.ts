import { Context, Effect, Layer } from "effect"
import { monotonicNow } from "./MonotonicClock.ts"

/** How often the loop is looked at, in milliseconds. */
const intervalMs = 250
/** From how long a pause of the loop on, in milliseconds, nothing that was measured meanwhile can be trusted. */
export const blockedAfterMs = 1_000

/**
 * Tells whether this process was too busy to measure: one timer for all probes, which notes when it fires late. A probe
 * that fails while the loop stood still may have failed because of it.
 */
export class EventLoopMonitor extends Context.Tag("@uptime/prober/EventLoopMonitor")<
  EventLoopMonitor,
  {
    /**
     * Whether the event loop stood still for more than a second at any time since an instant of `monotonicNow`.
     * Synchronous, for the end of a probe.
     */
    readonly wasBlockedSince: (instant: number) => boolean
  }
>() {
  /** Watches the loop of this process until the scope closes. */
  static readonly layer: Layer.Layer<EventLoopMonitor> = Layer.scoped(
    this,
    Effect.acquireRelease(Effect.sync(watch), ({ timer }) => Effect.sync(() => clearInterval(timer))).pipe(
      Effect.map(({ wasBlockedSince }) => EventLoopMonitor.of({ wasBlockedSince })),
    ),
  )
}

function watch() {
  let lastTick = monotonicNow()
  let blockedUntil = Number.NEGATIVE_INFINITY
  const isLate = (now: number) => now - lastTick > intervalMs + blockedAfterMs
  const timer = setInterval(() => {
    const now = monotonicNow()
    if (isLate(now)) blockedUntil = now
    lastTick = now
  }, intervalMs)
  timer.unref()
  return {
    timer,
    // After a pause the timers that are due fire in any order: a probe's deadline may be asked before the tick above.
    wasBlockedSince: (instant: number) => blockedUntil >= instant || isLate(monotonicNow()),
  }
}
