import { assert, describe, it } from "@effect/vitest"
import { mapSecrets } from "@uptime/domain/CheckSecrets"
import { kindOptions } from "@uptime/domain/CheckSpec"
import { isKeptSecret, isPlainSecret, SealedSecret, type Secret, SecretText } from "@uptime/domain/Secret"
import { secretMask } from "@uptime/domain/SecretMask"
import { Arbitrary, Either, FastCheck as fc, Schema } from "effect"

const Text = SecretText()
const decode = Schema.decodeUnknownEither(Text)
const encode = Schema.encodeSync(Text)

/** Options of every kind, some of which hold secrets. */
const options = Arbitrary.make(Schema.Struct(kindOptions(SealedSecret)))

describe("a secret", () => {
  it.prop("goes in as it was given", [fc.string({ unit: "binary", minLength: 1 })], ([text]) => {
    if (text === secretMask) return
    const secret = Either.getOrThrow(decode(text))
    assert.deepStrictEqual(secret, { plain: text })
    assert.isTrue(isPlainSecret(secret))
  })

  it("comes out as its mask, in whatever form it is", () => {
    const forms: ReadonlyArray<Secret> = [{ plain: "hunter2" }, { sealed: "v1:hunter2" }, { kept: true }]
    for (const secret of forms) assert.strictEqual(encode(secret), secretMask)
  })

  it("stays what it is when its mask is sent back", () => {
    const secret = Either.getOrThrow(decode(encode({ sealed: "v1:AAAA" })))
    assert.isTrue(isKeptSecret(secret))
    assert.isFalse(isPlainSecret(secret))
  })

  it("has a length within its bounds", () => {
    assert.isTrue(Either.isLeft(decode("")))
    assert.isTrue(Either.isRight(decode("x".repeat(4_096))))
    assert.isTrue(Either.isLeft(decode("x".repeat(4_097))))
    assert.isTrue(Either.isLeft(decode({ plain: "x" })))
  })
})

describe("the secrets of a check", () => {
  it.prop("are each replaced, and nothing else is", [options], ([given]) => {
    const keys: Array<string> = []
    const masked = mapSecrets(given, (_, { key }) => {
      keys.push(key)
      return secretMask
    })
    assert.strictEqual(new Set(keys).size, keys.length)
    assert.strictEqual(
      JSON.stringify(sorted(masked)),
      JSON.stringify(sorted(given)).replaceAll(/\{"sealed":"(?:[^"\\]|\\.)*"\}/g, JSON.stringify(secretMask)),
    )
    assert.isFalse(holdsSealed(masked))
  })

  it.prop("are found by the path that is told", [options], ([given]) => {
    mapSecrets(given, (secret, { path }) => {
      let found: unknown = given
      for (const part of path) found = Object.getOwnPropertyDescriptor(found, part)?.value
      assert.deepStrictEqual(found, secret)
      return secret
    })
  })

  it("in headers are told apart by name, in any order and any case", () => {
    const keys = (...names: ReadonlyArray<string>) => {
      const found: Array<string> = []
      const secretHeaders = names.map((name) => ({ name, value: name }))
      mapSecrets({ http: { secretHeaders }, websocket: { secretHeaders } }, (value, { key }) =>
        found.push(`${value}: ${key}`),
      )
      return found
    }
    assert.deepStrictEqual(keys("X-A", "b", "x-a"), [
      "X-A: http.secretHeaders.x-a",
      "b: http.secretHeaders.b",
      "x-a: http.secretHeaders.x-a 2",
      "X-A: websocket.secretHeaders.x-a",
      "b: websocket.secretHeaders.b",
      "x-a: websocket.secretHeaders.x-a 2",
    ])
  })
})

/** A value with the fields of all objects in one order. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => [name, sorted(field)]),
  )
}

const holdsSealed = (value: unknown): boolean =>
  typeof value === "object" && value !== null && ("sealed" in value || Object.values(value).some(holdsSealed))
