import { createHash } from "node:crypto"
import {
  EmailTaken,
  ServiceUnavailable,
  SignupClosed,
  TooManyRequests,
  Unauthorized,
  ValidationFailed,
} from "@uptime/contract/ApiErrors"
import { type LoginRequest, maxPasswordBytes, type PasswordChange, type SignupRequest } from "@uptime/contract/AuthApi"
import type { Session } from "@uptime/contract/Authentication"
import type { User } from "@uptime/domain/User"
import { type UserCredentials, Users } from "@uptime/persistence/Users"
import { traced } from "@uptime/runtime/Traced"
import { Context, Duration, Effect, Layer, Option, Redacted } from "effect"
import { ApiSettings } from "../ApiSettings.ts"
import { clientNetwork } from "../http/ClientAddress.ts"
import { storeCall } from "../StoreCall.ts"
import { loginRules, signupRules } from "./AccountRules.ts"
import { type HasherUnavailable, PasswordHasher } from "./PasswordHasher.ts"
import { RateLimits, type Try } from "./RateLimits.ts"
import { Tokens } from "./Tokens.ts"

/** A session that has begun. */
export interface NewSession {
  readonly user: User
  readonly token: Redacted.Redacted
  /** When the token ends by itself, in milliseconds since the epoch. */
  readonly expiresAt: number
}

/** How long the deletion of an account may take. */
const removeLimit = Duration.seconds(10)

/** Accounts and the sessions of people. */
export class Accounts extends Context.Tag("@uptime/api/Accounts")<
  Accounts,
  {
    /**
     * Makes an account and begins its first session.
     *
     * @param address where the request came from
     */
    readonly signup: (
      request: SignupRequest,
      address: string,
    ) => Effect.Effect<NewSession, SignupClosed | EmailTaken | TooManyRequests | ServiceUnavailable>
    /**
     * Begins a session. Takes as long for an address that has no account, and does not tell which of the two was wrong. A
     * hash of another cost than new ones is replaced.
     */
    readonly login: (
      request: LoginRequest,
      address: string,
    ) => Effect.Effect<NewSession, Unauthorized | TooManyRequests | ServiceUnavailable>
    /** Ends a session for good, on every api process. */
    readonly logout: (session: Session) => Effect.Effect<void, ServiceUnavailable>
    /** Ends every session of a person for good, on every api process. */
    readonly endSessions: (user: User) => Effect.Effect<void, ServiceUnavailable>
    /** Gives a person another name. */
    readonly rename: (user: User, name: string) => Effect.Effect<User, Unauthorized | ServiceUnavailable>
    /**
     * Changes a person's password, who knows the old one: all sessions end, and a new one begins.
     *
     * @param address where the request came from
     */
    readonly changePassword: (
      user: User,
      change: PasswordChange,
      address: string,
    ) => Effect.Effect<NewSession, ValidationFailed | Unauthorized | TooManyRequests | ServiceUnavailable>
    /** Deletes a person's account, who knows its password, with all that it has. */
    readonly remove: (
      user: User,
      password: Redacted.Redacted,
      address: string,
    ) => Effect.Effect<void, ValidationFailed | Unauthorized | TooManyRequests | ServiceUnavailable>
    /** The session of a token; `Unauthorized` when it is not ours, has expired or was ended. */
    readonly authenticate: (token: string) => Effect.Effect<Session, Unauthorized | ServiceUnavailable>
  }
