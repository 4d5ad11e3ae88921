import { assert, describe, it } from "@effect/vitest"
import { SecretBox } from "@uptime/runtime/SecretBox"
import { Effect, Either, FastCheck as fc, Option, Redacted } from "effect"

const boxOf = (key: string | null) =>
  Effect.provide(SecretBox, SecretBox.layer(Option.map(Option.fromNullable(key), (text) => Redacted.make(text))))

describe("SecretBox", () => {
  it.effect.prop("gives back what it sealed, and shows nothing of it", { text: fc.fullUnicodeString() }, ({ text }) =>
    Effect.gen(function* () {
      const box = yield* boxOf("the key of this installation, long enough")
      const sealed = yield* box.seal(text)
      assert.strictEqual(Either.getOrThrow(box.unseal(sealed)), text)
      if (text.length > 4) assert.notInclude(sealed.sealed, text)
    }),
  )

  it.effect("seals the same text differently each time", () =>
    Effect.gen(function* () {
      const box = yield* boxOf("the key of this installation, long enough")
      assert.notDeepEqual(yield* box.seal("hunter2"), yield* box.seal("hunter2"))
    }),
  )

  it.effect("reads nothing that another key sealed, or that was changed", () =>
    Effect.gen(function* () {
      const box = yield* boxOf("the key of this installation, long enough")
      const other = yield* boxOf("the key of another installation, as long")
      const { sealed } = yield* box.seal("hunter2")
      const changed = [
        sealed.replace("v1", "v2"),
        `${sealed.slice(0, -2)}AA`,
        sealed.slice(0, -1),
        "v1:",
        "",
        `${sealed.slice(0, 4)}${sealed[4] === "A" ? "B" : "A"}${sealed.slice(5)}`,
      ]
      for (const text of changed) assert.isTrue(Either.isLeft(box.unseal({ sealed: text })), text)
      assert.strictEqual(Either.getOrThrow(Either.flip(other.unseal({ sealed }))).reason, "wrongKey")
    }),
  )

  it.effect("says so where there is no key", () =>
    Effect.gen(function* () {
      const box = yield* boxOf(null)
      assert.match((yield* Effect.flip(box.seal("hunter2"))).message, /ENCRYPTION_KEY/)
      assert.isTrue(Either.isLeft(box.unseal({ sealed: "v1:AAAA" })))
    }),
  )
})
