import { assert, describe, it } from "@effect/vitest"
import { ApiSettings, type ApiSettingsValue } from "@uptime/api/ApiSettings"
import { loginRules, signupRules } from "@uptime/api/auth/AccountRules"
import { Accounts } from "@uptime/api/auth/Accounts"
import { PasswordHasher } from "@uptime/api/auth/PasswordHasher"
import { RateLimits } from "@uptime/api/auth/RateLimits"
import { Tokens } from "@uptime/api/auth/Tokens"
import { EmailTaken } from "@uptime/domain/Errors"
import { UserId } from "@uptime/domain/Ids"
import { Email } from "@uptime/domain/User"
import { StoreError } from "@uptime/persistence/StoreError"
import { type UserCredentials, Users } from "@uptime/persistence/Users"
import { type Context, DateTime, Deferred, Effect, Fiber, Layer, Redacted, Schema, TestClock } from "effect"
import { testSettings } from "./World.ts"

const email = Schema.decodeSync(Email)("ada@example.com")
const password = Redacted.make("correct horse")
const stored: UserCredentials = {
  user: {
    id: UserId.make("0190a5f4-0000-7000-8000-000000000001"),
    email,
    name: "Ada",
    createdAt: DateTime.unsafeMake(0),
    updatedAt: DateTime.unsafeMake(0),
  },
  passwordHash: "hash of correct horse",
  tokenVersion: 0,
}
const away = new StoreError({ reason: "unavailable", operation: "test", cause: "away" })

/** Hashing that only notes what it was asked. */
const notedHasher = (asked: Array<string>) =>
  Layer.succeed(
    PasswordHasher,
    PasswordHasher.of({
      hash: (text) => Effect.succeed(`hash of ${Redacted.value(text)}`),
      verify: (text, hash) =>
        Effect.sync(() => {
          asked.push(hash)
          return hash.endsWith(`hash of ${Redacted.value(text)}`)
        }),
      dummyHash: "dummy",
      isOutdated: (hash) => hash.startsWith("old"),
    }),
  )

const accounts = (
  users: Partial<Context.Tag.Service<Users>>,
  options: { readonly asked?: Array<string>; readonly settings?: Partial<ApiSettingsValue> } = {},
) =>
  Accounts.layerNoDeps.pipe(
    Layer.provide(Layer.mock(Users, users)),
    Layer.provide([
      notedHasher(options.asked ?? []),
      RateLimits.layerMemory,
      Tokens.layer({ secret: testSettings.jwtSecret, expiresIn: testSettings.jwtExpiresIn }),
      Layer.succeed(ApiSettings, { ...testSettings, ...options.settings }),
    ]),
    Layer.orDie,
  )

const known = { findByEmail: () => Effect.succeedSome(stored) }
const unknown = { findByEmail: () => Effect.succeedNone }

