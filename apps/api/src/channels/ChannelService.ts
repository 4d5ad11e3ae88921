import type { ChannelConfig, StoredChannelConfig } from "@uptime/alerting/ChannelConfig"
import { type SecretNotGiven, sealSecrets, unsealSecrets } from "@uptime/alerting/ChannelSecrets"
import { recipientsToConfirm, toConfirmedOnly } from "@uptime/alerting/ConfirmedRecipients"
import type { Mailer } from "@uptime/alerting/Mailer"
import { unsendable } from "@uptime/alerting/UnsendableSettings"
import {
  LimitReached,
  type NotFound,
  SecretsUnavailable,
  type ServiceUnavailable,
  type TooManyRequests,
  ValidationFailed,
} from "@uptime/contract/ApiErrors"
import type {
  ChannelCreate,
  ChannelEdit,
  ChannelPage,
  ChannelQuery,
  ChannelView,
  DeliveryPage,
  DeliveryQuery,
  LatestDeliveries,
  RecipientAsk,
  TestResult,
} from "@uptime/contract/ChannelsApi"
import { defaultLimit } from "@uptime/contract/Page"
import type { ChannelId, UserId } from "@uptime/domain/Ids"
import type { StoredChannel } from "@uptime/persistence/Channel"
import { Channels } from "@uptime/persistence/Channels"
import type { GuardedHttp } from "@uptime/prober/GuardedHttp"
import { SecretBox } from "@uptime/runtime/SecretBox"
import { Context, DateTime, Effect, Either, Layer, Option } from "effect"
import { ApiSettings } from "../ApiSettings.ts"
import { RateLimits, type RateRule } from "../auth/RateLimits.ts"
import { ownedCalls } from "../OwnedCall.ts"
import { pageOf } from "../PageOf.ts"
import { storeCall } from "../StoreCall.ts"
import { refusedReceivers } from "./AllowedReceiver.ts"
import { channelViews, storedConfig } from "./ChannelView.ts"
import { RecipientConfirmations } from "./RecipientConfirmations.ts"
import { sendTestMessage } from "./TestMessage.ts"

/** How often an account may send test messages: they go to whomever it names, some of them by the operator's mail server. */
export const testRule: RateRule = { name: "channel-test", limit: 20, windowMs: 600_000 }

/** Why settings are not taken. */
type SettingsError = ValidationFailed | SecretsUnavailable

/** Where a person is told of incidents. Every method sees the channels of `userId` alone. */
export class ChannelService extends Context.Tag("@uptime/api/ChannelService")<
  ChannelService,
  {
    /** Adds a channel, its secrets sealed, and asks recipients of emails to confirm. */
    readonly create: (
      userId: UserId,
      input: ChannelCreate,
    ) => Effect.Effect<ChannelView, SettingsError | LimitReached | TooManyRequests | ServiceUnavailable>
    /** A page of channels, newest first. */
    readonly list: (userId: UserId, query: ChannelQuery) => Effect.Effect<ChannelPage, ServiceUnavailable>
    /** One channel. */
    readonly get: (userId: UserId, id: ChannelId) => Effect.Effect<ChannelView, NotFound | ServiceUnavailable>
    /** Changes what `changes` names; secrets sent as their mask stay what they are while messages go where they did. */
    readonly edit: (
      userId: UserId,
      id: ChannelId,
      changes: ChannelEdit,
    ) => Effect.Effect<ChannelView, SettingsError | NotFound | TooManyRequests | ServiceUnavailable>
    /** Deletes a channel; messages that wait for it are not sent. */
    readonly remove: (userId: UserId, id: ChannelId) => Effect.Effect<void, NotFound | ServiceUnavailable>
    /**
     * Sends a message now, once, and ends what it opened; why it was not delivered is said in fixed words, never the
     * receiver's.
     */
    readonly test: (
      userId: UserId,
      id: ChannelId,
    ) => Effect.Effect<TestResult, NotFound | TooManyRequests | ServiceUnavailable>
    /** Asks a recipient of an email channel again to confirm. */
    readonly askRecipient: (
      userId: UserId,
      id: ChannelId,
      input: RecipientAsk,
    ) => Effect.Effect<TestResult, ValidationFailed | NotFound | TooManyRequests | ServiceUnavailable>
    /** A page of the messages to a channel, newest first. */
    readonly deliveries: (
      userId: UserId,
      id: ChannelId,
      query: DeliveryQuery,
    ) => Effect.Effect<DeliveryPage, NotFound | ServiceUnavailable>
    /** The newest message to each channel that had any, in no order. */
    readonly latestDeliveries: (userId: UserId) => Effect.Effect<LatestDeliveries, ServiceUnavailable>
  }
