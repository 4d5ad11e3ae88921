import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import { Api } from "@uptime/contract/Api"
import { Authentication, CurrentUser } from "@uptime/contract/Authentication"
import { builtWith } from "@uptime/runtime/BuiltWith"
import { Effect } from "effect"
import { ApiSettings } from "../ApiSettings.ts"
import { clientAddress, trustedProxies } from "../http/ClientAddress.ts"
import { Accounts, type NewSession } from "./Accounts.ts"
import * as SessionCookie from "./SessionCookie.ts"

/** The calls of the group `auth`. */
export const authHandlers = HttpApiBuilder.group(
  Api,
  "auth",
  Effect.fnUntraced(function* (handlers) {
    const accounts = yield* Accounts
    const settings = yield* ApiSettings
    const isTrusted = trustedProxies(settings.trustedProxies)
    const answer = ({ expiresAt, token, user }: NewSession) =>
      Effect.as(SessionCookie.set(settings, token, expiresAt), { user, token })

    return handlers
      .handle("signup", ({ payload, request }) =>
        Effect.flatMap(accounts.signup(payload, clientAddress(request, isTrusted)), answer),
      )
      .handle("login", ({ payload, request }) =>
        Effect.flatMap(accounts.login(payload, clientAddress(request, isTrusted)), answer),
      )
      .handle("logout", () =>
        CurrentUser.pipe(Effect.flatMap(accounts.logout), Effect.zipRight(SessionCookie.clear(settings))),
      )
      .handle("endSessions", () =>
        CurrentUser.pipe(
          Effect.flatMap(({ user }) => accounts.endSessions(user)),
          Effect.zipRight(SessionCookie.clear(settings)),
        ),
      )
      .handle("editMe", ({ payload }) => Effect.flatMap(CurrentUser, ({ user }) => accounts.rename(user, payload.name)))
      .handle("changePassword", ({ payload, request }) =>
        CurrentUser.pipe(
          Effect.flatMap(({ user }) => accounts.changePassword(user, payload, clientAddress(request, isTrusted))),
          Effect.flatMap(answer),
        ),
      )
      .handle("removeMe", ({ payload, request }) =>
        CurrentUser.pipe(
          Effect.flatMap(({ user }) => accounts.remove(user, payload.password, clientAddress(request, isTrusted))),
          Effect.zipRight(SessionCookie.clear(settings)),
        ),
      )
      .handle("me", () => Effect.map(CurrentUser, ({ user }) => user))
  }),
).pipe(builtWith(Accounts, ApiSettings, Authentication))
