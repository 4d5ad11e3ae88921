import { type PageMessage, PageOutbox } from "@uptime/persistence/PageOutbox"
import type { StoreError } from "@uptime/persistence/StoreError"
import { finishWithin } from "@uptime/runtime/FinishWithin"
import type { SecretBox } from "@uptime/runtime/SecretBox"
import { Context, Effect, Layer } from "effect"
import type { Installation } from "./AlertOf.ts"
import { noteDelivery } from "./DeliveryNote.ts"
import type { Mailer } from "./Mailer.ts"
import { deliverToSubscriber } from "./SubscriberDelivery.ts"
import type { SubscriberHttp } from "./SubscriberHttp.ts"

/** The most messages that one dispatcher sends at once. */
const maxAtOnce = 8

/** The most messages of one round; what is left is the next round's. */
const maxOfRound = 2_000

/** How long deliveries that are under way may go on when the process stops. */
const finishLimit = "10 seconds"

/**
 * Sends what subscribers of status pages are told, by email and to webhooks. Any number of processes may do so at
 * once. A message is marked as sent once it was: a process that ends in between sends it again, under the same identifier.
 * A webhook that answers 410 Gone is told nothing more, as Standard Webhooks has it.
 */
export class SubscriberDispatcher extends Context.Tag("@uptime/alerting/SubscriberDispatcher")<
  SubscriberDispatcher,
  {
    /**
     * Sends messages until none is due, 8 at once. What is not delivered is tried again as `retryDelayMs` says.
     *
     * @returns how many were tried
     */
    readonly dispatch: Effect.Effect<number, StoreError>
  }
>() {
  static readonly layer = (
    installation: Installation,
  ): Layer.Layer<SubscriberDispatcher, never, PageOutbox | Mailer | SubscriberHttp | SecretBox> =>
    Layer.effect(
      SubscriberDispatcher,
      Effect.gen(function* () {
        const outbox = yield* PageOutbox
        const context = yield* Effect.context<Mailer | SubscriberHttp | SecretBox>()
        const some = Effect.gen(function* () {
          const messages = yield* outbox.lease(maxAtOnce)
          yield* Effect.forEach(
            messages,
            (message) => Effect.provide(deliverOne(outbox, installation, message), context),
            {
              concurrency: maxAtOnce,
              discard: true,
            },
          )
          return messages.length
        }).pipe(finishWithin(finishLimit))
        return SubscriberDispatcher.of({
          dispatch: Effect.gen(function* () {
            let tried = 0
            while (tried < maxOfRound) {
              const count = yield* some
              if (count === 0) break
              tried += count
            }
            return tried
          }),
        })
      }),
    )
}

const deliverOne = Effect.fnUntraced(function* (
  outbox: PageOutbox["Type"],
  { publicUrl }: Installation,
  message: PageMessage,
) {
  const failure = yield* deliverToSubscriber(message, publicUrl).pipe(
    Effect.as(null),
    Effect.catchTag("DeliveryFailed", Effect.succeed),
  )
  const isGone = message.kind === "webhook" && failure?.isGone === true
  const noted = isGone ? { ...outbox, failed: () => Effect.as(outbox.gone(message.id), "dead" as const) } : outbox
  yield* noteDelivery(noted, "subscriber", message, failure)
})
