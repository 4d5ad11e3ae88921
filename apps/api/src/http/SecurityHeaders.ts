import * as Headers from "@effect/platform/Headers"
import { Option } from "effect"
import type { ApiSettingsValue } from "../ApiSettings.ts"

/** JSON runs nothing and shows nothing; a page says for itself what it needs. */
const strictPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

/**
 * What browsers are told about an answer that says nothing else itself, by the path that was asked for (OWASP, "HTTP
 * Headers Cheat Sheet"): what a page may load, that types are not to be guessed, that no page may frame it, and, where
 * people come by https, that they always shall. Answers of the API are kept by nobody.
 */
export const securityHeaders = (settings: ApiSettingsValue): ((path: string) => Headers.Headers) => {
  const https = Option.exists(settings.publicUrl, (url) => url.startsWith("https:"))
  const always = Headers.fromInput({
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": strictPolicy,
    "strict-transport-security": https ? "max-age=31536000" : undefined,
  })
  const ofApi = Headers.set(always, "cache-control", "no-store")
  return (path) => (path.startsWith("/api/") ? ofApi : always)
}
