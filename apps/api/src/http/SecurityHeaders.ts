import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import { Option } from "effect"
import type { ApiSettingsValue } from "../ApiSettings.ts"

/** JSON runs nothing and shows nothing; a page says for itself what it needs. */
const strictPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

/**
 * Adds what browsers are told about an answer (OWASP, "HTTP Headers Cheat Sheet"): what a page may load, that types are
 * not to be guessed, that no page may frame it, and, where people come by https, that they always shall. Answers of the
 * API are kept by nobody. A header that the answer has already stays.
 */
export const securityHeaders = (settings: ApiSettingsValue) => {
  const https = Option.exists(settings.publicUrl, (url) => url.startsWith("https:"))
  const always: Readonly<Record<string, string>> = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": strictPolicy,
    ...(https ? { "strict-transport-security": "max-age=31536000" } : {}),
  }
  const ofApi = { ...always, "cache-control": "no-store" }
  return (response: HttpServerResponse.HttpServerResponse, path: string): HttpServerResponse.HttpServerResponse =>
    HttpServerResponse.setHeaders(response, { ...(path.startsWith("/api/") ? ofApi : always), ...response.headers })
}
