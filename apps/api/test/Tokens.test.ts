import { createHmac, generateKeyPairSync } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Tokens } from "@uptime/api/auth/Tokens"
import { UserId } from "@uptime/domain/Ids"
import { Duration, Effect, FastCheck, Redacted, TestClock } from "effect"

const secret = "b7QTrEZn0Wq1lMSd6kCJxH4yUu9aPvGf"
const tokens = (expiresIn: Duration.DurationInput = "1 hour", text = secret) =>
  Tokens.layer({ secret: Redacted.make(text), expiresIn: Duration.decode(expiresIn) })

const user = { userId: UserId.make("0190a5f4-0000-7000-8000-000000000001"), tokenVersion: 3 }

/** A token by hand, as somebody would forge it who knows a key. */
const forge = (header: object, payload: object, key: string | null = secret): string => {
  const body = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".")
  return `${body}.${key === null ? "" : createHmac("sha256", key).update(body).digest("base64url")}`
}

const { publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2_048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
})

/** A token with its signature, and a payload that begins with something else. */
const tampered = (token: string, begin: string): string => {
  const [header = "", payload = "", signature = ""] = token.split(".")
  const text = Buffer.from(payload, "base64url").toString()
  return [header, Buffer.from(`${begin}${text.slice(1)}`).toString("base64url"), signature].join(".")
}

const partsOf = (token: string) => {
  const [header = "", payload = ""] = token.split(".").map((part) => Buffer.from(part, "base64url").toString())
  return { header: JSON.parse(header), payload: JSON.parse(payload) }
}

