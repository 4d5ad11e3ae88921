import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Condition, Conditions } from "@uptime/conditions/Condition"
import { parse } from "@uptime/conditions/ConditionParser"
import { StoredCondition } from "@uptime/domain/Condition"
import { Arbitrary, Either, FastCheck as fc, JSONSchema, Schema } from "effect"

const decode = Schema.decodeUnknownEither(Condition)
const decodeAll = Schema.decodeUnknownEither(Conditions)
const refusal = (input: unknown): string => String(Either.getOrThrow(Either.flip(decode(input))))

describe("a condition in the API", () => {
  it("means Down unless it says otherwise, and stays as it was written", () => {
    assert.deepStrictEqual(Either.getOrThrow(decode({ condition: " [status] == 200 " })), {
      condition: " [status] == 200 ",
      severity: "Down",
    })
    const degraded = { condition: "[RESPONSE_TIME] < 300", severity: "Degraded" }
    assert.deepStrictEqual(Either.getOrThrow(decode(degraded)), degraded)
  })

  it("is refused with the place and the reason", () => {
    assert.include(refusal({ condition: "[STATUS] = 200" }), "at character 10: expected one of == != < <= > >=")
    assert.include(refusal({ condition: `[BODY] == ${"a".repeat(491)}` }), "at most 500 characters")
    assert.include(refusal({ condition: "[STATUS] == 200", severity: "Bad" }), '"Down"')
  })

  it("comes at most twenty at a time", () => {
    const conditions = (count: number) => Array.from({ length: count }, () => ({ condition: "[STATUS] == 200" }))
    assert.isTrue(Either.isRight(decodeAll(conditions(20))))
    assert.isTrue(Either.isLeft(decodeAll(conditions(21))))
  })

  it("can be stored and travel with a job as it is, and be made up for a test", () => {
    fc.assert(
      fc.property(Arbitrary.make(Conditions), (conditions) => {
        for (const condition of conditions) {
          assert.deepStrictEqual(Schema.decodeUnknownSync(StoredCondition)(condition), condition)
          assert.isTrue(Either.isRight(parse(condition.condition)))
        }
      }),
    )
  })

  it("stands in the documentation as it is read", () => {
    const page = readFileSync(new URL("../../../docs/conditions.md", import.meta.url), "utf8")
    const examples = [...page.matchAll(/\| `([^`]+ (?:[=!<>]+|contains|matches) [^`]+)` \|$/gm)].map(
      ([, text = ""]) => text,
    )
    assert.isAtLeast(examples.length, 18)
    for (const example of examples) assert.isTrue(Either.isRight(parse(example)), example)
  })

  it("is described for readers of the API", () => {
    const schema = JSON.stringify(JSONSchema.make(Conditions))
    assert.include(schema, '"maxItems":20')
    assert.include(schema, '"maxLength":500')
  })
})
