import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import { cookieSecurity } from "@uptime/contract/Authentication"
import { DateTime, Duration, Effect, Option, type Redacted } from "effect"
import type { ApiSettingsValue } from "../ApiSettings.ts"

/**
 * Gives the browser a session's token, out of the reach of scripts and of requests that other sites begin.
 *
 * @param expiresAt when the token ends, in milliseconds since the epoch
 */
export const set = (settings: ApiSettingsValue, token: Redacted.Redacted, expiresAt: number): Effect.Effect<void> =>
  Effect.flatMap(DateTime.now, (now) => {
    const maxAge = Duration.millis(Math.max(0, expiresAt - DateTime.toEpochMillis(now)))
    return HttpApiBuilder.securitySetCookie(cookieSecurity, token, { ...attributes(settings), maxAge })
  })

/** Takes the token back from the browser. */
export const clear = (settings: ApiSettingsValue): Effect.Effect<void> =>
  HttpApiBuilder.securitySetCookie(cookieSecurity, "", { ...attributes(settings), maxAge: Duration.zero })

const attributes = (settings: ApiSettingsValue) => ({
  httpOnly: true,
  path: "/",
  sameSite: "lax" as const,
  secure: Option.exists(settings.publicUrl, (url) => url.startsWith("https:")),
})
