import { assert, describe, it } from "@effect/vitest"
import { conditionsSeen, conditionsUnseen } from "@uptime/conditions/ConditionsSeen"
import { judge, readConditions } from "@uptime/conditions/Judge"
import type { StoredCondition } from "@uptime/domain/Condition"
import { Either, FastCheck as fc } from "effect"
import { seeing } from "./ObservationFixture.ts"

const conditions: ReadonlyArray<StoredCondition> = [
  { condition: "[STATUS] == 200", severity: "Down" },
  { condition: "[RESPONSE_TIME] < 300", severity: "Degraded" },
  { condition: "[BODY].name == ok", severity: "Down" },
]
const read = Either.getOrThrow(readConditions(conditions))

describe("conditions that were looked at", () => {
  it("are all shown, with what was seen, those that hold too", () => {
    const seen = conditionsSeen(read, seeing({ status: 200, responseTimeMs: 312.5, body: '{"name":"ok"}' }))
    assert.deepStrictEqual(seen, [
      { condition: "[STATUS] == 200", severity: "Down", holds: true, seen: "200" },
      { condition: "[RESPONSE_TIME] < 300", severity: "Degraded", holds: false, seen: "312.5ms" },
      { condition: "[BODY].name == ok", severity: "Down", holds: true, seen: "ok" },
    ])
  })

  it("fail exactly where the check is judged by them, in the same words", () => {
    const observation = fc.record({
      status: fc.constantFrom(null, 200, 503),
      responseTimeMs: fc.constantFrom(null, 12, 300),
      body: fc.constantFrom(null, "", "{}", '{"name":"ok"}', "no JSON"),
    })
    fc.assert(
      fc.property(observation, (values) => {
        const failed = conditionsSeen(read, seeing(values)).flatMap(({ condition, holds, seen, severity }) =>
          holds === false ? [{ condition, severity, seen }] : [],
        )
        assert.deepStrictEqual<unknown>(failed, judge(read, seeing(values)).failed)
      }),
    )
  })

  it("are told apart from those that were not", () => {
    assert.deepStrictEqual(conditionsUnseen(conditions.slice(0, 1)), [
      { condition: "[STATUS] == 200", severity: "Down", holds: null, seen: null },
    ])
  })
})
