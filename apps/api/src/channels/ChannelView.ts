import { StoredChannelConfig } from "@uptime/alerting/ChannelConfig"
import type { ChannelView } from "@uptime/contract/ChannelsApi"
import type { StoredChannel, StoredConfig } from "@uptime/persistence/Channel"
import { Effect, Schema } from "effect"

const decode = Schema.decodeUnknown(StoredChannelConfig)

/** A channel's settings as this release reads them; what it does not know is a fault of ours. */
export const storedConfig = (config: StoredConfig): Effect.Effect<StoredChannelConfig> => Effect.orDie(decode(config))

/** A stored channel as its owner sees it: the contract shows the mask in the place of every secret. */
export const channelView = (channel: StoredChannel): Effect.Effect<ChannelView> =>
  Effect.map(storedConfig(channel.config), (config) => ({ ...channel, config }))
