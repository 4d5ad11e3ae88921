import type { ChannelConfig, PlainChannelConfig, StoredChannelConfig } from "./ChannelConfig.ts"

/**
 * Whom a channel sends emails through the installation's own mail server: they must have confirmed. Through a server that
 * the channel names its owner can write to whomever that server lets them, with or without us.
 */
export const recipientsToConfirm = (
  config: ChannelConfig | StoredChannelConfig | PlainChannelConfig,
): ReadonlyArray<string> => (config.kind === "email" && config.server === undefined ? config.to : [])

/**
 * The settings of a channel with those recipients alone that may be sent to; null where none is left.
 *
 * @param confirmed the account's own address and those that confirmed, in lower case
 */
export const toConfirmedOnly = (
  config: PlainChannelConfig,
  confirmed: ReadonlyArray<string>,
): PlainChannelConfig | null => {
  if (config.kind !== "email" || config.server !== undefined) return config
  const to = config.to.filter((address) => confirmed.includes(address.toLowerCase()))
  return to.length === 0 ? null : { ...config, to }
}

/** Why an email channel sends nothing whose recipients have not confirmed. */
export const noneConfirmed = "not sent: none of its recipients has confirmed yet"