describe("Tokens", () => {
  it.effect("are taken as they were given out, until they expire", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_800_000_000_500)
      const { issue, verify } = yield* Tokens
      const { claims, token } = yield* issue(user)
      assert.deepStrictEqual(yield* verify(Redacted.value(token)), claims)
      assert.deepStrictEqual({ ...claims, jti: "" }, { ...user, jti: "", expiresAt: 1_800_003_600_000 })
      yield* TestClock.adjust("59 minutes")
      yield* verify(Redacted.value(token))
      yield* TestClock.adjust("2 minutes")
      assert.strictEqual((yield* Effect.flip(verify(Redacted.value(token))))._tag, "InvalidToken")
      assert.notStrictEqual((yield* issue(user)).claims.jti, claims.jti)
    }).pipe(Effect.provide(tokens())),
  )

  it.effect.prop(
    "are good at the same instants whether they were seen before or not",
    { offset: FastCheck.integer({ min: -20, max: 140 }), life: FastCheck.integer({ min: 1, max: 120 }) },
    ({ life, offset }) =>
      Effect.gen(function* () {
        const issuedAt = 1_800_000_000
        const { header } = partsOf(forge({ alg: "HS256", typ: "session+jwt" }, {}))
        const token = forge(header, {
          ...{ iss: "uptime", aud: "uptime-api", sub: user.userId, jti: "0190a5f4-0000-4000-8000-000000000009", tv: 1 },
          ...{ iat: issuedAt, exp: issuedAt + life },
        })
        const verdict = Effect.flatMap(Tokens, ({ verify }) => Effect.isSuccess(verify(token)))
        const seenBefore = yield* Effect.gen(function* () {
          yield* TestClock.setTime(issuedAt * 1000)
          assert.isTrue(yield* verdict)
          yield* TestClock.setTime((issuedAt + offset) * 1000)
          return yield* verdict
        }).pipe(Effect.provide(tokens("1 minute")))
        assert.strictEqual(seenBefore, yield* Effect.provide(verdict, tokens("1 minute")))
      }),
  )

  it.effect("end earlier when sessons are made shorter than they were", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_800_000_000_000)
      const { token } = yield* Effect.flatMap(Tokens, ({ issue }) => issue(user)).pipe(Effect.provide(tokens("7 days")))
      yield* TestClock.adjust("2 hours")
      const verify = Effect.flatMap(Tokens, (service) => service.verify(Redacted.value(token)))
      yield* Effect.provide(verify, tokens("7 days"))
      yield* Effect.flip(Effect.provide(verify, tokens("1 hour")))
    }),
  )

  it.effect("are refused when anything about them is not ours", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_800_000_000_000)
      const { issue, verify } = yield* Tokens
      const { header, payload } = partsOf(Redacted.value((yield* issue(user)).token))
      yield* verify(forge(header, payload))
      const refused: Record<string, string> = {
        "no signature": forge({ ...header, alg: "none" }, payload, null),
        "none, signed": forge({ ...header, alg: "None" }, payload),
        "none, in other letters": forge({ ...header, alg: "nOnE" }, payload, null),
        "a public key as its secret": forge(header, payload, publicKey),
        "an asymmetric algorithm": forge({ ...header, alg: "RS256" }, payload, publicKey),
        "a place of keys": forge({ ...header, jku: "http://127.0.0.1/keys" }, payload, "AA"),
        "a place of certificates": forge({ ...header, x5u: "http://127.0.0.1/key.pem" }, payload, "AA"),
        "a certificate of its own": forge({ ...header, x5c: ["AA"] }, payload, "AA"),
        "a key by its path": forge({ ...header, kid: "../../../../dev/null" }, payload, ""),
        "a key by a statement": forge({ ...header, kid: "' UNION SELECT 'AA" }, payload, "AA"),
        "an end in the far future": forge(header, { ...payload, iat: 1_700_000_000, exp: 32_503_680_000 }),
        "claims given twice": tampered(forge(header, payload), `{"sub":"${user.userId}",`),
        "another algorithm": forge({ ...header, alg: "HS512" }, payload),
        "another key": forge(header, payload, "another secret of thirty-two bytes"),
        "an empty key": forge(header, payload, ""),
        "another type": forge({ ...header, typ: "JWT" }, payload),
        "a key of its own": forge({ ...header, jwk: { kty: "oct", k: "AA" } }, payload, "AA"),
        "a critical extension": forge({ ...header, crit: ["exp"] }, payload),
        "another issuer": forge(header, { ...payload, iss: "elsewhere" }),
        "another audience": forge(header, { ...payload, aud: "elsewhere" }),
        "no audience": forge(header, { ...payload, aud: undefined }),
        "no end": forge(header, { ...payload, exp: undefined }),
        "an end that is no number": forge(header, { ...payload, exp: "never" }),
        "an end in the past": forge(header, { ...payload, exp: 1_799_999_000 }),
        "a beginning in the future": forge(header, { ...payload, iat: 1_800_100_000 }),
        "no id": forge(header, { ...payload, jti: undefined }),
        "an id that is none": forge(header, { ...payload, jti: "\u0000" }),
        "a subject that is none": forge(header, { ...payload, sub: "1 OR 1=1" }),
        "no version": forge(header, { ...payload, tv: undefined }),
        "a version that is none": forge(header, { ...payload, tv: "3" }),
        "a payload that is a list": forge(header, []),
        "a megabyte": forge(header, { ...payload, padding: "x".repeat(1_000_000) }),
        nothing: "",
        dots: "..",
        text: "garbage",
      }
      for (const [name, token] of Object.entries(refused)) {
        assert.strictEqual((yield* Effect.flip(verify(token)))._tag, "InvalidToken", name)
      }
    }).pipe(Effect.provide(tokens())),
  )

  it.effect.prop("never break over any text", { text: FastCheck.fullUnicodeString({ maxLength: 200 }) }, ({ text }) =>
    Effect.gen(function* () {
      const { verify } = yield* Tokens
      assert.strictEqual((yield* Effect.flip(verify(text)))._tag, "InvalidToken")
      assert.strictEqual((yield* Effect.flip(verify(`${text}.${text}.${text}`)))._tag, "InvalidToken")
    }).pipe(Effect.provide(tokens())),
  )

  it.effect("are not signed with a secret that anybody could guess", () =>
    Effect.gen(function* () {
      for (const weak of [
        "short",
        "changeme-changeme-changeme-changeme-12",
        "your-256-bit-secret-your-256-bit-secret",
        "abababababababababababababababababab",
      ]) {
        const error = yield* Effect.flip(Effect.provide(Tokens, tokens("1 hour", weak)))
        assert.strictEqual(error._tag, "WeakSecret")
        assert.notInclude(error.message, weak)
      }
    }),
  )
})
