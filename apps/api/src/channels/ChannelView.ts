import { StoredChannelConfig } from "@uptime/alerting/ChannelConfig"
import { recipientsToConfirm } from "@uptime/alerting/ConfirmedRecipients"
import type { ChannelView } from "@uptime/contract/ChannelsApi"
import type { Recipient } from "@uptime/domain/Recipient"
import type { StoredChannel, StoredConfig } from "@uptime/persistence/Channel"
import { Effect, Schema } from "effect"

const decode = Schema.decodeUnknown(StoredChannelConfig)

/** A channel's settings as this release reads them; what it does not know is a fault of ours. */
export const storedConfig = (config: StoredConfig): Effect.Effect<StoredChannelConfig> => Effect.orDie(decode(config))

/**
 * Stored channels as their owner sees them: the contract shows the mask in the place of every secret.
 *
 * @param states what is known of addresses, in their order
 */
export const channelViews = Effect.fnUntraced(function* <E>(
  channels: ReadonlyArray<StoredChannel>,
  states: (addresses: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Recipient>, E>,
): Effect.fn.Return<ReadonlyArray<ChannelView>, E> {
  const configs = yield* Effect.forEach(channels, ({ config }) => storedConfig(config))
  const addresses = [...new Set(configs.flatMap(recipientsToConfirm))]
  const known = new Map((yield* states(addresses)).map((recipient) => [recipient.address, recipient]))
  return channels.flatMap((channel, i): ReadonlyArray<ChannelView> => {
    const config = configs[i]
    if (config === undefined) return []
    return [
      { ...channel, config, recipients: recipientsToConfirm(config).flatMap((address) => known.get(address) ?? []) },
    ]
  })
})