>() {
  static readonly layerNoDeps = Layer.effect(
    this,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const channels = yield* Channels
  const settings = yield* ApiSettings
  const limits = yield* RateLimits
  const secrets = yield* SecretBox
  const confirmations = yield* RecipientConfirmations
  const context = yield* Effect.context<GuardedHttp | Mailer>()

  const sealed = Effect.fnUntraced(function* (config: ChannelConfig, stored: StoredChannelConfig | null) {
    const refused = refusedReceivers(settings.targetPolicy, config)
    if (refused.length > 0) return yield* ValidationFailed.of(refused)
    const next = yield* sealSecrets(config, stored, secrets.seal).pipe(
      Effect.catchTags({ SecretNotGiven: secretMissing, SecretUnreadable: () => SecretsUnavailable.create() }),
    )
    // What was sealed under another key cannot be looked at, and stays what it is.
    const problems = Either.match(unsealSecrets(next, secrets.unseal), { onLeft: () => [], onRight: unsendable })
    if (problems.length > 0) {
      return yield* ValidationFailed.of(problems.map(({ message, path }) => ({ path: ["config", ...path], message })))
    }
    return next
  })
  const views = (userId: UserId, found: ReadonlyArray<StoredChannel>) =>
    channelViews(found, (addresses) => confirmations.states(userId, addresses))
  const view = (userId: UserId, channel: StoredChannel) =>
    Effect.flatMap(views(userId, [channel]), ([one]) =>
      one === undefined ? Effect.dieMessage("a channel has no view") : Effect.succeed(one),
    )

  return ChannelService.of({
    create: Effect.fn("ChannelService.create")(function* (userId, input) {
      const { config, enabled = true, isDefault = true, name, quietHours = null } = input
      const stored = { name, config: yield* sealed(config, null), enabled, isDefault, quietHours }
      const asked = yield* confirmations.toAsk(userId, null, config)
      const created = yield* Effect.catchTag(storeCall(channels.create(userId, stored)), "TooManyChannels", (error) =>
        LimitReached.of("channels", error.limit),
      )
      yield* confirmations.ask(userId, asked)
      return yield* view(userId, created)
    }),

    list: Effect.fn("ChannelService.list")(function* (userId, { cursor, limit = defaultLimit }) {
      const found = yield* storeCall(channels.list(userId, limit + 1, cursor ?? null))
      return pageOf(yield* views(userId, found), limit, ({ createdAt, id }) => ({
        createdAt: DateTime.toEpochMillis(createdAt),
        id,
      }))
    }),

    get: Effect.fn("ChannelService.get")((userId, id) =>
      Effect.flatMap(owned(channels.get(userId, id)), (channel) => view(userId, channel)),
    ),

    edit: Effect.fn("ChannelService.edit")(function* (userId, id, { config, ...changes }) {
      let asked: ReadonlyArray<string> = []
      const edited = channels.update(
        userId,
        id,
        Effect.fnUntraced(function* (before) {
          if (config === undefined) return { ...before, ...changes }
          const known = yield* storedConfig(before.config)
          const next = { ...before, ...changes, config: yield* sealed(config, known) }
          asked = yield* confirmations.toAsk(userId, known, config)
          return next
        }),
      )
      const channel = yield* owned(edited)
      yield* confirmations.ask(userId, asked)
      return yield* view(userId, channel)
    }),

    remove: Effect.fn("ChannelService.remove")((userId, id) => owned(channels.remove(userId, id))),

    test: Effect.fn("ChannelService.test")(function* (userId, id) {
      const { config } = yield* owned(channels.get(userId, id))
      yield* limits.consume([{ rule: testRule, subject: userId }])
      const known = yield* storedConfig(config)
      const recipients = yield* confirmations.states(userId, recipientsToConfirm(known))
      const confirmed = recipients.flatMap(({ address, state }) =>
        state === "own" || state === "confirmed" ? [address.toLowerCase()] : [],
      )
      const allowed = Either.map(unsealSecrets(known, secrets.unseal), (plain) => toConfirmedOnly(plain, confirmed))
      return yield* Effect.provide(sendTestMessage(allowed, Option.getOrNull(settings.publicUrl)), context)
    }),

    askRecipient: Effect.fn("ChannelService.askRecipient")(function* (userId, id, { address }) {
      const { config } = yield* owned(channels.get(userId, id))
      const named = recipientsToConfirm(yield* storedConfig(config))
      const recipient = named.find((one) => one.toLowerCase() === address.toLowerCase())
      if (recipient === undefined) return yield* ValidationFailed.of([{ path: ["address"], message: noRecipient }])
      return yield* confirmations.askAgain(userId, recipient)
    }),

    deliveries: Effect.fn("ChannelService.deliveries")(function* (userId, id, { cursor, limit = defaultLimit }) {
      const found = yield* owned(channels.deliveries(userId, id, limit + 1, cursor?.id ?? null))
      return pageOf(found, limit, ({ id }) => ({ id }))
    }),

    latestDeliveries: Effect.fn("ChannelService.latestDeliveries")((userId) =>
      Effect.map(storeCall(channels.latestDeliveries(userId)), (items) => ({ items })),
    ),
  })
})

const noRecipient = "is not an address that this channel sends to by the installation's own mail server"

/** Calls that name a channel. */
const owned = ownedCalls("ChannelNotFound", "channel")

const secretMissing = ({ field, problem }: SecretNotGiven) => {
  const path = field
    .replace(/\[(\d+)\]/g, ".$1")
    .split(".")
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
  return ValidationFailed.of([{ path: ["config", ...path], message: problem }])
}
