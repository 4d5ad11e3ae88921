import { TargetRefused, type ValidationIssue } from "@uptime/contract/ApiErrors"
import type { MonitorEdit } from "@uptime/contract/MonitorsApi"
import { readUrl } from "@uptime/domain/MonitorUrl"
import { checkLiteralUrl, refusalMessage, type TargetPolicy } from "@uptime/prober/TargetGuard"
import { Effect } from "effect"

/**
 * What of a monitor's addresses may not be dialled, as far as that can be said before a name is looked up: its URL, the
 * server that is asked for its tokens, and the one that is asked for its names.
 */
export const refusedTargets = (policy: TargetPolicy, input: MonitorEdit): ReadonlyArray<ValidationIssue> => {
  const { auth } = input.http ?? {}
  const addresses: ReadonlyArray<readonly [path: ReadonlyArray<string>, url: string | undefined]> = [
    [["url"], input.url],
    [["http", "auth", "tokenUrl"], auth?.type === "oauth2" ? auth.tokenUrl : undefined],
    [["dns", "resolver"], input.dns?.resolver === undefined ? undefined : `http://${input.dns.resolver}`],
  ]
  return addresses.flatMap(([path, text]) => {
    if (text === undefined || text.startsWith("heartbeat:")) return []
    const url = readUrl(text)
    if (url === null) return [{ path, message: "is not an address that can be dialled" }]
    const refusal = checkLiteralUrl(policy, url)
    return refusal === null ? [] : [{ path, message: refusalMessage[refusal] }]
  })
}

/** Fails for a monitor with an address that may not be dialled. */
export const assertTargets = (policy: TargetPolicy, input: MonitorEdit): Effect.Effect<void, TargetRefused> => {
  const [refused] = refusedTargets(policy, input)
  if (refused === undefined) return Effect.void
  const what = refused.path[0] === "url" ? "This URL" : `The address in ${refused.path.join(".")}`
  return new TargetRefused({ message: `${what} cannot be checked: ${refused.message}.` })
}
