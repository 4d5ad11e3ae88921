import { assert, describe, it } from "@effect/vitest"
import { parseRecurrence } from "@uptime/incidents/Recurrence"
import { Either, FastCheck } from "effect"
import { ruleText } from "../../src/maintenance/planText.ts"
import { frequencies, partsOf, type RuleParts, ruleOf, weekdays } from "../../src/maintenance/rule.ts"

const monthDay: FastCheck.Arbitrary<RuleParts["monthDay"]> = FastCheck.oneof(
  FastCheck.constant({ by: "start" as const }),
  FastCheck.constant({ by: "last" as const }),
  FastCheck.record({
    by: FastCheck.constant("weekday" as const),
    nth: FastCheck.constantFrom(...([1, 2, 3, 4, -1] as const)),
    weekday: FastCheck.constantFrom(...weekdays),
  }),
)

const end: FastCheck.Arbitrary<RuleParts["end"]> = FastCheck.oneof(
  FastCheck.constant({ kind: "never" as const }),
  FastCheck.record({ kind: FastCheck.constant("count" as const), count: FastCheck.integer({ min: 1, max: 1000 }) }),
  FastCheck.record({
    kind: FastCheck.constant("until" as const),
    date: FastCheck.integer({ min: 0, max: 40_000 }).map((day) =>
      new Date(day * 86_400_000).toISOString().slice(0, 10),
    ),
  }),
)

/** What the builder can be made to show; what a frequency has no place for is as it is at first. */
const anyParts: FastCheck.Arbitrary<RuleParts> = FastCheck.record({
  frequency: FastCheck.constantFrom(...frequencies),
  interval: FastCheck.integer({ min: 1, max: 1000 }),
  days: FastCheck.subarray([...weekdays]),
  monthDay,
  end,
}).map((parts) => ({
  ...parts,
  days: parts.frequency === "WEEKLY" ? parts.days : [],
  monthDay: parts.frequency === "MONTHLY" ? parts.monthDay : { by: "start" },
}))

describe("the builder of rules", () => {
  it.prop("makes rules that the api takes, and reads them back as they were", [anyParts], ([parts]) => {
    const rule = ruleOf(parts)
    assert.isTrue(Either.isRight(parseRecurrence(rule)), rule)
    assert.deepStrictEqual(partsOf(rule), parts)
    assert.isString(ruleText(rule))
  })

  it("leaves rules alone that say more than it can show", () => {
    for (const rule of [
      "FREQ=DAILY;BYHOUR=1,2",
      "FREQ=MONTHLY;BYDAY=MO,TU",
      "FREQ=MONTHLY;BYMONTHDAY=15",
      "FREQ=MONTHLY;BYDAY=1SU;BYMONTHDAY=1,2,3",
      "FREQ=WEEKLY;BYDAY=SU;WKST=SU",
      "FREQ=DAILY;UNTIL=20261231T120000Z",
      "FREQ=YEARLY;BYMONTH=3",
      "nonsense",
      "",
    ]) {
      assert.isNull(partsOf(rule), rule)
    }
  })

  it("are said in words", () => {
    assert.strictEqual(ruleText("FREQ=WEEKLY;BYDAY=SU"), "every week on Sunday")
    assert.strictEqual(ruleText("RRULE:FREQ=DAILY;INTERVAL=2;COUNT=5"), "every 2 days, 5 times")
    assert.strictEqual(
      ruleText("FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20261231"),
      "every month on the last Friday, until Dec 31, 2026",
    )
  })
})
