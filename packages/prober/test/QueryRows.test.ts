import { assert, describe, it } from "@effect/vitest"
import { documentOf, numberOf, QueryRows } from "@uptime/prober/QueryRows"
import { FastCheck as fc } from "effect"

describe("the first rows of a query", () => {
  it.prop(
    "always are JSON within bounds",
    [fc.array(fc.tuple(fc.string(), fc.string({ maxLength: 3_000 })))],
    ([values]) => {
      const rows = new QueryRows()
      for (const [name, value] of values) {
        rows.add([
          [name, value],
          ["n", 1],
        ])
      }
      const json = rows.toJson()
      assert.isAtMost(json.length, 65_536)
      const read: unknown = JSON.parse(json)
      assert.isTrue(Array.isArray(read) && read.length <= 100)
    },
  )

  it("are full at 100 rows, or when the next one would not fit", () => {
    const many = new QueryRows()
    for (let i = 0; i < 99; i++) many.add([["i", i]])
    assert.isFalse(many.isFull)
    for (let i = 99; i < 200; i++) many.add([["i", i]])
    assert.isTrue(many.isFull)
    assert.lengthOf(JSON.parse(many.toJson()), 100)
    const long = new QueryRows()
    long.add([["text", "x".repeat(65_000)]])
    long.add([["text", "y".repeat(1_000)]])
    long.add([["text", "z"]])
    assert.isTrue(long.isFull)
    assert.isFalse(long.isTooLong)
    assert.lengthOf(JSON.parse(long.toJson()), 1)
    const tooLong = new QueryRows()
    tooLong.add([["text", "x".repeat(70_000)]])
    assert.isTrue(tooLong.isTooLong)
    assert.strictEqual(tooLong.toJson(), "[]")
  })
})

describe("a number of a database", () => {
  it.prop("is a number where none of its digits is lost", [fc.maxSafeInteger()], ([number]) => {
    assert.strictEqual(numberOf(String(number)), number)
  })

  it.prop("is never another number than it was", [fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n })], ([number]) => {
    assert.strictEqual(String(numberOf(String(number))), String(number))
  })

  it("stays text where it is none", () => {
    for (const text of ["", " ", "NaN", "Infinity", "0x10", "1e999", "1.2.3", "--1", "9007199254740990.5"]) {
      assert.strictEqual(numberOf(text), text)
    }
    assert.strictEqual(numberOf("-1.50"), -1.5)
    assert.strictEqual(numberOf("1e+300"), 1e300)
  })
})

describe("a document of a database", () => {
  it("is what it says, or text where that is nothing", () => {
    assert.deepStrictEqual(documentOf('{"a":[1,null]}'), { a: [1, null] })
    assert.strictEqual(documentOf("{"), "{")
    const deep = "[".repeat(30_000) + "]".repeat(30_000)
    assert.strictEqual(typeof documentOf(deep), "string")
  })
})
