import type { PlainChannelConfig } from "@uptime/alerting/ChannelConfig"
import { noneConfirmed } from "@uptime/alerting/ConfirmedRecipients"
import { deliver } from "@uptime/alerting/Delivery"
import type { Mailer } from "@uptime/alerting/Mailer"
import type { TestResult } from "@uptime/contract/ChannelsApi"
import type { GuardedHttp } from "@uptime/prober/GuardedHttp"
import { Effect, type Either } from "effect"
import { testAlert } from "./TestAlert.ts"

/**
 * Sends a test message, once; why it was not delivered is said in fixed words, never the receiver's.
 *
 * @param config the channel's settings with secrets in plain; null where no recipient of an email has confirmed
 * @param publicUrl where the installation is; null where that is not known
 */
export const sendTestMessage = (
  config: Either.Either<PlainChannelConfig | null, { readonly message: string }>,
  publicUrl: string | null,
): Effect.Effect<TestResult, never, GuardedHttp | Mailer> =>
  Effect.gen(function* () {
    const plain = yield* Effect.mapError(config, ({ message }) => ({ message: `not sent: ${message}` }))
    if (plain === null) return yield* Effect.fail({ message: noneConfirmed })
    yield* deliver(plain, yield* testAlert(publicUrl))
  }).pipe(
    Effect.match({
      onSuccess: () => ({ delivered: true, message: null }),
      onFailure: ({ message }) => ({ delivered: false, message }),
    }),
  )
