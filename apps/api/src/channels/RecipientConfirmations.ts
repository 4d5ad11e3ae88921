import { createHash } from "node:crypto"
import type { ChannelConfig, StoredChannelConfig } from "@uptime/alerting/ChannelConfig"
import { recipientsToConfirm } from "@uptime/alerting/ConfirmedRecipients"
import { deliveryTimeoutMs } from "@uptime/alerting/Delivery"
import { Mailer } from "@uptime/alerting/Mailer"
import { recipientMail } from "@uptime/alerting/RecipientMail"
import { type ServiceUnavailable, type TooManyRequests, ValidationFailed } from "@uptime/contract/ApiErrors"
import type { TestResult } from "@uptime/contract/ChannelsApi"
import type { UserId } from "@uptime/domain/Ids"
import type { Recipient } from "@uptime/domain/Recipient"
import {
  confirmRecipientWithinDays,
  EmailRecipients,
  type RecipientQuestion,
  refusedDays,
} from "@uptime/persistence/EmailRecipients"
import { Context, Effect, Layer, Option } from "effect"
import { ApiSettings } from "../ApiSettings.ts"
import { RateLimits, type RateRule } from "../auth/RateLimits.ts"
import { storeCall } from "../StoreCall.ts"

/** How often people are asked to confirm: by one account, and at one address, whoever asks. */
export const askRules = {
  account: { name: "recipient-account", limit: 30, windowMs: 86_400_000 },
  address: { name: "recipient-address", limit: 5, windowMs: 86_400_000 },
} as const satisfies Record<string, RateRule>

/** Asks people whether they want the emails of a channel, before they are sent any. */
export class RecipientConfirmations extends Context.Tag("@uptime/api/RecipientConfirmations")<
  RecipientConfirmations,
  {
    /** What is known of addresses, in their order. */
    readonly states: (
      userId: UserId,
      addresses: ReadonlyArray<string>,
    ) => Effect.Effect<ReadonlyArray<Recipient>, ServiceUnavailable>
    /**
     * Who is to be asked when settings take the place of others: whom they name anew, and who did not confirm before. Fails
     * for somebody who wants no emails of this account, and where too many are asked.
     */
    readonly toAsk: (
      userId: UserId,
      before: StoredChannelConfig | null,
      config: ChannelConfig,
    ) => Effect.Effect<ReadonlyArray<string>, ValidationFailed | TooManyRequests | ServiceUnavailable>
    /** Asks people, without waiting for the mail server. */
    readonly ask: (userId: UserId, addresses: ReadonlyArray<string>) => Effect.Effect<void, ServiceUnavailable>
    /** Asks one of them again; why that was not delivered is said in fixed words. */
    readonly askAgain: (
      userId: UserId,
      address: string,
    ) => Effect.Effect<TestResult, TooManyRequests | ServiceUnavailable>
  }
>() {
  static readonly layerNoDeps = Layer.scoped(
    this,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const recipients = yield* EmailRecipients
  const mailer = yield* Mailer
  const limits = yield* RateLimits
  const settings = yield* ApiSettings
  const scope = yield* Effect.scope
  const publicUrl = Option.getOrNull(settings.publicUrl)

  const count = (userId: UserId, address: string) =>
    limits.consume([
      { rule: askRules.account, subject: userId },
      { rule: askRules.address, subject: digest(address.toLowerCase()) },
    ])
  const states = (userId: UserId, addresses: ReadonlyArray<string>) => storeCall(recipients.states(userId, addresses))
  const write = (origin: string, address: string, { askedBy, token }: RecipientQuestion) =>
    mailer.send(
      recipientMail({
        address,
        askedBy,
        publicUrl: origin,
        token,
        name: digest(token),
        confirmDays: confirmRecipientWithinDays,
        refusedDays,
      }),
      deliveryTimeoutMs,
    )

  return RecipientConfirmations.of({
    states,

    toAsk: Effect.fn("RecipientConfirmations.toAsk")(function* (userId, before, config) {
      const known = new Set(before === null ? [] : recipientsToConfirm(before))
      const named = recipientsToConfirm(config).map((address, index) => ({ address, index }))
      const added = named.filter(({ address }) => !known.has(address))
      const found = yield* states(
        userId,
        added.map(({ address }) => address),
      )
      const refused = added.filter((_, i) => found[i]?.state === "refused")
      if (refused.length > 0) {
        return yield* ValidationFailed.of(
          refused.map(({ index }) => ({ path: ["config", "to", index], message: wantsNone })),
        )
      }
      if (!mailer.hasServer || publicUrl === null) return []
      const asked = found.filter(({ state }) => state === "unconfirmed").map(({ address }) => address)
      yield* Effect.forEach(asked, (address) => count(userId, address), { discard: true })
      return asked
    }),

    ask: Effect.fn("RecipientConfirmations.ask")(function* (userId, addresses) {
      for (const address of addresses) {
        const question = yield* storeCall(recipients.ask(userId, address))
        if (question === null || publicUrl === null) continue
        yield* Effect.forkIn(
          Effect.catchAll(write(publicUrl, address, question), ({ message }) =>
            Effect.logWarning("a recipient could not be asked").pipe(Effect.annotateLogs({ reason: message })),
          ),
          scope,
        )
      }
    }),

    askAgain: Effect.fn("RecipientConfirmations.askAgain")(function* (userId, address) {
      if (publicUrl === null) return notDelivered(noAddress)
      yield* count(userId, address)
      const question = yield* storeCall(recipients.ask(userId, address))
      if (question === null) {
        const [recipient] = yield* states(userId, [address])
        return notDelivered(recipient?.state === "refused" ? `not sent: ${wantsNone}` : confirmedAlready)
      }
      return yield* Effect.match(write(publicUrl, address, question), {
        onSuccess: () => ({ delivered: true, message: null }),
        onFailure: ({ message }) => notDelivered(message),
      })
    }),
  })
})

const notDelivered = (message: string): TestResult => ({ delivered: false, message })

const wantsNone = `wants no emails of this account, and cannot be asked again for ${refusedDays} days after saying so`
const confirmedAlready = "not sent: this recipient has confirmed already"
const noAddress = "not sent: this installation has no address that a link could lead to (PUBLIC_URL)"

const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32)
