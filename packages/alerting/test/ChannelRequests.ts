import type { Alert } from "@uptime/alerting/Alert"
import type { PlainChannelConfig } from "@uptime/alerting/ChannelConfig"
import { messageOf } from "@uptime/alerting/Channels"

const requestOf = (config: PlainChannelConfig, alert: Alert) => {
  const message = messageOf(config, alert)
  if (message._tag === "Mail") throw new Error("an email is no request")
  return message
}

/** The URL of a message, without where it is: `/v2/alerts`. */
export const pathOf = (config: PlainChannelConfig, alert: Alert): string => {
  const { pathname, search } = new URL(requestOf(config, alert).url)
  return `${pathname}${search}`
}

/** Where a message goes, such as `https://api.opsgenie.com`. */
export const originOf = (config: PlainChannelConfig, alert: Alert): string =>
  new URL(requestOf(config, alert).url).origin

/** The headers of a message, by lower-case name. */
export const headersOf = (config: PlainChannelConfig, alert: Alert): Readonly<Record<string, string>> =>
  requestOf(config, alert).headers

/** The fields of a message: of its JSON, of the only item of that where it is a list, or of its form. */
export const bodyOf = (config: PlainChannelConfig, alert: Alert): Readonly<Record<string, unknown>> => {
  const { body, headers } = requestOf(config, alert)
  if (headers["content-type"]?.includes("json") !== true) return Object.fromEntries(new URLSearchParams(body))
  const json: unknown = JSON.parse(body)
  return { ...Object(Array.isArray(json) ? json[0] : json) }
}
