import type { ChannelId } from "@uptime/domain/Ids"
import type { QuietHours } from "@uptime/incidents/QuietHours"
import { Data, type DateTime } from "effect"

/** There is no such channel among those of the person who asks; a foreign one answers exactly so. */
export class ChannelNotFound extends Data.TaggedError("ChannelNotFound")<{ readonly id: ChannelId }> {}

/** The account has as many channels as one account may have. */
export class TooManyChannels extends Data.TaggedError("TooManyChannels")<{ readonly limit: number }> {}

/** The most channels of one account. */
export const maxChannelsPerUser = 100

/**
 * The settings of a channel as they are stored: JSON with sealed secrets, told apart by `kind`. What is in them is the
 * business of `packages/alerting` (`StoredChannelConfig`).
 */
export interface StoredConfig {
  readonly kind: string
}

/** What may be set on a channel. */
export interface ChannelSettings {
  readonly name: string
  readonly config: StoredConfig
  readonly enabled: boolean
  /** Whether it is told of monitors that name no channels of their own. */
  readonly isDefault: boolean
  readonly quietHours: QuietHours | null
}

/** A channel as it is stored. */
export interface StoredChannel extends ChannelSettings {
  readonly id: ChannelId
  readonly createdAt: DateTime.Utc
  readonly updatedAt: DateTime.Utc
}

/** Where a list of channels goes on: after this one, newest first. Milliseconds since the epoch. */
export interface ChannelCursor {
  readonly createdAt: number
  readonly id: ChannelId
}
