import { type Clock, Duration, Effect } from "effect"

/** Somebody who waits, until an instant in nanoseconds, by a clock that nobody sets. */
interface Waiting {
  readonly until: bigint
  readonly over: () => void
}

/**
 * The ends of waits that are all equally long, told by one fiber, which is there while anybody waits: fibers and a timer for each,
 * mostly taken back, were 42 KB of objects for each call of the database.
 */
export class Deadlines {
  readonly #clock: Clock.Clock
  readonly #limitNs: bigint
  /** Whoever came first is over first. */
  readonly #waiting = new Set<Waiting>()
  #isWatched = false

  /**
   * Those of a limit by the clock of the fiber.
   *
   * @param limit how long each wait may be
   */
  static readonly of = (limit: Duration.Duration): Effect.Effect<Deadlines> =>
    Effect.clockWith((clock) =>
      Effect.sync(() => {
        const limits = byClock.get(clock) ?? new Map<number, Deadlines>()
        byClock.set(clock, limits)
        const limitMs = Duration.toMillis(limit)
        const known = limits.get(limitMs) ?? new Deadlines(clock, limitMs)
        limits.set(limitMs, known)
        return known
      }),
    )

  private constructor(clock: Clock.Clock, limitMs: number) {
    this.#clock = clock
    this.#limitNs = BigInt(limitMs) * nsPerMs
  }

  /**
   * Begins a wait.
   *
   * @param over is called once, when it is over by time
   * @returns ends it before, after which `over` is not called any more
   */
  readonly begin = (over: () => void): (() => void) => {
    const one: Waiting = { until: this.#clock.unsafeCurrentTimeNanos() + this.#limitNs, over }
    this.#waiting.add(one)
    if (!this.#isWatched) {
      this.#isWatched = true
      // By itself: the fiber that waits is not the one that all others wait by, and nothing of its request is kept.
      Effect.runFork(this.#watch)
    }
    return () => this.#waiting.delete(one)
  }

  /** Looks when the first is over. It wakes once in the time of the limit, however many come and go meanwhile. */
  readonly #watch: Effect.Effect<void> = Effect.suspend(() => {
    const now = this.#clock.unsafeCurrentTimeNanos()
    for (const one of this.#waiting) {
      if (one.until > now) return Effect.zipRight(this.#clock.sleep(Duration.nanos(one.until - now)), this.#watch)
      this.#waiting.delete(one)
      one.over()
    }
    this.#isWatched = false
    return Effect.void
  })
}

const nsPerMs = 1_000_000n

const byClock = new WeakMap<Clock.Clock, Map<number, Deadlines>>()
