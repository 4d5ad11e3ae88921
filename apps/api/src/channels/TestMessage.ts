import { randomUUID } from "node:crypto"
import type { Alert } from "@uptime/alerting/Alert"
import type { PlainChannelConfig } from "@uptime/alerting/ChannelConfig"
import { keepsOpen } from "@uptime/alerting/Channels"
import { noneConfirmed } from "@uptime/alerting/ConfirmedRecipients"
import { deliver } from "@uptime/alerting/Delivery"
import type { Mailer } from "@uptime/alerting/Mailer"
import { testAlert } from "@uptime/alerting/TestAlert"
import type { TestResult } from "@uptime/contract/ChannelsApi"
import type { GuardedHttp } from "@uptime/prober/GuardedHttp"
import { Clock, Effect, type Either } from "effect"

/**
 * Sends a test message, once, and its end where a provider keeps open what a message opens; why it was not delivered is said in
 * fixed words, never the receiver's.
 *
 * @param config the channel's settings with secrets in plain; null where no recipient of an email has confirmed
 * @param publicUrl where the installation is; null where that is not known
 */
export const sendTestMessage = (
  config: Either.Either<PlainChannelConfig | null, { readonly message: string }>,
  publicUrl: string | null,
): Effect.Effect<TestResult, never, GuardedHttp | Mailer> =>
  Effect.gen(function* () {
    const plain = yield* Effect.mapError(config, ({ message }) => `not sent: ${message}`)
    if (plain === null) return yield* Effect.fail(noneConfirmed)
    const alert = testAlert(randomUUID(), yield* Clock.currentTimeMillis, publicUrl)
    yield* Effect.mapError(deliver(plain, alert), ({ reason }) => reason)
    return keepsOpen(plain.kind) ? yield* endOfTest(plain, alert) : null
  }).pipe(
    Effect.match({
      onSuccess: (message) => ({ delivered: true, message }),
      onFailure: (message) => ({ delivered: false, message }),
    }),
  )

/** Ends what a test opened; what became of it. */
const endOfTest = (config: PlainChannelConfig, alert: Alert) =>
  deliver(config, { ...alert, idempotencyKey: `${alert.idempotencyKey}:end`, resolvedAt: alert.at }).pipe(
    Effect.match({
      onSuccess: () => "the alert that it opened there was told to end",
      onFailure: ({ message }) => `the alert that it opened there could not be ended (${message}): close it there`,
    }),
  )
