import { assert, describe, it } from "@effect/vitest"
import { falseIncidents, missedDowntimes, noFalseAlarm, noMissedAlarm } from "@uptime/testing/faults/Alarms"

const down = (monitorId: string, from: number, to: number) => ({ monitorId, from, to })
const incident = (monitorId: string, startedAt: number) => ({ monitorId, startedAt, openedAt: startedAt + 10 })

describe("I10 no false alarm", () => {
  it("names incidents of monitors that were up then", () => {
    const found = falseIncidents([down("a", 100, 200)], [incident("a", 150), incident("a", 250), incident("b", 150)])
    assert.deepStrictEqual(
      found.map(({ monitorId, startedAt }) => [monitorId, startedAt]),
      [
        ["a", 250],
        ["b", 150],
      ],
    )
    assert.strictEqual(
      noFalseAlarm(found)[0]?.what,
      "2 incidents of what was up: a at 1970-01-01T00:00:00.250Z, b at 1970-01-01T00:00:00.150Z",
    )
  })
})

describe("I11 no missed alarm", () => {
  it("names downtimes long enough to be noticed that no incident tells of", () => {
    const found = missedDowntimes(
      [down("a", 100, 200), down("b", 100, 110), down("c", 100, Number.POSITIVE_INFINITY)],
      [incident("a", 120)],
      50,
    )
    assert.deepStrictEqual(
      found.map(({ monitorId }) => monitorId),
      ["c"],
    )
    assert.strictEqual(
      noMissedAlarm(found)[0]?.what,
      "1 targets that were down and no incident: c at 1970-01-01T00:00:00.100Z",
    )
  })
})
