import type { StoreError } from "@uptime/persistence/StoreError"
import { type Waiting, WaitingWork } from "@uptime/persistence/WaitingWork"
import { Effect } from "effect"

/** One round of a loop, done only where what it is for waits. */
export const ifWaiting =
  (what: keyof Waiting) =>
  <A, E, R>(round: Effect.Effect<A, E, R>): Effect.Effect<void, E | StoreError, R | WaitingWork> =>
    Effect.flatMap(WaitingWork, ({ look }) =>
      Effect.flatMap(look, (waiting) => (waiting[what] ? Effect.asVoid(round) : Effect.void)),
    )
