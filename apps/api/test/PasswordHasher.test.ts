import { assert, describe, it } from "@effect/vitest"
import { HasherUnavailable, PasswordHasher } from "@uptime/api/auth/PasswordHasher"
import { compareSync, hashSync } from "bcryptjs"
import { Effect, Either, Exit, Fiber, Redacted } from "effect"

const secret = (text: string) => Redacted.make(text)

describe("PasswordHasher", () => {
  it.scopedLive("makes hashes that bcrypt knows, each with its own salt", () =>
    Effect.gen(function* () {
      const { hash, isOutdated, verify } = yield* PasswordHasher
      const [one, two] = yield* Effect.all([hash(secret("pässword 1"), []), hash(secret("pässword 1"), [])])
      assert.match(one, /^\$2b\$04\$/)
      assert.notStrictEqual(one, two)
      assert.isTrue(compareSync("pässword 1", one))
      assert.isTrue(yield* verify(secret("pässword 1"), one, []))
      assert.isFalse(yield* verify(secret("pässword 2"), one, []))
      assert.isFalse(isOutdated(one))
      assert.isTrue(isOutdated(hashSync("x", 5)))
      assert.isFalse(yield* verify(secret("x"), "not a hash", []))
    }).pipe(Effect.provide(PasswordHasher.layer({ cost: 4 }))),
  )

  it.scopedLive("has a dummy that costs as much and matches nothing", () =>
    Effect.gen(function* () {
      const { dummyHash, isOutdated, verify } = yield* PasswordHasher
      assert.lengthOf(dummyHash, 60)
      assert.isFalse(isOutdated(dummyHash))
      for (const text of ["", "password", dummyHash]) assert.isFalse(yield* verify(secret(text), dummyHash, []))
    }).pipe(Effect.provide(PasswordHasher.layer({ cost: 4 }))),
  )

  it.scopedLive("refuses at once what would wait too long", () =>
    Effect.gen(function* () {
      const { hash } = yield* PasswordHasher
      const fibers = yield* Effect.forEach(Array.from({ length: 12 }), () => Effect.fork(hash(secret("password"), [])))
      const exits = yield* Effect.forEach(fibers, Fiber.await)
      const refused = exits.filter(Exit.isFailure)
      // One is at work and four wait; how many were done before the last one came is up to the machine.
      assert.isAtLeast(refused.length, 1)
      assert.isAtLeast(exits.length - refused.length, 4)
      for (const exit of refused)
        assert.deepStrictEqual<unknown>(exit, Exit.fail(new HasherUnavailable({ reason: "busy" })))
      assert.match(yield* hash(secret("password"), []), /^\$2b\$/)
    }).pipe(Effect.provide(PasswordHasher.layer({ cost: 8, threads: 1, maxWaiting: 4 }))),
  )

  it.scopedLive("gives no asker more than a few places, and leaves the others to everybody else", () =>
    Effect.gen(function* () {
      const { hash, verify } = yield* PasswordHasher
      const guesses = yield* Effect.forEach(Array.from({ length: 40 }), (_, n) =>
        Effect.fork(Effect.either(verify(secret("guess"), `$2b$08$${".".repeat(53)}`, ["one place", `account ${n}`]))),
      )
      yield* Effect.yieldNow()
      assert.match(yield* hash(secret("password"), ["another place", "another account"]), /^\$2b\$/)
      const outcomes = yield* Effect.forEach(guesses, Fiber.join)
      const refused = outcomes.filter(Either.isLeft)
      assert.deepStrictEqual(
        refused.map(({ left }) => left.reason),
        Array.from({ length: 37 }, () => "crowded"),
      )
      // Whoever was refused may come again.
      assert.isFalse(yield* verify(secret("guess"), `$2b$04$${".".repeat(53)}`, ["one place"]))
    }).pipe(Effect.provide(PasswordHasher.layer({ cost: 4, threads: 1, maxOfOne: 3 }))),
  )

  it.scopedLive("replaces a thread that takes too long, and goes on", () =>
    Effect.gen(function* () {
      const { hash, verify } = yield* PasswordHasher
      const fast = yield* hash(secret("password"), [])
      // 2^20 rounds: minutes.
      const error = yield* Effect.flip(verify(secret("password"), `$2b$20$${".".repeat(53)}`, []))
      assert.strictEqual(error.reason, "failed")
      assert.isTrue(yield* verify(secret("password"), fast, []))
    }).pipe(Effect.provide(PasswordHasher.layer({ cost: 4, threads: 1, jobLimit: "1 second" }))),
  )

  it.scopedLive("does nothing for those who have gone", () =>
    Effect.gen(function* () {
      const { hash, verify } = yield* PasswordHasher
      const slow = yield* Effect.fork(verify(secret("password"), `$2b$20$${".".repeat(53)}`, []))
      const gone = yield* Effect.fork(Effect.exit(verify(secret("password"), `$2b$20$${".".repeat(53)}`, [])))
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(gone)
      assert.match(yield* hash(secret("password"), []), /^\$2b\$/)
      assert.isTrue(Exit.isFailure(yield* Fiber.await(slow)))
    }).pipe(
      Effect.provide(PasswordHasher.layer({ cost: 4, threads: 1, jobLimit: "1500 millis" })),
      Effect.timeout("2500 millis"),
    ),
  )
})
