import { isDeepStrictEqual } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { parse } from "@uptime/conditions/ConditionParser"
import { Either, FastCheck as fc } from "effect"
import { anyCondition } from "./ConditionArbitrary.ts"
import { conditionTexts } from "./ConditionTexts.ts"
import { print } from "./Evaluation.ts"

describe("the text of a condition", () => {
  it("is read, or refused at a character of it, whatever it is; what is read stays the same", () => {
    let read = 0
    let refused = 0
    const look = (text: string) => {
      const result = parse(text)
      if (Either.isLeft(result)) {
        refused++
        const { message, position } = result.left
        const isPlaced =
          position >= 0 && position <= text.length && message.startsWith(`at character ${position + 1}: `)
        if (!isPlaced) assert.fail(`${JSON.stringify(text)}: ${position} ${message}`)
        return
      }
      read++
      const printed = print(result.right)
      const again = Either.getOrThrow(parse(printed))
      const isSame = isDeepStrictEqual(again, result.right) && print(again) === printed
      if (!isSame) assert.fail(`${JSON.stringify(text)} became ${JSON.stringify(printed)}`)
    }
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const texts = conditionTexts(seed)
        for (let i = 0; i < 1_000; i++) look(texts.next().value)
      }),
      { numRuns: 100 },
    )
    assert.strictEqual(read + refused, 100_000)
    assert.isAbove(read, 18_000)
    assert.isAbove(refused, 40_000)
  }, 60_000)

  it.each(["\\u0080", "a\\u0085b", "\\u009f"])("writes a name that cannot be seen by its escapes: %s", (name) => {
    const condition = Either.getOrThrow(parse(`[BODY]..['${name}'] == 1`))
    const printed = print(condition)
    assert.match(printed, /^[\x20-\x7e]+$/)
    assert.deepStrictEqual(Either.getOrThrow(parse(printed)), condition)
  })

  it("gives back every condition there is", () => {
    let compared = 0
    fc.assert(
      fc.property(anyCondition, (condition) => {
        const printed = print(condition)
        assert.isFalse(!printed.isWellFormed() || /[^\P{Cc}\t]/u.test(printed), printed)
        if (printed.length > 500) return
        compared++
        assert.isTrue(isDeepStrictEqual(Either.getOrThrow(parse(printed)), condition), printed)
      }),
      { numRuns: 5_000 },
    )
    assert.isAbove(compared, 4_700)
  })
})
