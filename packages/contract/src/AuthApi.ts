import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "@effect/platform"
import { MonitorName } from "@uptime/domain/Monitor"
import { Email, User } from "@uptime/domain/User"
import { Schema } from "effect"
import {
  EmailTaken,
  PayloadTooLarge,
  SignupClosed,
  TooManyRequests,
  Unauthorized,
  UnsupportedMediaType,
} from "./ApiErrors.ts"
import { Authentication } from "./Authentication.ts"
import { NoQuery, StrictStruct } from "./StrictStruct.ts"

/** The fewest characters of a password (ASVS 5.0, 6.2.1). */
export const minPasswordLength = 8

/** The most bytes of a password in UTF-8: bcrypt looks at no more, and two that differ later would be one. */
export const maxPasswordBytes = 72

const utf8Length = (text: string): number => new TextEncoder().encode(text).length

/**
 * A password to be: 8 characters to 72 bytes, whatever they are, taken exactly as sent. NUL is refused because bcrypt ends
 * a password there.
 */
export const NewPassword = Schema.Redacted(
  Schema.String.pipe(
    Schema.minLength(minPasswordLength, { message: () => `must be at least ${minPasswordLength} characters long` }),
    Schema.filter((text) => utf8Length(text) <= maxPasswordBytes || `must be at most ${maxPasswordBytes} bytes long`),
    Schema.filter((text) => !text.includes("\u0000") || "must not hold a NUL character"),
    Schema.filter((text) => text.isWellFormed() || "must be well-formed Unicode"),
    Schema.annotations({
      identifier: "NewPassword",
      jsonSchema: { type: "string", format: "password", minLength: minPasswordLength, maxLength: maxPasswordBytes },
    }),
  ),
)

/** A password as somebody tries it: one that could never be set is simply wrong. */
const TriedPassword = Schema.Redacted(
  Schema.String.pipe(
    Schema.maxLength(1024),
    Schema.annotations({ jsonSchema: { type: "string", format: "password", maxLength: 1024 } }),
  ),
)

/** A person's name: 1 to 200 characters. */
const UserName = MonitorName.annotations({ identifier: "UserName" })

/** What signing up takes. */
export const SignupRequest = StrictStruct({ email: Email, name: UserName, password: NewPassword }).annotations({
  identifier: "SignupRequest",
})
export type SignupRequest = typeof SignupRequest.Type

/** What logging in takes. */
export const LoginRequest = StrictStruct({ email: Email, password: TriedPassword }).annotations({
  identifier: "LoginRequest",
})
export type LoginRequest = typeof LoginRequest.Type

/** What may be changed of an account. */
export const AccountEdit = StrictStruct({ name: UserName }).annotations({ identifier: "AccountEdit" })
export type AccountEdit = typeof AccountEdit.Type

/** What changing a password takes. */
export const PasswordChange = StrictStruct({ oldPassword: TriedPassword, newPassword: NewPassword }).annotations({
  identifier: "PasswordChange",
})
export type PasswordChange = typeof PasswordChange.Type

/** What deleting an account takes. */
export const AccountDeletion = StrictStruct({ password: TriedPassword }).annotations({ identifier: "AccountDeletion" })
export type AccountDeletion = typeof AccountDeletion.Type

/** A session that has begun: who it is of, and its token. */
export const SessionResponse = Schema.Struct({ user: User, token: Schema.Redacted(Schema.String) }).annotations({
  identifier: "SessionResponse",
})
export type SessionResponse = typeof SessionResponse.Type

/** Accounts and sessions. */
export class AuthApi extends HttpApiGroup.make("auth")
  .add(
    HttpApiEndpoint.post("signup", "/signup")
      .setPayload(SignupRequest)
      .setUrlParams(NoQuery)
      .addSuccess(SessionResponse, { status: 201 })
      .addError(SignupClosed)
      .addError(EmailTaken)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .addError(TooManyRequests)
      .annotate(OpenApi.Summary, "Make an account and log in to it"),
  )
  .add(
    HttpApiEndpoint.post("login", "/login")
      .setPayload(LoginRequest)
      .setUrlParams(NoQuery)
      .addSuccess(SessionResponse)
      .addError(Unauthorized)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .addError(TooManyRequests)
      .annotate(OpenApi.Summary, "Log in"),
  )
  .add(
    HttpApiEndpoint.post("logout", "/logout")
      .setUrlParams(NoQuery)
      .addSuccess(HttpApiSchema.NoContent)
      .middleware(Authentication)
      .annotate(OpenApi.Summary, "End this session: its token is worthless afterwards"),
  )
  .add(
    HttpApiEndpoint.del("endSessions", "/sessions")
      .setUrlParams(NoQuery)
      .addSuccess(HttpApiSchema.NoContent)
      .middleware(Authentication)
      .annotate(OpenApi.Summary, "End every session of the account, this one too"),
  )
  .add(
    HttpApiEndpoint.get("me", "/me")
      .setUrlParams(NoQuery)
      .addSuccess(User)
      .middleware(Authentication)
      .annotate(OpenApi.Summary, "Who is logged in"),
  )
  .add(
    HttpApiEndpoint.put("editMe", "/me")
      .setPayload(AccountEdit)
      .setUrlParams(NoQuery)
      .addSuccess(User)
      .addError(Unauthorized)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .middleware(Authentication)
      .annotate(OpenApi.Summary, "Change one's name"),
  )
  .add(
    HttpApiEndpoint.put("changePassword", "/password")
      .setPayload(PasswordChange)
      .setUrlParams(NoQuery)
      .addSuccess(SessionResponse)
      .addError(Unauthorized)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .addError(TooManyRequests)
      .middleware(Authentication)
      .annotate(OpenApi.Summary, "Change one's password: every session ends, and a new one begins"),
  )
  .add(
    HttpApiEndpoint.del("removeMe", "/me")
      .setPayload(AccountDeletion)
      .setUrlParams(NoQuery)
      .addSuccess(HttpApiSchema.NoContent)
      .addError(Unauthorized)
      .addError(PayloadTooLarge)
      .addError(UnsupportedMediaType)
      .addError(TooManyRequests)
      .middleware(Authentication)
      .annotate(OpenApi.Summary, "Delete one's account with all that it has"),
  )
  .prefix("/api/auth")
  .annotate(OpenApi.Description, "Accounts and sessions") {}
