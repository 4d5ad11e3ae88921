import { Effect, Option, Queue, type Scope } from "effect"
import { type Heard, maxWaiting } from "./Events.ts"

/** Those who listen within one process, each with a bounded queue of its own. */
export interface Subscribers {
  readonly size: () => number
  /** Gives something to all of them; one whose queue is full gets a gap in its place. */
  readonly tell: (heard: Heard) => void
  readonly subscribe: Effect.Effect<Queue.Dequeue<Heard>, never, Scope.Scope>
}

/** Nobody yet. */
export const makeSubscribers = (): Subscribers => {
  const queues = new Map<Queue.Queue<Heard>, { lagging: boolean }>()
  return {
    size: () => queues.size,
    tell: (heard) => {
      for (const [queue, state] of queues) {
        // One place is kept for the gap.
        if (Option.getOrElse(queue.unsafeSize(), () => maxWaiting) < maxWaiting - 1) {
          state.lagging = false
          queue.unsafeOffer(heard)
        } else if (!state.lagging) {
          state.lagging = true
          queue.unsafeOffer({ _tag: "Gap" })
        }
      }
    },
    subscribe: Effect.acquireRelease(
      Effect.map(Queue.dropping<Heard>(maxWaiting), (queue) => {
        queues.set(queue, { lagging: false })
        return queue
      }),
      (queue) =>
        Effect.zipRight(
          Effect.sync(() => queues.delete(queue)),
          Queue.shutdown(queue),
        ),
    ),
  }
}
