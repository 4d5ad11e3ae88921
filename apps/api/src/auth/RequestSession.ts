import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import { CrossSiteRefused, Unauthorized } from "@uptime/contract/ApiErrors"
import { Authentication, cookieName } from "@uptime/contract/Authentication"
import { Effect, Layer, Option, Redacted } from "effect"
import { ApiSettings, type ApiSettingsValue } from "../ApiSettings.ts"
import { type TrustedProxies, trustedProxies } from "../http/ClientAddress.ts"
import { isJson } from "../http/RequestBody.ts"
import { Accounts } from "./Accounts.ts"

/**
 * Who sent a request, by its token. A header `Authorization` decides where there is one: a bad token is not rescued by a
 * good cookie. A database that is away is not "nobody is logged in": it is a defect here, because the framework would try
 * the next way to log in after any other failure, and answers with its own status (503) in the end.
 */
export const authenticationLayer: Layer.Layer<Authentication, never, Accounts | ApiSettings> = Layer.effect(
  Authentication,
  Effect.gen(function* () {
    const accounts = yield* Accounts
    const settings = yield* ApiSettings
    const isTrusted = trustedProxies(settings.trustedProxies)

    const session = (token: string) =>
      Effect.catchTag(accounts.authenticate(token), "ServiceUnavailable", (error) => Effect.die(error))

    return Authentication.of({
      bearer: Effect.fnUntraced(function* () {
        const { headers } = yield* HttpServerRequest.HttpServerRequest
        const [, token] = /^Bearer ([^\s]+)$/i.exec(headers["authorization"] ?? "") ?? []
        return yield* token === undefined ? Unauthorized.create() : session(token)
      }),
      cookie: Effect.fnUntraced(function* (cookie) {
        const request = yield* HttpServerRequest.HttpServerRequest
        const token = Redacted.value(cookie)
        if (request.headers["authorization"] !== undefined || token === "") return yield* Unauthorized.create()
        if (!isSafe(request.method)) yield* assertSameSite(request, settings, isTrusted)
        return yield* session(token)
      }),
    })
  }),
)

const isSafe = (method: string): boolean => method === "GET" || method === "HEAD" || method === "OPTIONS"

/**
 * Browsers add the cookie to requests that any page makes. A change is therefore taken only as JSON, which a foreign page
 * cannot send without being asked for permission first, and only from pages of this site or of those that may call it.
 * Programs that send no `Origin` are no browsers.
 */
const assertSameSite = (
  request: HttpServerRequest.HttpServerRequest,
  settings: ApiSettingsValue,
  isTrusted: TrustedProxies,
): Effect.Effect<void, CrossSiteRefused> => {
  const { headers } = request
  if (!isJson(headers["content-type"])) {
    return new CrossSiteRefused({
      message: `A change made with the cookie "${cookieName}" needs the header content-type: application/json.`,
    })
  }
  const { origin } = headers
  const site = headers["sec-fetch-site"]
  const allowed =
    origin === undefined
      ? site === undefined || site === "same-origin" || site === "none"
      : settings.corsOrigins.includes(origin) || ownOrigins(request, settings, isTrusted).has(origin)
  return allowed
    ? Effect.void
    : new CrossSiteRefused({ message: "Changes with a session's cookie are taken from pages of this site only." })
}

const ownOrigins = (
  request: HttpServerRequest.HttpServerRequest,
  settings: ApiSettingsValue,
  isTrusted: TrustedProxies,
): ReadonlySet<string> => {
  const byProxy = Option.exists(request.remoteAddress, isTrusted)
  const host = (byProxy ? request.headers["x-forwarded-host"] : undefined) ?? request.headers["host"]
  const own = Option.match(settings.publicUrl, { onNone: () => [], onSome: (url) => [new URL(url).origin] })
  return new Set(host === undefined ? own : [...own, `http://${host}`, `https://${host}`])
}
