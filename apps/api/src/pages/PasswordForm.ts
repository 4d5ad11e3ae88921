import type * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import { passwordHtml } from "@uptime/statuspage/FormPages"
import { Clock, Effect, Redacted } from "effect"
import { ApiSettings } from "../ApiSettings.ts"
import { PasswordHasher } from "../auth/PasswordHasher.ts"
import { RateLimits, type RateRule } from "../auth/RateLimits.ts"
import { clientAddress, clientNetwork, trustedProxies } from "../http/ClientAddress.ts"
import { readForm } from "../http/RequestBody.ts"
import { accessCookieName, accessSeconds, accessToken, hasAccess, signingKey } from "./PageAccess.ts"
import { comeBack, document, seeOther, type Visit } from "./PageAnswers.ts"

/** How often a page's password is tried: from one place, and from all of them. */
export const passwordRules = {
  address: { name: "page-password-address", limit: 10, windowMs: 900_000 },
  page: { name: "page-password", limit: 300, windowMs: 900_000 },
} as const satisfies Record<string, RateRule>

/** The password of a page, as visitors give it. */
export interface PasswordForm {
  /** Takes the password that somebody typed, and gives the cookie for the right one. */
  readonly enter: (visit: Visit) => Effect.Effect<HttpServerResponse.HttpServerResponse>
  /** Whether a visitor has given the page's password already. */
  readonly hasEntered: (visit: Visit) => Effect.Effect<boolean>
}

const nowSeconds = Effect.map(Clock.currentTimeMillis, (now) => Math.floor(now / 1000))

/** The form, with the limits and the secret of this installation. */
export const makePasswordForm = Effect.gen(function* () {
  const settings = yield* ApiSettings
  const hasher = yield* PasswordHasher
  const limits = yield* RateLimits
  const isTrusted = trustedProxies(settings.trustedProxies)
  const accessKey = signingKey(settings.jwtSecret, "access")

  const form: PasswordForm = {
    enter: ({ held: { page }, links, request }) =>
      Effect.gen(function* () {
        const network = clientNetwork(clientAddress(request, isTrusted))
        yield* limits.consume([
          { rule: passwordRules.address, subject: `${page.id}@${network}` },
          { rule: passwordRules.page, subject: page.id },
        ])
        const form = yield* readForm(request)
        const isRight = yield* hasher.verify(
          Redacted.make(form.get("password") ?? ""),
          page.passwordHash ?? hasher.dummyHash,
          [network, page.id],
        )
        if (!isRight) return document(passwordHtml(page.view, links, "wrongPassword"), 401)
        const expiresAt = (yield* nowSeconds) + accessSeconds
        const secure = links.page.startsWith("https:") ? "; Secure" : ""
        return seeOther(links.home, {
          "set-cookie": `${accessCookieName(page)}=${accessToken(accessKey, page, expiresAt)}; Path=/; Max-Age=${accessSeconds}; HttpOnly; SameSite=Lax${secure}`,
        })
      }).pipe(
        Effect.catchTags({
          TooManyRequests: ({ retryAfterSeconds }) =>
            Effect.succeed(
              document(passwordHtml(page.view, links, "tooMany"), 429, { "retry-after": String(retryAfterSeconds) }),
            ),
          HasherUnavailable: () => Effect.succeed(document(passwordHtml(page.view, links, "tooMany"), 503, comeBack)),
          FormRefused: ({ status }) =>
            Effect.succeed(document(passwordHtml(page.view, links, "wrongPassword"), status)),
        }),
      ),

    hasEntered: ({ held: { page }, request }) =>
      Effect.map(nowSeconds, (now) => hasAccess(accessKey, page, request.headers["cookie"], now)),
  }
  return form
})
