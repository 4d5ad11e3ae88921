import type { StoreError } from "@uptime/persistence/StoreError"
import { Effect, Metric, Schedule } from "effect"
import type { DeliveryFailed } from "./DeliveryFailed.ts"
import * as DispatchMetrics from "./DispatchMetrics.ts"
import { retryDelayMs } from "./RetryDelay.ts"

/** Where it is noted what became of messages. */
interface NotedOutbox {
  readonly sent: (id: number) => Effect.Effect<void, StoreError>
  readonly failed: (
    id: number,
    error: string,
    retryAfterMs: number | null,
    recipientsLeft: ReadonlyArray<string> | null,
  ) => Effect.Effect<"pending" | "dead", StoreError>
}

/** A message that was tried: its number, and how often it was tried before. */
interface TriedMessage {
  readonly id: number
  readonly attempts: number
}

/**
 * Notes what became of a message, for as long as its lease may last, and counts it. What cannot be noted is logged: the lease
 * runs out and the message is sent again, under the same name, which the receiver knows it by.
 *
 * @param kind what it is counted as: the kind of its channel, or `subscriber`
 * @param failure why it was not delivered; null where it was
 * @returns what the message is from now on; `leased` where that could not be noted
 */
export const noteDelivery = (
  outbox: NotedOutbox,
  kind: string,
  { attempts, id }: TriedMessage,
  failure: DeliveryFailed | null,
): Effect.Effect<"sent" | "pending" | "dead" | "leased"> =>
  Effect.gen(function* () {
    const noted = failure === null ? Effect.as(outbox.sent(id), "sent" as const) : failed(outbox, attempts, id, failure)
    const state = yield* Effect.retry(noted, whileAway)
    const tried = Metric.tagged(DispatchMetrics.deliveries, "kind", kind)
    yield* Metric.increment(Metric.tagged(tried, "outcome", state === "pending" ? "retried" : state))
    return state
  }).pipe(
    Effect.catchAll((error) =>
      Effect.logWarning("what became of a message could not be noted").pipe(
        Effect.annotateLogs({ kind, reason: error.message }),
        Effect.as("leased" as const),
      ),
    ),
  )

const failed = (outbox: NotedOutbox, attempts: number, id: number, failure: DeliveryFailed) => {
  const { left = null, reason, retryAfterMs, retryable } = failure
  return outbox.failed(id, reason, retryable ? retryDelayMs(attempts, retryAfterMs) : null, left)
}

const whileAway = {
  schedule: Schedule.exponential("250 millis").pipe(
    Schedule.union(Schedule.spaced("5 seconds")),
    Schedule.upTo("40 seconds"),
  ),
  while: ({ reason }: StoreError) => reason === "unavailable" || reason === "conflict",
}
