import type { PageMessage } from "@uptime/persistence/PageOutbox"
import { GuardedHttp } from "@uptime/prober/GuardedHttp"
import { SecretBox } from "@uptime/runtime/SecretBox"
import { Effect } from "effect"
import { deliveryTimeoutMs, postMessage } from "./Delivery.ts"
import { DeliveryFailed } from "./DeliveryFailed.ts"
import { Mailer } from "./Mailer.ts"
import { SubscriberHttp } from "./SubscriberHttp.ts"
import { subscriberMessage } from "./SubscriberMessage.ts"
import { webhookMessage } from "./SubscriberWebhook.ts"

/**
 * Sends a message to a subscriber, once, by email or to a webhook.
 *
 * @param publicUrl where the installation is; null where that is not known
 */
export const deliverToSubscriber = (
  message: PageMessage,
  publicUrl: string | null,
): Effect.Effect<void, DeliveryFailed, Mailer | SubscriberHttp | SecretBox> =>
  message.kind === "email" ? byMail(message, publicUrl) : toWebhook(message, publicUrl)

const byMail = Effect.fnUntraced(function* (message: PageMessage, publicUrl: string | null) {
  const mailer = yield* Mailer
  const mail = subscriberMessage(message, publicUrl)
  yield* mail === null ? noAddress : mailer.send(mail, deliveryTimeoutMs)
})

const toWebhook = Effect.fnUntraced(function* (message: PageMessage, publicUrl: string | null) {
  const secrets = yield* SecretBox
  const http = yield* SubscriberHttp
  const { signingSecret } = message
  if (signingSecret === null) return yield* failed(false, "not sent: the subscription has no secret to sign with")
  const secret = yield* Effect.mapError(secrets.unseal(signingSecret), (error) =>
    failed(true, `not sent: ${error.message}`),
  )
  const request = webhookMessage(message, secret, publicUrl)
  if (request === null) return yield* noAddress
  // The same on every try, and without the dots that part what is signed.
  const id = `page-${message.noticeId}-${message.id}`
  yield* postMessage("webhook", request, id).pipe(Effect.provideService(GuardedHttp, http))
})

const failed = (retryable: boolean, message: string): DeliveryFailed =>
  new DeliveryFailed({ retryable, retryAfterMs: null, message })

const noAddress = failed(true, "not sent: the page has no address to link to (PUBLIC_URL, or a domain of its own)")
