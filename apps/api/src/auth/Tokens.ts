import { UserId } from "@uptime/domain/Ids"
import { LruCache } from "@uptime/runtime/LruCache"
import { traced } from "@uptime/runtime/Traced"
import { Clock, Context, Data, Duration, Effect, Layer, Redacted, Schema } from "effect"
import { jwtVerify, SignJWT } from "jose"

/** The token is not one of ours, or not any more. */
export class InvalidToken extends Data.TaggedError("InvalidToken")<{ readonly cause?: unknown }> {}

/** The secret that tokens would be signed with is one that anybody could guess. */
export class WeakSecret extends Data.TaggedError("WeakSecret")<{ readonly message: string }> {}

/** What a token says of itself. */
export interface TokenClaims {
  readonly userId: UserId
  /** The version of the user's tokens; an older one ended when it was raised. */
  readonly tokenVersion: number
  readonly jti: string
  /** When it ends by itself, in milliseconds since the epoch. */
  readonly expiresAt: number
}

/** How tokens are signed. */
export interface TokenOptions {
  /** At least 32 bytes in UTF-8 (RFC 7518, 3.2), and not a placeholder. */
  readonly secret: Redacted.Redacted
  readonly expiresIn: Duration.Duration
}

const issuer = "uptime"
const audience = "uptime-api"
/** RFC 8725, 3.11: a token for one purpose is not taken for another. */
const type = "session+jwt"

/** Longer tokens than ours could ever be are not looked at. */
const maxTokenLength = 2048

/** How far the clocks of two api processes may be apart, in seconds. */
const clockToleranceSeconds = 5

/** The most tokens whose signature is not verified again: those of as many sessions that are in use. */
const maxKnown = 10_000

const Payload = Schema.Struct({ sub: UserId, jti: Schema.UUID, iat: Schema.Number, exp: Schema.Int, tv: Schema.Int })
const decodePayload = Schema.decodeUnknown(Payload)

/** The tokens of sessions: JWTs signed by HS256. Whether one was ended before its time, the database knows. */
export class Tokens extends Context.Tag("@uptime/api/Tokens")<
  Tokens,
  {
    /** A new token for a user. */
    readonly issue: (user: {
      readonly userId: UserId
      readonly tokenVersion: number
    }) => Effect.Effect<{ readonly token: Redacted.Redacted; readonly claims: TokenClaims }>
    /** What a token says, when its signature, type, issuer, audience and times are right. */
    readonly verify: (token: string) => Effect.Effect<TokenClaims, InvalidToken>
  }
>() {
  /** Fails with `WeakSecret` for a secret that is too short, a known placeholder or hardly any characters. */
  static readonly layer = (options: TokenOptions): Layer.Layer<Tokens, WeakSecret> => Layer.effect(this, make(options))
}

const make = Effect.fnUntraced(function* (options: TokenOptions) {
  const secret = new TextEncoder().encode(Redacted.value(options.secret))
  const weakness = weaknessOf(Redacted.value(options.secret), secret.length)
  if (weakness !== null) {
    return yield* new WeakSecret({ message: `JWT_SECRET ${weakness}; make one with: openssl rand -base64 48` })
  }
  const key = yield* Effect.promise(() =>
    crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]),
  )
  const lifeSeconds = Math.floor(Duration.toSeconds(options.expiresIn))
  // A signature stays good, and verifying it costs a request more than all else about its session; its times are looked at
  // each time, as `jwtVerify` does.
  const known = new LruCache<{ readonly claims: TokenClaims; readonly issuedAt: number }>(maxKnown)
  const isTimely = (issuedAt: number, expiresAt: number, now: number): boolean => {
    const seconds = Math.floor(now / 1000)
    const age = seconds - issuedAt
    return (
      expiresAt / 1000 > seconds - clockToleranceSeconds &&
      age - clockToleranceSeconds <= lifeSeconds &&
      age >= -clockToleranceSeconds
    )
  }
  return Tokens.of({
    issue: Effect.fn("Tokens.issue")(function* ({ tokenVersion, userId }) {
      const now = Math.floor((yield* Clock.currentTimeMillis) / 1000)
      const jti = yield* Effect.sync(() => crypto.randomUUID())
      const exp = now + lifeSeconds
      const token = yield* Effect.promise(() =>
        new SignJWT({ tv: tokenVersion })
          .setProtectedHeader({ alg: "HS256", typ: type })
          .setIssuer(issuer)
          .setAudience(audience)
          .setSubject(userId)
          .setJti(jti)
          .setIssuedAt(now)
          .setExpirationTime(exp)
          .sign(key),
      )
      return { token: Redacted.make(token), claims: { userId, tokenVersion, jti, expiresAt: exp * 1000 } }
    }),
    verify: traced(
      "Tokens.verify",
      Effect.fnUntraced(function* (token) {
        if (token.length > maxTokenLength) return yield* new InvalidToken({})
        const now = yield* Clock.currentTimeMillis
        const before = known.get(token)
        if (before !== undefined) {
          const { claims, issuedAt } = before
          return isTimely(issuedAt, claims.expiresAt, now) ? claims : yield* new InvalidToken({})
        }
        const { payload } = yield* Effect.tryPromise({
          try: () =>
            jwtVerify(token, key, {
              algorithms: ["HS256"],
              issuer,
              audience,
              typ: type,
              requiredClaims: ["sub", "jti", "iat", "exp", "tv"],
              // A shorter JWT_EXPIRES_IN holds for tokens that were given out before it.
              maxTokenAge: lifeSeconds,
              clockTolerance: clockToleranceSeconds,
              currentDate: new Date(now),
            }),
          catch: (cause) => new InvalidToken({ cause }),
        })
        const { exp, iat, jti, sub, tv } = yield* Effect.mapError(
          decodePayload(payload),
          (cause) => new InvalidToken({ cause }),
        )
        const claims: TokenClaims = { userId: sub, tokenVersion: tv, jti, expiresAt: exp * 1000 }
        known.set(token, { claims, issuedAt: iat })
        return claims
      }),
    ),
  })
})

const weaknessOf = (text: string, bytes: number): string | null => {
  if (bytes < 32) return "must be at least 32 bytes long"
  if (/change.?(me|this|it)|replace.?(me|this|it)|your.{0,24}secret/i.test(text)) return "is a placeholder"
  return new Set(text).size < 8 ? "must be random, not a few characters repeated" : null
}
