import { TargetRefused } from "@uptime/contract/ApiErrors"
import type { MonitorUrl } from "@uptime/domain/MonitorUrl"
import { checkLiteralUrl, refusalMessage, type TargetPolicy } from "@uptime/prober/TargetGuard"
import { Effect } from "effect"

/** Why a URL may not be a target, as far as that can be said before its name is looked up; null when it may. */
export const refusalOf = (policy: TargetPolicy, url: MonitorUrl): string | null => {
  const refusal = checkLiteralUrl(policy, new URL(url))
  return refusal === null ? null : refusalMessage[refusal]
}

/** Fails for a URL that may not be a target. */
export const assertTarget = (policy: TargetPolicy, url: MonitorUrl): Effect.Effect<void, TargetRefused> => {
  const refusal = refusalOf(policy, url)
  return refusal === null ? Effect.void : new TargetRefused({ message: `This URL cannot be checked: ${refusal}.` })
}