describe("Accounts", () => {
  it.effect("take a wrong password and an unknown address for the same, and for as much work", () =>
    Effect.gen(function* () {
      const asked: Array<string> = []
      const refusal = (users: Partial<Context.Tag.Service<Users>>, text: string) =>
        Effect.flatMap(Accounts, ({ login }) => login({ email, password: Redacted.make(text) }, "192.0.2.1")).pipe(
          Effect.flip,
          Effect.provide(accounts(users, { asked })),
        )
      const wrong = yield* refusal(known, "wrong")
      assert.deepStrictEqual(yield* refusal(unknown, "wrong"), wrong)
      assert.deepStrictEqual(yield* refusal(unknown, "correct horse"), wrong)
      assert.strictEqual(wrong._tag, "Unauthorized")
      assert.deepStrictEqual(asked, [stored.passwordHash, "dummy", "dummy"])
    }),
  )

  it.effect("refuse a password that bcrypt would cut, although it begins like the right one", () =>
    Effect.gen(function* () {
      const long = "x".repeat(73)
      const users = { findByEmail: () => Effect.succeedSome({ ...stored, passwordHash: `hash of ${long}` }) }
      const { login } = yield* Effect.provide(Accounts, accounts(users))
      const error = yield* Effect.flip(login({ email, password: Redacted.make(long) }, "192.0.2.1"))
      assert.strictEqual(error._tag, "Unauthorized")
    }),
  )

  it.effect("shut out whoever keeps failing, and not the account's owner", () =>
    Effect.gen(function* () {
      const { login } = yield* Accounts
      const fail = Effect.flip(login({ email, password: Redacted.make("wrong") }, "192.0.2.1"))
      for (let i = 0; i < loginRules.accountAtAddress.limit; i++) assert.strictEqual((yield* fail)._tag, "Unauthorized")
      const refused = yield* fail
      assert.strictEqual(refused._tag, "TooManyRequests")
      assert.strictEqual((yield* Effect.flip(login({ email, password }, "192.0.2.1")))._tag, "TooManyRequests")
      assert.strictEqual((yield* login({ email, password }, "198.51.100.7")).user.email, email)
      yield* TestClock.adjust("15 minutes")
      yield* login({ email, password }, "192.0.2.1")
    }).pipe(Effect.provide(accounts(known))),
  )

  it.effect("bound what many places try on one account, and one place on many accounts", () =>
    Effect.gen(function* () {
      const { login } = yield* Accounts
      const tries = (count: number, from: (i: number) => string, whose: (i: number) => string) =>
        Effect.forEach(Array.from({ length: count }), (_, i) =>
          Effect.flip(login({ email: Schema.decodeSync(Email)(whose(i)), password: Redacted.make("wrong") }, from(i))),
        )
      const spread = yield* tries(
        loginRules.account.limit + 1,
        (i) => `192.0.${i >> 3}.${i % 8}`,
        () => "ada@example.com",
      )
      assert.strictEqual(spread.at(-2)?._tag, "Unauthorized")
      assert.strictEqual(spread.at(-1)?._tag, "TooManyRequests")
      const stuffing = yield* tries(
        loginRules.address.limit + 1,
        () => "198.51.100.1",
        (i) => `user${i}@example.com`,
      )
      assert.strictEqual(stuffing.at(-2)?._tag, "Unauthorized")
      assert.strictEqual(stuffing.at(-1)?._tag, "TooManyRequests")
    }).pipe(Effect.provide(accounts(known))),
  )

  it.effect("do not count log-ins that succeed against their account", () =>
    Effect.gen(function* () {
      const { login } = yield* Accounts
      for (let i = 0; i < loginRules.accountAtAddress.limit * 2; i++) yield* login({ email, password }, "192.0.2.1")
    }).pipe(Effect.provide(accounts(known))),
  )

  it.effect("replace a hash of another cost when its password is there", () =>
    Effect.gen(function* () {
      const rehashed: Array<string> = []
      const { login } = yield* Effect.provide(
        Accounts,
        accounts({
          findByEmail: () => Effect.succeedSome({ ...stored, passwordHash: "old hash of correct horse" }),
          rehash: (_, hash) => Effect.sync(() => void rehashed.push(hash)),
        }),
      )
      yield* Effect.flip(login({ email, password: Redacted.make("wrong") }, "192.0.2.1"))
      assert.deepStrictEqual(rehashed, [])
      yield* login({ email, password }, "192.0.2.1")
      assert.deepStrictEqual(rehashed, ["hash of correct horse"])
    }),
  )

  it.effect("limit sign-ups, and take none when they are closed", () =>
    Effect.gen(function* () {
      const taken = { create: () => EmailTaken.create() }
      const request = { email, name: "Ada", password }
      const { signup } = yield* Effect.provide(Accounts, accounts(taken))
      for (let i = 0; i < signupRules.account.limit; i++) {
        assert.strictEqual((yield* Effect.flip(signup(request, `192.0.2.${i}`)))._tag, "EmailTaken")
      }
      assert.strictEqual((yield* Effect.flip(signup(request, "198.51.100.1")))._tag, "TooManyRequests")
      const closed = yield* Effect.provide(Accounts, accounts({}, { settings: { signup: "closed" } }))
      assert.strictEqual((yield* Effect.flip(closed.signup(request, "192.0.2.1")))._tag, "SignupClosed")
    }),
  )

  it.effect("never take a database that is away for a wrong token or password", () =>
    Effect.gen(function* () {
      const { authenticate, login } = yield* Accounts
      const { issue } = yield* Tokens
      const { token } = yield* issue({ userId: stored.user.id, tokenVersion: 0 })
      assert.strictEqual((yield* Effect.flip(authenticate(Redacted.value(token))))._tag, "ServiceUnavailable")
      assert.strictEqual((yield* Effect.flip(authenticate("garbage")))._tag, "Unauthorized")
      assert.strictEqual((yield* Effect.flip(login({ email, password }, "192.0.2.1")))._tag, "ServiceUnavailable")
    }).pipe(
      Effect.provide(accounts({ findByToken: () => away, findByEmail: () => away })),
      Effect.provide(Tokens.layer({ secret: testSettings.jwtSecret, expiresIn: testSettings.jwtExpiresIn })),
    ),
  )

  it.effect("end a session by its token's own id, until it would have ended anyway", () =>
    Effect.gen(function* () {
      const revoked: Array<readonly [string, number]> = []
      const layer = accounts({
        ...known,
        findByToken: () => Effect.succeedSome(stored.user),
        revokeToken: (jti, expiresAt) => Effect.sync(() => void revoked.push([jti, expiresAt])),
      })
      const { authenticate, login, logout } = yield* Effect.provide(Accounts, layer)
      const { expiresAt, token } = yield* login({ email, password }, "192.0.2.1")
      const session = yield* authenticate(Redacted.value(token))
      assert.deepStrictEqual(session.user, stored.user)
      yield* logout(session)
      assert.deepStrictEqual(revoked, [[session.jti, expiresAt]])
      assert.strictEqual(expiresAt, 7 * 86_400_000)
    }),
  )

  it.effect("answer within their time when the database says nothing", () =>
    Effect.gen(function* () {
      const asked = yield* Deferred.make<void>()
      const silent = accounts({
        findByToken: () => Effect.zipRight(Deferred.succeed(asked, undefined), Effect.uninterruptible(Effect.never)),
      })
      const { authenticate } = yield* Effect.provide(Accounts, silent)
      const { issue } = yield* Tokens
      const { token } = yield* issue({ userId: stored.user.id, tokenVersion: 0 })
      const fiber = yield* Effect.fork(Effect.flip(authenticate(Redacted.value(token))))
      // Its signature is looked at in real time, before the database is asked.
      yield* Deferred.await(asked)
      yield* TestClock.adjust("2500 millis")
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "ServiceUnavailable")
    }).pipe(Effect.provide(Tokens.layer({ secret: testSettings.jwtSecret, expiresIn: testSettings.jwtExpiresIn }))),
  )
})
