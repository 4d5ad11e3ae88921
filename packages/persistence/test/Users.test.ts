import { randomUUID } from "node:crypto"
import { assert, describe, layer } from "@effect/vitest"
import { Email } from "@uptime/domain/User"
import { Effect, Option } from "effect"
import { Users } from "../src/Users.ts"
import { backends } from "./Backends.ts"
import { databaseNow, makeUser, services } from "./Fixtures.ts"

for (const [name, database] of backends) {
  describe.sequential(name, () => {
    layer(services(database), { excludeTestServices: true, timeout: "60 seconds" })("Users", (it) => {
      it.effect("finds an account by its address, with what the log-in needs", () =>
        Effect.gen(function* () {
          const users = yield* Users
          const email = Email.make(`${randomUUID()}@example.com`)
          const created = yield* users.create({ email, name: "Ann 🦆", passwordHash: "hash-1" })
          assert.deepStrictEqual(yield* users.findByEmail(email), Option.some(created))
          assert.strictEqual(created.user.name, "Ann 🦆")
          assert.strictEqual(created.user.createdAt.epochMillis % 1, 0)
          yield* users.rehash(created.user.id, "hash-2")
          const found = yield* users.findByEmail(email)
          assert.deepStrictEqual(found, Option.some({ ...created, passwordHash: "hash-2" }))
          assert.deepStrictEqual(yield* users.findByEmail(Email.make("nobody@example.com")), Option.none())
        }),
      )

      it.effect("gives an address to one of many who ask at once", () =>
        Effect.gen(function* () {
          const users = yield* Users
          const email = Email.make(`${randomUUID()}@example.com`)
          const exits = yield* Effect.forEach(
            Array.from({ length: 8 }),
            () => Effect.either(users.create({ email, name: "Ann", passwordHash: "hash" })),
            { concurrency: "unbounded" },
          )
          assert.lengthOf(
            exits.filter(({ _tag }) => _tag === "Right"),
            1,
          )
          for (const exit of exits) if (exit._tag === "Left") assert.strictEqual(exit.left._tag, "EmailTaken")
        }),
      )

      it.effect("knows a token until it is revoked, its version is over or its user is gone", () =>
        Effect.gen(function* () {
          const users = yield* Users
          const user = yield* makeUser
          const now = yield* databaseNow
          const token = { userId: user.id, tokenVersion: 0, jti: randomUUID() }
          assert.deepStrictEqual(yield* users.findByToken(token), Option.some(user))
          assert.deepStrictEqual(yield* users.findByToken({ ...token, tokenVersion: 1 }), Option.none())
          yield* users.revokeToken(token.jti, now + 60_000)
          yield* users.revokeToken(token.jti, now + 60_000)
          assert.deepStrictEqual(yield* users.findByToken(token), Option.none())
          assert.deepStrictEqual(yield* users.findByToken({ ...token, jti: randomUUID() }), Option.some(user))
        }),
      )

      it.effect("ends all tokens of an account, and no other's", () =>
        Effect.gen(function* () {
          const users = yield* Users
          const [user, other] = [yield* makeUser, yield* makeUser]
          yield* users.endTokens(user.id)
          const known = (userId: typeof user.id, tokenVersion: number) =>
            Effect.map(users.findByToken({ userId, tokenVersion, jti: randomUUID() }), Option.isSome)
          assert.deepStrictEqual(
            [yield* known(user.id, 0), yield* known(user.id, 1), yield* known(other.id, 0)],
            [false, true, true],
          )
        }),
      )

      it.effect("forgets revocations when their tokens have expired, not before", () =>
        Effect.gen(function* () {
          const users = yield* Users
          const user = yield* makeUser
          const now = yield* databaseNow
          const [old, live] = [randomUUID(), randomUUID()]
          yield* users.revokeToken(old, now - 1000)
          yield* users.revokeToken(live, now + 60_000)
          assert.strictEqual(yield* users.forgetExpiredRevocations, 1)
          assert.strictEqual(yield* users.forgetExpiredRevocations, 0)
          const found = yield* users.findByToken({ userId: user.id, tokenVersion: 0, jti: live })
          assert.deepStrictEqual(found, Option.none())
        }),
      )
    })
  })
}
