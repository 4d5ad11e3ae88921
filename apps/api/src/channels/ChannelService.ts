import type { ChannelConfig, StoredChannelConfig } from "@uptime/alerting/ChannelConfig"
import { type SecretNotGiven, sealSecrets, unsealSecrets } from "@uptime/alerting/ChannelSecrets"
import { deliver } from "@uptime/alerting/Delivery"
import type { Mailer } from "@uptime/alerting/Mailer"
import {
  LimitReached,
  NotFound,
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
  TestResult,
} from "@uptime/contract/ChannelsApi"
import { defaultLimit } from "@uptime/contract/Page"
import type { ChannelId, UserId } from "@uptime/domain/Ids"
import { Channels } from "@uptime/persistence/Channels"
import type { GuardedHttp } from "@uptime/prober/GuardedHttp"
import { SecretBox } from "@uptime/runtime/SecretBox"
import { Context, DateTime, Effect, Layer, Option } from "effect"
import { ApiSettings } from "../ApiSettings.ts"
import { RateLimits, type RateRule } from "../auth/RateLimits.ts"
import { pageOf } from "../PageOf.ts"
import { storeCall } from "../StoreCall.ts"
import { refusedReceivers } from "./AllowedReceiver.ts"
import { channelView, storedConfig } from "./ChannelView.ts"
import { testAlert } from "./TestAlert.ts"

/** How often an account may send test messages: they go to whomever it names, some of them by the operator's mail server. */
export const testRule: RateRule = { name: "channel-test", limit: 20, windowMs: 600_000 }

/** Why settings are not taken. */
type SettingsError = ValidationFailed | SecretsUnavailable

/** Where a person is told of incidents. Every method sees the channels of `userId` alone. */
export class ChannelService extends Context.Tag("@uptime/api/ChannelService")<
  ChannelService,
  {
    /** Adds a channel, its secrets sealed. */
    readonly create: (
      userId: UserId,
      input: ChannelCreate,
    ) => Effect.Effect<ChannelView, SettingsError | LimitReached | ServiceUnavailable>
    /** A page of channels, newest first. */
    readonly list: (userId: UserId, query: ChannelQuery) => Effect.Effect<ChannelPage, ServiceUnavailable>
    /** One channel. */
    readonly get: (userId: UserId, id: ChannelId) => Effect.Effect<ChannelView, NotFound | ServiceUnavailable>
    /** Changes what `changes` names; secrets sent as their mask stay what they are. */
    readonly edit: (
      userId: UserId,
      id: ChannelId,
      changes: ChannelEdit,
    ) => Effect.Effect<ChannelView, SettingsError | NotFound | ServiceUnavailable>
    /** Deletes a channel; messages that wait for it are not sent. */
    readonly remove: (userId: UserId, id: ChannelId) => Effect.Effect<void, NotFound | ServiceUnavailable>
    /** Sends a message now, once; why it was not delivered is said in fixed words, never the receiver's. */
    readonly test: (
      userId: UserId,
      id: ChannelId,
    ) => Effect.Effect<TestResult, NotFound | TooManyRequests | ServiceUnavailable>
    /** A page of the messages to a channel, newest first. */
    readonly deliveries: (
      userId: UserId,
      id: ChannelId,
      query: DeliveryQuery,
    ) => Effect.Effect<DeliveryPage, NotFound | ServiceUnavailable>
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
  const context = yield* Effect.context<GuardedHttp | Mailer>()

  const sealed = (config: ChannelConfig, stored: StoredChannelConfig | null) =>
    Effect.gen(function* () {
      const refused = refusedReceivers(settings.targetPolicy, config)
      if (refused.length > 0) return yield* ValidationFailed.of(refused)
      return yield* sealSecrets(config, stored, secrets.seal).pipe(
        Effect.catchTags({ SecretNotGiven: secretMissing, SecretUnreadable: () => SecretsUnavailable.create() }),
      )
    })
  const send = (config: StoredChannelConfig): Effect.Effect<TestResult> =>
    unsealSecrets(config, secrets.unseal).pipe(
      Effect.mapError(({ message }) => ({ message: `not sent: ${message}` })),
      Effect.flatMap((plain) =>
        Effect.flatMap(testAlert(Option.getOrNull(settings.publicUrl)), (alert) => deliver(plain, alert)),
      ),
      Effect.provide(context),
      Effect.match({
        onSuccess: () => ({ delivered: true, message: null }),
        onFailure: ({ message }) => ({ delivered: false, message }),
      }),
    )

  return ChannelService.of({
    create: Effect.fn("ChannelService.create")(function* (userId, input) {
      const { config, enabled = true, isDefault = true, name, quietHours = null } = input
      const stored = { name, config: yield* sealed(config, null), enabled, isDefault, quietHours }
      const created = yield* Effect.catchTag(storeCall(channels.create(userId, stored)), "TooManyChannels", (error) =>
        LimitReached.of("channels", error.limit),
      )
      return yield* channelView(created)
    }),

    list: Effect.fn("ChannelService.list")(function* (userId, { cursor, limit = defaultLimit }) {
      const found = yield* storeCall(channels.list(userId, limit + 1, cursor ?? null))
      return pageOf(yield* Effect.forEach(found, channelView), limit, ({ createdAt, id }) => ({
        createdAt: DateTime.toEpochMillis(createdAt),
        id,
      }))
    }),

    get: Effect.fn("ChannelService.get")((userId, id) =>
      Effect.flatMap(Effect.catchTag(storeCall(channels.get(userId, id)), "ChannelNotFound", unknown), channelView),
    ),

    edit: Effect.fn("ChannelService.edit")(function* (userId, id, { config, ...changes }) {
      const edited = channels.update(userId, id, (before) =>
        Effect.gen(function* () {
          if (config === undefined) return { ...before, ...changes }
          return { ...before, ...changes, config: yield* sealed(config, yield* storedConfig(before.config)) }
        }),
      )
      return yield* channelView(yield* Effect.catchTag(storeCall(edited), "ChannelNotFound", unknown))
    }),

    remove: Effect.fn("ChannelService.remove")((userId, id) =>
      Effect.catchTag(storeCall(channels.remove(userId, id)), "ChannelNotFound", unknown),
    ),

    test: Effect.fn("ChannelService.test")(function* (userId, id) {
      const { config } = yield* Effect.catchTag(storeCall(channels.get(userId, id)), "ChannelNotFound", unknown)
      yield* limits.consume([{ rule: testRule, subject: userId }])
      return yield* send(yield* storedConfig(config))
    }),

    deliveries: Effect.fn("ChannelService.deliveries")(function* (userId, id, { cursor, limit = defaultLimit }) {
      const found = yield* Effect.catchTag(
        storeCall(channels.deliveries(userId, id, limit + 1, cursor?.id ?? null)),
        "ChannelNotFound",
        unknown,
      )
      return pageOf(found, limit, ({ id }) => ({ id }))
    }),
  })
})

const unknown = () => NotFound.of("channel")

const secretMissing = ({ field }: SecretNotGiven) => {
  const path = field
    .replace(/\[(\d+)\]/g, ".$1")
    .split(".")
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
  return ValidationFailed.of([{ path: ["config", ...path], message: "has no secret yet: give it in full" }])
}
