import type { PlainChannelConfig } from "./ChannelConfig.ts"
import { isHeaderText, isWebUrl } from "./ChannelFields.ts"
import { messageOf } from "./Channels.ts"
import { isSigningSecret } from "./StandardWebhooks.ts"
import { testAlert } from "./TestAlert.ts"

/** Why no message can be sent with settings. It quotes none of them. */
export interface SettingsProblem {
  /** Where in the settings it is. */
  readonly path: ReadonlyArray<string | number>
  /** What is wrong, as what follows the field's name. */
  readonly message: string
}

/**
 * What of a channel's settings keeps every message from being sent: an address that is a secret and no URL, or a secret that
 * goes into a header and cannot. Found in a message that is made with them and not sent.
 *
 * @param config the settings, with secrets in plain
 */
export const unsendable = (config: PlainChannelConfig): ReadonlyArray<SettingsProblem> => {
  const message = messageOf(config, sample)
  if (message._tag === "Mail") return []
  const { headers, signingSecret, url } = message
  const texts = textsOf(config, [])
  return [
    ...(isWebUrl(url) ? [] : [{ path: ["url"], message: noUrl }]),
    ...Object.values(headers)
      .filter((header) => !isHeaderText(header))
      .flatMap((header) => texts.filter(([, text]) => !isHeaderText(text) && header.includes(text)))
      .map(([path]) => ({ path, message: noHeader })),
    ...(signingSecret === null || isSigningSecret(signingSecret) ? [] : [{ path: ["signingSecret"], message: noKey }]),
  ]
}

const noUrl = "must be an http or https URL without a user name or a password"
const noHeader = "is sent in a header: it must be visible ASCII, without spaces at its ends"
const noKey = "must be whsec_ and a key in base64, or any other text"

type SettingText = readonly [path: ReadonlyArray<string | number>, text: string]

/** Every text of the settings, and where it is. */
const textsOf = (value: unknown, path: ReadonlyArray<string | number>): ReadonlyArray<SettingText> => {
  if (typeof value === "string") return [[path, value]]
  if (Array.isArray(value)) return value.flatMap((item, i) => textsOf(item, [...path, i]))
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => textsOf(inner, [...path, name]))
}

const sample = testAlert("00000000-0000-4000-8000-000000000000", 0, null)
