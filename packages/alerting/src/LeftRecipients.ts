import type { PlainChannelConfig } from "./ChannelConfig.ts"

/**
 * The settings of a channel with those recipients of an email alone that did not get it when others did; null where the channel
 * names none of them any more.
 *
 * @param left null where nobody got it yet
 */
export const toThoseLeft = (
  config: PlainChannelConfig,
  left: ReadonlyArray<string> | null,
): PlainChannelConfig | null => {
  if (config.kind !== "email" || left === null) return config
  const to = config.to.filter((address) => left.includes(address))
  return to.length === 0 ? null : { ...config, to }
}

/** Why an email is not sent any more that some of its recipients got. */
export const noneLeft = "not sent: those who did not get it are no recipients of the channel any more"
