import { assert, describe, it } from "@effect/vitest"
import { parse } from "@uptime/conditions/ConditionParser"
import { CheckKind } from "@uptime/domain/CheckKind"
import { Either, FastCheck as fc } from "effect"
import { completionsAt } from "../../src/monitors/form/conditions/completions.ts"
import { conditionProblem } from "../../src/monitors/form/conditions/conditionProblem.ts"
import { exampleConditions } from "../../src/monitors/form/conditions/placeholderHelp.ts"

const labels = (text: string, kind: CheckKind = "http") =>
  completionsAt(text, text.length, kind).map(({ label }) => label)

/** The text once the one that is called so was chosen. */
const chosen = (text: string, label: string, kind: CheckKind = "http") => {
  const found = completionsAt(text, text.length, kind).find((each) => each.label === label)
  assert.isDefined(found, `${label} is not offered after "${text}"`)
  return found === undefined ? "" : text.slice(0, found.from) + found.insert
}

describe("what may stand in a condition", () => {
  it("is first what the kind of check has a word for", () => {
    assert.include(labels(""), "[STATUS]")
    assert.notInclude(labels(""), "[PACKET_LOSS]")
    assert.include(labels("", "ping"), "[PACKET_LOSS]")
    assert.include(labels("pac"), "[PACKET_LOSS]")
    assert.deepStrictEqual(labels("[resp"), ["[RESPONSE_TIME]"])
  })

  it("leads from nothing to a condition", () => {
    let text = chosen("", "[STATUS]")
    text = chosen(text, "==")
    text = chosen(text, "200")
    assert.strictEqual(text, "[STATUS] == 200")
    assert.isNull(conditionProblem(text))
  })

  it("goes on behind a point, and inside of functions", () => {
    assert.deepStrictEqual(labels("[PHASES].f"), ["firstByte"])
    assert.include(labels("[HEADERS].c"), "content-type")
    assert.include(labels("len("), "[BODY]")
    assert.include(labels("len([BODY].items) "), ">=")
    assert.deepStrictEqual(labels("has([BODY].error) == "), ["true", "false"])
  })

  it("completes operators of two words", () => {
    assert.include(labels("[BODY] not "), "not contains")
    assert.strictEqual(chosen("[BODY] not c", "not contains"), "[BODY] not contains ")
  })

  it("is nothing where anything may stand", () => {
    assert.deepStrictEqual(labels("[BODY] matches "), [])
    assert.deepStrictEqual(labels("[STATUS] == 200"), [])
    assert.deepStrictEqual(labels("[BODY].some.path"), [])
  })

  it("never touches what stands before the word at the caret", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 40 }),
        fc.nat(40),
        fc.constantFrom(...CheckKind.literals),
        (text, at, kind) => {
          const caret = Math.min(at, text.length)
          for (const { from } of completionsAt(text, caret, kind)) {
            assert.isAtLeast(from, 0)
            assert.isAtMost(from, caret)
            assert.notMatch(text.slice(from, caret), /\s{2}|^\s/)
          }
        },
      ),
    )
  })

  it("makes a condition of every placeholder that is offered, and what it is held against", () => {
    for (const kind of CheckKind.literals) {
      for (const first of completionsAt("", 0, kind).filter(({ label }) => label.endsWith("]"))) {
        const left = `${first.insert}== `
        const values = completionsAt(left, left.length, kind).filter(({ label }) => !label.endsWith("…)"))
        for (const { from, insert } of values) {
          const text = left.slice(0, from) + insert
          assert.isTrue(Either.isRight(parse(text)), text)
        }
      }
      for (const example of exampleConditions(kind)) assert.isNull(conditionProblem(example), example)
    }
  })
})

describe("what is wrong with a condition", () => {
  it("names the character that it stands under", () => {
    assert.isNull(conditionProblem("  "))
    assert.isNull(conditionProblem("[STATUS] == 200"))
    const problem = conditionProblem("[STATUS] = 200")
    assert.strictEqual(problem?.position, 9)
    assert.match(problem?.message ?? "", /^at character 10: expected one of/)
  })
})
