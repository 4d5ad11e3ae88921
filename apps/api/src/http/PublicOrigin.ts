import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import { Option } from "effect"
import type { ApiSettingsValue } from "../ApiSettings.ts"
import type { TrustedProxies } from "./ClientAddress.ts"

/**
 * The address that people reach the api at, without a slash at its end: `PUBLIC_URL` or, where that is not set, the one that
 * a request came to. What a proxy says of that is believed of trusted ones.
 */
export const publicOrigin = (
  settings: ApiSettingsValue,
  request: HttpServerRequest.HttpServerRequest,
  isTrusted: TrustedProxies,
): string => {
  const { headers } = request
  const byProxy = Option.exists(request.remoteAddress, isTrusted)
  const host = (byProxy ? headers["x-forwarded-host"] : undefined) ?? headers["host"] ?? ""
  const scheme = byProxy && /^https$/i.test(headers["x-forwarded-proto"] ?? "") ? "https" : "http"
  const asked = `${scheme}://${host}`
  return Option.getOrElse(settings.publicUrl, () => (URL.canParse(asked) ? new URL(asked).origin : ""))
}
