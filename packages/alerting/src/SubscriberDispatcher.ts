import { type PageMessage, PageOutbox } from "@uptime/persistence/PageOutbox"
import type { StoreError } from "@uptime/persistence/StoreError"
import { finishWithin } from "@uptime/runtime/FinishWithin"
import { Context, Effect, Layer } from "effect"
import type { Installation } from "./AlertOf.ts"
import { deliveryTimeoutMs } from "./Delivery.ts"
import { DeliveryFailed } from "./DeliveryFailed.ts"
import { noteDelivery } from "./DeliveryNote.ts"
import { Mailer } from "./Mailer.ts"
import { subscriberMessage } from "./SubscriberMessage.ts"

/** The most messages that one dispatcher sends at once. */
const maxAtOnce = 8

/** The most messages of one round; what is left is the next round's. */
const maxOfRound = 2_000

/** How long deliveries that are under way may go on when the process stops. */
const finishLimit = "10 seconds"

/**
 * Sends what subscribers of status pages are told, by the installation's mail server. Any number of processes may do so at
 * once. A message is marked as sent once it was: a process that ends in between sends it again, under the same identifier.
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
  static readonly layer = (installation: Installation): Layer.Layer<SubscriberDispatcher, never, PageOutbox | Mailer> =>
    Layer.effect(
      SubscriberDispatcher,
      Effect.gen(function* () {
        const outbox = yield* PageOutbox
        const mailer = yield* Mailer
        const some = Effect.gen(function* () {
          const messages = yield* outbox.lease(maxAtOnce)
          yield* Effect.forEach(messages, (message) => deliverOne(outbox, mailer, installation, message), {
            concurrency: maxAtOnce,
            discard: true,
          })
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

const deliverOne = (
  outbox: PageOutbox["Type"],
  mailer: Mailer["Type"],
  { publicUrl }: Installation,
  message: PageMessage,
) =>
  Effect.gen(function* () {
    const mail = subscriberMessage(message, publicUrl)
    const failure =
      mail === null
        ? noAddress
        : yield* mailer
            .send(mail, deliveryTimeoutMs)
            .pipe(Effect.as(null), Effect.catchTag("DeliveryFailed", Effect.succeed))
    yield* noteDelivery(outbox, "subscriber", message, failure)
  })

const noAddress = new DeliveryFailed({
  retryable: true,
  retryAfterMs: null,
  message: "not sent: the page has no address to link to (PUBLIC_URL, or a domain of its own)",
})
