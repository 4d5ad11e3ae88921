import { HttpApiMiddleware, HttpApiSecurity, OpenApi } from "@effect/platform"
import type { User } from "@uptime/domain/User"
import { Context, Schema } from "effect"
import { CrossSiteRefused, ServiceUnavailable, Unauthorized } from "./ApiErrors.ts"

/** The session that a request belongs to. */
export interface Session {
  readonly user: User
  /** The token's own id, by which logging out ends it. */
  readonly jti: string
  /** When the token ends by itself, in milliseconds since the epoch. */
  readonly expiresAt: number
}

/** Who is asking: provided to every call behind `Authentication`. */
export class CurrentUser extends Context.Tag("@uptime/contract/CurrentUser")<CurrentUser, Session>() {}

/** The name of the cookie that holds a session's token. */
export const cookieName = "token"

/** The session's token in the cookie `token`, as browsers send it. */
export const cookieSecurity = HttpApiSecurity.apiKey({ in: "cookie", key: cookieName }).pipe(
  HttpApiSecurity.annotate(
    OpenApi.Description,
    "The cookie that signing up and logging in set. Calls that change something must then come from a page of this site, with content-type: application/json.",
  ),
)

/** The session's token as a bearer token, as programs send it. */
export const bearerSecurity = HttpApiSecurity.bearer.pipe(
  HttpApiSecurity.annotate(OpenApi.Description, "The token that signing up and logging in answer with."),
  HttpApiSecurity.annotate(OpenApi.Format, "JWT"),
)

/**
 * Only for people who are logged in. A header `Authorization` decides where there is one; the cookie is looked at only
 * without it.
 */
export class Authentication extends HttpApiMiddleware.Tag<Authentication>()("@uptime/contract/Authentication", {
  failure: Schema.Union(Unauthorized, CrossSiteRefused, ServiceUnavailable),
  provides: CurrentUser,
  security: { bearer: bearerSecurity, cookie: cookieSecurity },
}) {}
