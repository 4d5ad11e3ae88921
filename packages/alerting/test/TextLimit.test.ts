import { assert, describe, it } from "@effect/vitest"
import { bytes, cut, inPieces, jsonBytes, oneLine } from "@uptime/alerting/TextLimit"
import { FastCheck as fc } from "effect"
import { anyText } from "./Alerts.ts"

describe("a text of one line", () => {
  it.prop("has no controls, no turns of direction and no halves of characters", [anyText], ([text]) => {
    const line = oneLine(text)
    assert.notMatch(line, /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u)
    assert.isTrue(line.isWellFormed())
    assert.strictEqual(oneLine(line), line)
  })

  it("keeps what is said", () => {
    assert.strictEqual(oneLine(" api\r\n\tof\u0000the \u202eshop "), "api of the shop")
    assert.strictEqual(oneLine("müß 日本 😀"), "müß 日本 😀")
  })
})

describe("a cut text", () => {
  it("ends in an ellipsis, and never within a character", () => {
    assert.strictEqual(cut("abcdef", 6), "abcdef")
    assert.strictEqual(cut("abcdefg", 6), "abcde…")
    assert.strictEqual(cut("😀😀😀", 4), "😀…")
    assert.strictEqual(cut("abc", 0), "")
  })

  it.prop("is never longer than the limit, and begins as the text does", [anyText, fc.nat(400)], ([raw, max]) => {
    const text = raw.toWellFormed()
    const units = cut(text, max)
    assert.isAtMost(units.length, max)
    assert.isTrue(units.isWellFormed())
    assert.isTrue(units === text || text.startsWith(units.slice(0, -1)))
  })
})

describe("a text in pieces", () => {
  it("is parted at the ends of lines, and else between characters", () => {
    assert.deepStrictEqual(inPieces("abc", 3), ["abc"])
    assert.deepStrictEqual(inPieces("ab\ncd\nefgh", 5), ["ab\ncd", "efgh"])
    assert.deepStrictEqual(inPieces("abcdef", 4), ["abcd", "ef"])
    assert.deepStrictEqual(inPieces("a😀😀", 2), ["a", "😀", "😀"])
  })

  it.prop("is whole, and no piece is too long", [anyText, fc.integer({ min: 2, max: 400 })], ([raw, max]) => {
    const text = raw.toWellFormed()
    const pieces = inPieces(text, max)
    assert.strictEqual(pieces.join("").replaceAll("\n", ""), text.replaceAll("\n", ""))
    for (const piece of pieces) {
      assert.isAtMost(piece.length, max)
      assert.isTrue(piece.isWellFormed())
    }
  })
})

describe("the size of a text", () => {
  it("in bytes is that of UTF-8, and in JSON that of what is escaped too", () => {
    assert.deepStrictEqual(["a", "ß", "障", "😀", '"'].map(bytes), [1, 2, 3, 4, 1])
    assert.deepStrictEqual(["a", "障", '"', "\\", "\n", "\u0007"].map(jsonBytes), [1, 3, 2, 2, 2, 6])
  })
})
