import type { ChannelConfig } from "@uptime/alerting/ChannelConfig"
import type { ValidationIssue } from "@uptime/contract/ApiErrors"
import { readUrl } from "@uptime/domain/MonitorUrl"
import { isPlainSecret } from "@uptime/domain/Secret"
import { checkLiteralUrl, refusalMessage, type TargetPolicy } from "@uptime/prober/TargetGuard"

/**
 * What of a channel's addresses may not be dialled, as far as that can be said before a name is looked up: the URL that
 * messages go to, also where it is a secret that is given now, and the server of a channel that has one of its own.
 */
export const refusedReceivers = (policy: TargetPolicy, config: ChannelConfig): ReadonlyArray<ValidationIssue> =>
  addressesOf(config).flatMap(([path, text]) => {
    const url = readUrl(text)
    const refusal = url === null ? null : checkLiteralUrl(policy, url)
    return refusal === null ? [] : [{ path: ["config", ...path], message: refusalMessage[refusal] }]
  })

const addressesOf = (config: ChannelConfig): ReadonlyArray<readonly [path: ReadonlyArray<string>, url: string]> => {
  if ("url" in config) {
    if (typeof config.url === "string") return [[["url"], config.url]]
    return isPlainSecret(config.url) ? [[["url"], config.url.plain]] : []
  }
  if (!("server" in config) || config.server === undefined) return []
  if (typeof config.server === "string") return [[["server"], config.server]]
  const { host } = config.server
  return [[["server", "host"], host.includes(":") ? `http://[${host}]` : `http://${host}`]]
}
