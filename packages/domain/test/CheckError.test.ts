import { assert, describe, it } from "@effect/vitest"
import { maxErrorMessageLength, storableText } from "@uptime/domain/CheckError"
import { FastCheck as fc } from "effect"

/** Text with everything in it that a database refuses, more often than chance has it. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 5 }),
      fc.constantFrom("\u0000", "\ud800", "\udfff", "\u{1f600}", "a"),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(""))

describe("storableText", () => {
  it.prop("holds no NUL and no lone surrogate, and is as short as asked", [hostileText, fc.nat(60)], ([text, max]) => {
    const stored = storableText(text, max)
    assert.isFalse(stored.includes("\u0000"))
    assert.isTrue(stored.isWellFormed())
    assert.isAtMost(stored.length, max)
  })

  it.prop("changes nothing the second time", [hostileText, fc.nat(60)], ([text, max]) => {
    const stored = storableText(text, max)
    assert.strictEqual(storableText(stored, max), stored)
  })

  it.prop("leaves text alone that can be stored", [fc.string({ unit: "grapheme", maxLength: 40 })], ([text]) => {
    const expected = text.replaceAll("\u0000", "")
    assert.strictEqual(storableText(text), expected)
  })

  it("keeps 500 code units when nothing else is said, and no half of a pair at the cut", () => {
    assert.lengthOf(storableText("x".repeat(10_000)), maxErrorMessageLength)
    assert.strictEqual(storableText("ab\u{1f600}", 3), "ab\ufffd")
    assert.strictEqual(storableText("a\u0000b\ud800c"), "ab\ufffdc")
  })
})