>() {
  static readonly layerNoDeps = Layer.effect(
    this,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const settings = yield* ApiSettings
  const users = yield* Users
  const hasher = yield* PasswordHasher
  const tokens = yield* Tokens
  const limits = yield* RateLimits

  const begin = Effect.fnUntraced(function* ({ tokenVersion, user }: UserCredentials) {
    const { claims, token } = yield* tokens.issue({ userId: user.id, tokenVersion })
    return { user, token, expiresAt: claims.expiresAt }
  })

  const rehash = (user: User, password: Redacted.Redacted) =>
    hasher.hash(password, [user.id]).pipe(
      Effect.flatMap((hash) => storeCall(users.rehash(user.id, hash))),
      Effect.catchAll((error) => Effect.logDebug("a password keeps its old hash for now", error)),
    )

  /** Fails unless the person knows their password, which counts as trying to log in. */
  const assertPassword = Effect.fnUntraced(function* (
    user: User,
    password: Redacted.Redacted,
    field: string,
    address: string,
  ) {
    const account = digest(user.email)
    const place = clientNetwork(address)
    const tries: ReadonlyArray<Try> = [
      { rule: loginRules.accountAtAddress, subject: `${account}@${place}` },
      { rule: loginRules.account, subject: account },
    ]
    yield* limits.consume(tries)
    const { passwordHash } = yield* known(yield* storeCall(users.findById(user.id)))
    const matches = yield* hasher.verify(password, passwordHash, [place, account]).pipe(Effect.catchAll(hasherAway))
    if (!matches || !couldBeSet(password)) {
      return yield* ValidationFailed.of([{ path: [field], message: "is not your password" }])
    }
    yield* limits.forget(tries)
  })

  return Accounts.of({
    signup: Effect.fn("Accounts.signup")(function* (request, address) {
      if (settings.signup === "closed") return yield* SignupClosed.create()
      const account = digest(request.email)
      const place = clientNetwork(address)
      yield* limits.consume([
        { rule: signupRules.address, subject: place },
        { rule: signupRules.account, subject: account },
      ])
      const passwordHash = yield* hasher.hash(request.password, [place, account]).pipe(Effect.catchAll(hasherAway))
      const credentials = yield* storeCall(
        users.create({ email: request.email, name: request.name, passwordHash }),
      ).pipe(Effect.catchTag("EmailTaken", () => EmailTaken.create()))
      yield* Effect.logInfo("an account was made").pipe(Effect.annotateLogs({ userId: credentials.user.id, address }))
      return yield* begin(credentials)
    }),

    login: Effect.fn("Accounts.login")(function* ({ email, password }, address) {
      const account = digest(email)
      const place = clientNetwork(address)
      const ofAccount: ReadonlyArray<Try> = [
        { rule: loginRules.accountAtAddress, subject: `${account}@${place}` },
        { rule: loginRules.account, subject: account },
      ]
      yield* limits.consume([{ rule: loginRules.address, subject: place }, ...ofAccount])
      const found = Option.getOrNull(yield* storeCall(users.findByEmail(email)))
      const hash = found?.passwordHash ?? hasher.dummyHash
      const matches = yield* hasher.verify(password, hash, [place, account]).pipe(Effect.catchAll(hasherAway))
      if (found === null || !matches || !couldBeSet(password)) {
        yield* Effect.logInfo("a log-in failed").pipe(Effect.annotateLogs({ account: account.slice(0, 12), address }))
        return yield* Unauthorized.wrongCredentials()
      }
      yield* limits.forget(ofAccount)
      if (hasher.isOutdated(found.passwordHash)) yield* rehash(found.user, password)
      yield* Effect.logInfo("a session began").pipe(Effect.annotateLogs({ userId: found.user.id, address }))
      return yield* begin(found)
    }),

    logout: Effect.fn("Accounts.logout")(function* ({ expiresAt, jti, user }) {
      yield* storeCall(users.revokeToken(jti, expiresAt))
      yield* Effect.logInfo("a session was ended").pipe(Effect.annotateLogs({ userId: user.id }))
    }),

    endSessions: Effect.fn("Accounts.endSessions")(function* (user) {
      yield* storeCall(users.endTokens(user.id))
      yield* Effect.logInfo("all sessions of an account were ended").pipe(Effect.annotateLogs({ userId: user.id }))
    }),

    rename: Effect.fn("Accounts.rename")(function* (user, name) {
      return yield* known(yield* storeCall(users.rename(user.id, name)))
    }),

    changePassword: Effect.fn("Accounts.changePassword")(function* (user, { newPassword, oldPassword }, address) {
      yield* assertPassword(user, oldPassword, "oldPassword", address)
      const passwordHash = yield* hasher.hash(newPassword, [user.id]).pipe(Effect.catchAll(hasherAway))
      const changed = yield* known(yield* storeCall(users.changePassword(user.id, passwordHash)))
      yield* Effect.logInfo("a password was changed").pipe(Effect.annotateLogs({ userId: user.id, address }))
      return yield* begin(changed)
    }),

    remove: Effect.fn("Accounts.remove")(function* (user, password, address) {
      yield* assertPassword(user, password, "password", address)
      yield* storeCall(users.remove(user.id), removeLimit)
      yield* Effect.logInfo("an account was deleted").pipe(Effect.annotateLogs({ userId: user.id, address }))
    }),

    authenticate: traced(
      "Accounts.authenticate",
      Effect.fnUntraced(function* (token) {
        const claims = yield* Effect.mapError(tokens.verify(token), () => Unauthorized.create())
        const user = yield* storeCall(users.findByToken(claims))
        if (Option.isNone(user)) return yield* Unauthorized.create()
        return { user: user.value, jti: claims.jti, expiresAt: claims.expiresAt }
      }),
    ),
  })
})

/** An account that was deleted meanwhile has no session. */
const known = <A>(found: Option.Option<A>): Effect.Effect<A, Unauthorized> =>
  Option.match(found, { onNone: () => Unauthorized.create(), onSome: Effect.succeed })

/** Addresses are personal data: they are counted and logged by their hash. */
const digest = (email: string): string => createHash("sha256").update(email).digest("hex").slice(0, 32)

/** bcrypt reads a password up to 72 bytes and to the first NUL: what differs beyond must not pass as the same. */
const couldBeSet = (password: Redacted.Redacted): boolean => {
  const text = Redacted.value(password)
  return new TextEncoder().encode(text).length <= maxPasswordBytes && !text.includes("\u0000")
}

const hasherAway = ({ reason }: HasherUnavailable): Effect.Effect<never, TooManyRequests | ServiceUnavailable> =>
  reason === "crowded" ? TooManyRequests.after(2) : ServiceUnavailable.after(5)
