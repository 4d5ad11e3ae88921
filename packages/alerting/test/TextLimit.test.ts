import { assert, describe, it } from "@effect/vitest"
import { cut, cutBytes, oneLine } from "@uptime/alerting/TextLimit"
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
    assert.strictEqual(cutBytes("äöü", 6), "äöü")
    assert.strictEqual(cutBytes("äöüß", 7), "äö…")
    assert.strictEqual(cutBytes("abc", 2), "")
  })

  it.prop("is never longer than the limit, and begins as the text does", [anyText, fc.nat(400)], ([raw, max]) => {
    const text = raw.toWellFormed()
    const units = cut(text, max)
    assert.isAtMost(units.length, max)
    assert.isTrue(units.isWellFormed())
    assert.isTrue(units === text || text.startsWith(units.slice(0, -1)))
    const bytes = cutBytes(text, max)
    assert.isAtMost(new TextEncoder().encode(bytes).length, max)
    assert.isTrue(bytes.isWellFormed())
    assert.isTrue(bytes === text || text.startsWith(bytes.slice(0, -1)))
  })
})
